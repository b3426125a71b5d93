"""Squeeze somebody in beside another visit: with whom, when, for how long, and why."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from glede.desk.access import DeskRequest, page
from glede.desk.diary.acts import refusal_words
from glede.desk.diary.history import moment
from glede.desk.diary.times import read_day, read_slot, read_uuid
from glede.diary.errors import Refused, TimeTaken
from glede.diary.names import SQUEEZES
from glede.diary.operations import squeeze_in
from glede.diary.queries import count_squeezed, squeeze_times
from glede.diary.requests import Booking
from glede.kernel.clock import day_of
from glede.kernel.ids import new_id
from glede.kernel.words import day_words, time_words
from glede.people import queries as people
from glede.staff.queries import practitioners
from glede.ui import undo

MINUTES = (10, 20, 30)
FOUND = 8
COUNTED = timedelta(days=90)


@page("squeeze", methods=["GET", "POST"])
def squeeze(request: DeskRequest) -> HttpResponse:
    """Ask who, then when and why; a pressed time squeezes them in."""
    if request.method == "POST":
        return _squeeze(request)
    patient_id = read_uuid(request.GET.get("person"))
    if patient_id is None:
        return _who(request)
    return _when(request, patient_id)


def _who(request: DeskRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    found = people.search(request.practice.pk, words, limit=FOUND) if words else []
    if len(found) == 1:
        return redirect(f"{reverse('desk:squeeze')}?person={found[0].patient_id}")
    request.look_at(*(person.patient_id for person in found))
    return render(request, "desk/door/squeeze_whom.html", {"page": "diary", "words": words, "found": found})


def _when(request: DeskRequest, patient_id: UUID, refusal: Refused | None = None, why: str = "") -> HttpResponse:
    person = people.names(request.practice.pk, [patient_id]).get(patient_id)
    if person is None:
        raise Http404
    request.look_at(patient_id)
    asked = request.POST if request.method == "POST" else request.GET
    chairs = practitioners(request.practice.pk)
    chair = next((c for c in chairs if str(c.id) == asked.get("with")), chairs[0] if chairs else None)
    today = day_of(request.now, request.practice.zone)
    wanted = max(today, read_day(asked.get("day")) or today)
    minutes = _minutes(asked.get("minutes"))
    offers = squeeze_times(request.practice.pk, chair.id if chair else None, minutes, day=wanted, now=request.now)
    first = refusal.alternatives if isinstance(refusal, TimeTaken) else ()
    context = {
        "page": "diary",
        "person": person,
        "chairs": chairs,
        "chair": chair,
        "day": wanted,
        "earliest": today,
        "words": day_words(wanted, request.LANGUAGE_CODE),
        "minutes": minutes,
        "lengths": MINUTES,
        "first": [_offered(offer) for offer in first],
        "times": [_offered(offer) for offer in offers],
        "reasons": SQUEEZES.items(),
        "reason": asked.get("reason", ""),
        "note": asked.get("words", ""),
        "refused": (refusal_words(refusal) if refusal else "") or why,
        "counted": _counted(request),
        "command": new_id(),
    }
    return render(request, "desk/door/squeeze.html", context, status=409 if refusal else 422 if why else 200)


def _minutes(words: str | None) -> int:
    return int(words) if words and words in map(str, MINUTES) else MINUTES[1]


def _offered(offer: Any) -> tuple[str, str]:
    value = f"{offer.day.isoformat()}T{offer.wall_time:%H:%M}|{offer.practitioner_id or ''}"
    return value, time_words(offer.wall_time, "en", "staff")


def _counted(request: DeskRequest) -> list[tuple[int, str]]:
    """Return how often somebody was squeezed in lately, by the reason, the most first."""
    made = count_squeezed(request.practice.pk, since=request.now - COUNTED)
    return [(n, str(SQUEEZES[reason])) for reason, n in made.items() if reason in SQUEEZES]


def _squeeze(request: DeskRequest) -> HttpResponse:
    slot, patient_id = read_slot(request.POST.get("slot", "")), read_uuid(request.POST.get("person"))
    if slot is None or patient_id is None:
        raise Http404
    reason = request.POST.get("reason", "")
    if reason not in SQUEEZES:
        return _when(request, patient_id, why=gettext("Choose why they are squeezed in."))
    asked = Booking(
        patient_id=patient_id, day=slot[0], wall_time=slot[1], practitioner_id=slot[2],
        minutes=_minutes(request.POST.get("minutes")),
    )  # fmt: skip
    try:
        visit = squeeze_in(
            practice_id=request.practice.pk, request=asked, reason=reason, words=request.POST.get("words", "")[:500],
            by=request.by, now=request.now, command_id=read_uuid(request.POST.get("command")),
        )  # fmt: skip
    except Refused as refusal:
        return _when(request, patient_id, refusal)
    words = gettext("Squeezed in: %(moment)s.") % {"moment": moment(visit.starts_at, request.practice.zone)}
    undo.offer(request, words, reverse("desk:visit_strike_out", args=[visit.pk]))
    return redirect("desk:diary_day", visit.day.isoformat())
