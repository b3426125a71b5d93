"""The page of a call."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from glede.desk import matters
from glede.desk.access import DeskRequest, page
from glede.desk.calls import times
from glede.desk.calls.keeping import Rang, keep_call, keep_missed
from glede.desk.diary import forms
from glede.desk.diary.times import read_uuid
from glede.kernel.contact import phone_e164, phone_words
from glede.kernel.ids import new_id
from glede.ledger.operations import act
from glede.people import queries as people
from glede.people.operations import add_patient
from glede.people.values import PersonForm
from glede.practices.queries import opening_hours
from glede.staff.queries import colleagues

FOUND = 8
LINE = 500  # characters


@page("call", methods=["GET", "POST"])
def call(request: DeskRequest) -> HttpResponse:
    """Ask who rings, and take one line about it; a press keeps it, or promises to ring back."""
    if request.method == "POST":
        return _keep(request)
    words = request.GET.get("q", "").strip()
    patient_id = read_uuid(request.GET.get("person"))
    found = people.search(request.practice.pk, words, limit=FOUND) if words and patient_id is None else []
    if len(found) == 1:
        patient_id = found[0].patient_id
    if patient_id is not None:
        person = people.names(request.practice.pk, [patient_id]).get(patient_id)
        if person is None:
            raise Http404
        request.look_at(patient_id)
        return _page(request, person=person)
    request.look_at(*(one.patient_id for one in found))
    return _page(request, words=words, found=found)


def _page(
    request: DeskRequest, *, person: Any = None, words: str = "", found: list[Any] | None = None, problem: str = ""
) -> HttpResponse:
    named = forms.named(words)
    given = {
        "name": " ".join(filter(None, (named.get("given_name"), named.get("family_name")))),
        "phone": named.get("phone", ""),
    }
    if request.method == "POST":
        given = {"name": request.POST.get("name", ""), "phone": request.POST.get("phone", "")}
    context = {
        "page": "today",
        "person": person,
        "matters": matters.shown(request, person.patient_id) if person else None,
        "searched": words,
        "found": found or [],
        "given": given,
        "line": request.POST.get("line", ""),
        "hour": request.POST.get("hour", ""),
        "problem": problem,
        "times": times.offered(request.practice, request.now),
        "me": request.membership.pk,
        "colleagues": colleagues(request.practice.pk),
        "command": new_id(),
    }
    return render(request, "desk/calls/page.html", context, status=422 if problem else 200)


def _keep(request: DeskRequest) -> HttpResponse:
    line, patient_id = request.POST.get("line", "").strip()[:LINE], read_uuid(request.POST.get("person"))
    person = people.names(request.practice.pk, [patient_id]).get(patient_id) if patient_id else None
    if patient_id is not None and person is None:
        raise Http404
    number = phone_e164(request.POST.get("phone", ""), request.practice.country)
    name = request.POST.get("name", "").strip()[:200]
    problem = _problem(person, name, number, line, request)
    if problem:
        return _page(request, person=person, problem=problem)
    if person is None and not name and number:
        known = people.search(request.practice.pk, number, limit=2)
        if len(known) == 1:
            return _keep_call(request, known[0].patient_id, name, number, line or gettext("Rang."))
        return _keep_missed(request, number, line)
    return _keep_call(request, patient_id, name, number, line or gettext("Rang."))


def _problem(person: Any, name: str, number: str | None, line: str, request: DeskRequest) -> str:
    if person is None and request.POST.get("phone", "").strip() and number is None:
        return gettext("Write a phone number, like 912 34 567 (spaces are fine)")
    if person is None and number is None:
        return gettext("Write the number they can be rung on.")
    if request.POST.get("hour", "").strip() and _back_by(request) is None:
        return gettext("Write an hour, like 5, 14 or 14.30.")
    if not line and _back_by(request) is None:
        return gettext("Write in one line what was said.")
    return ""


def _back_by(request: DeskRequest) -> datetime | None:
    """Return by when we ring back: the hour that was pressed or written; None where all was said."""
    pressed = times.read(request.POST.get("by"), request.now)
    return pressed or times.hour_in(request.POST.get("hour", ""), request.now, opening_hours(request.practice))


def _keep_call(request: DeskRequest, patient_id: UUID | None, name: str, number: str | None, line: str) -> HttpResponse:
    back_by = _back_by(request)
    rang = Rang(line, back_by, read_uuid(request.POST.get("owner")))
    given: dict[str, Any] = {"practice_id": request.practice.pk, "by": request.by, "now": request.now}
    with act(**given):
        if patient_id is None:
            patient_id = add_patient(person=_stranger(name, number or ""), **given).pk
        keep_call(patient_id=patient_id, rang=rang, command_id=read_uuid(request.POST.get("command")), **given)
    if back_by is None:
        messages.success(request, gettext("Kept."))
        return redirect("desk:person", patient_id)
    by = times.by_words(back_by, request.now, request.practice.zone)
    messages.success(request, gettext("Promised: we ring back %(by)s.") % {"by": by})
    return redirect("desk:today")


def _stranger(name: str, number: str) -> PersonForm:
    given, _space, family = name.rpartition(" ")
    return PersonForm(given_name=given or family, family_name=family if given else "", phones=(number,), source="call")


def _keep_missed(request: DeskRequest, number: str, line: str) -> HttpResponse:
    is_done = _back_by(request) is None
    keep_missed(
        practice_id=request.practice.pk, number=number, words=line or gettext("(a missed call)"), is_done=is_done,
        by=request.by, now=request.now, command_id=read_uuid(request.POST.get("command")),
    )  # fmt: skip
    shown = phone_words(number, request.practice.country)
    words = gettext("Kept: %(number)s.") if is_done else gettext("%(number)s stands on Today until somebody rings.")
    messages.success(request, words % {"number": shown})
    return redirect("desk:today")
