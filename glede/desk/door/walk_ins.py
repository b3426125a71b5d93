"""Somebody comes without an appointment: who it is, whom they wait for, and they are here."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from glede.desk.access import DeskRequest, page
from glede.desk.diary import forms
from glede.desk.diary.times import read_uuid
from glede.diary.errors import Refused
from glede.diary.operations import receive_walk_in
from glede.diary.queries import visits_of
from glede.kernel.clock import day_of
from glede.kernel.ids import new_id
from glede.kernel.words import time_words
from glede.ledger.operations import act
from glede.people import queries as people
from glede.people.operations import add_patient
from glede.staff.queries import practitioners
from glede.ui import undo

FOUND = 8
EXPECTED = frozenset({"booked", "confirmed", "arrived", "with"})


@page("walk_in", methods=["GET", "POST"])
def walk_in(request: DeskRequest) -> HttpResponse:
    """Ask who has come; with somebody chosen, ask for whom they wait; a press, and they are here."""
    if request.method == "POST":
        patient_id = read_uuid(request.POST.get("person"))
        if patient_id is None or patient_id not in people.names(request.practice.pk, [patient_id]):
            raise Http404
        return _receive(request, patient_id)
    words = request.GET.get("q", "").strip()
    found = people.search(request.practice.pk, words, limit=FOUND) if words else []
    chosen = read_uuid(request.GET.get("person")) or (found[0].patient_id if len(found) == 1 else None)
    if chosen is not None:
        return _whom_for(request, chosen)
    return _who(request, words, found)


def _who(request: DeskRequest, words: str, found: list[Any], form: forms.Stranger | None = None) -> HttpResponse:
    request.look_at(*(person.patient_id for person in found))
    context = {
        "page": "today",
        "words": words,
        "found": found,
        "form": form or forms.stranger(request.practice.country, "" if found else words),
    }
    return render(request, "desk/door/who.html", context, status=422 if form else 200)


def _whom_for(request: DeskRequest, patient_id: UUID) -> HttpResponse:
    person = people.names(request.practice.pk, [patient_id]).get(patient_id)
    if person is None:
        raise Http404
    request.look_at(patient_id)
    context = {
        "page": "today",
        "person": person,
        "chairs": practitioners(request.practice.pk),
        "today": _todays(request, patient_id),
        "command": new_id(),
    }
    return render(request, "desk/door/walk_in.html", context)


def _todays(request: DeskRequest, patient_id: UUID) -> str:
    """Return the hour of a visit they have today after all, or "" where they have none."""
    today = day_of(request.now, request.practice.zone)
    standing = [v for v in visits_of(request.practice.pk, patient_id) if v.day == today and str(v.state) in EXPECTED]
    hours = sorted(v.wall_time for v in standing if v.wall_time)
    return time_words(hours[0], "en", "staff") if hours else ""


@page("walk_in_stranger", methods=["POST"])
def stranger(request: DeskRequest) -> HttpResponse:
    """Make somebody nobody here has met a person who is here."""
    form = forms.Stranger(request.POST, country=request.practice.country)
    if not form.is_valid():
        return _who(request, "", [], form)
    with act(request.practice.pk, by=request.by, now=request.now):
        added = add_patient(practice_id=request.practice.pk, person=form.person(), by=request.by, now=request.now)
        return _receive(request, added.pk)


def _receive(request: DeskRequest, patient_id: UUID) -> HttpResponse:
    try:
        visit = receive_walk_in(
            practice_id=request.practice.pk, patient_id=patient_id, by=request.by, now=request.now,
            practitioner_id=read_uuid(request.POST.get("with")), command_id=read_uuid(request.POST.get("command")),
        )  # fmt: skip
    except Refused:
        raise Http404 from None
    person = people.names(request.practice.pk, [visit.patient_id])[visit.patient_id]
    words = gettext("%(name)s is here.") % {"name": person.name}
    undo.offer(request, words, reverse("desk:visit_strike_out", args=[visit.pk]))
    return redirect("desk:today")
