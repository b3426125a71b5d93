"""Find the first free time: for what, with whom, from when, at which hours; a digit books it or moves a visit there."""

from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from glede.catalogue.queries import services
from glede.desk.access import DeskRequest, page
from glede.desk.diary import times
from glede.desk.diary.booking import usual_service
from glede.desk.diary.views import acts_now, service_name
from glede.diary import queries as diary
from glede.diary.availability import Offer, Part
from glede.diary.errors import UnknownAppointment
from glede.diary.facts import VisitFacts
from glede.diary.requests import TimesWanted
from glede.kernel.clock import day_of
from glede.kernel.ids import new_id
from glede.kernel.words import time_words
from glede.people import queries as people
from glede.staff.queries import practitioners

DAYS, SHOWN, LIMIT = 60, 9, 2000
PARTS = {Part.MORNING: _("Morning"), Part.AFTERNOON: _("Afternoon"), Part.EVENING: _("After four")}


@dataclass(frozen=True)
class Whose:
    """For whom a time is looked for: a person, the visit that is to move, and the hours and days that suit them."""

    patient_id: UUID | None = None
    name: str = ""
    visit: VisitFacts | None = None
    between: tuple[time, time] | None = None
    days: frozenset[int] = frozenset()

    @property
    def hours(self) -> str:
        """Their hours in words, as "12:00 to 14:00"; "" where any suit."""
        if self.between is None:
            return ""
        start, end = (time_words(at, "en", "staff") for at in self.between)
        return gettext("%(from)s to %(to)s") % {"from": start, "to": end}


@page("diary")
def first_free(request: DeskRequest) -> HttpResponse:
    """Show the nine first free times that suit; each is one key."""
    whose = _whose(request)
    offered, chairs = services(request.practice.pk), practitioners(request.practice.pk)
    chosen = times.read_uuid(request.GET.get("service")) or (whose.visit.service_id if whose.visit else None)
    service = next((one for one in offered if one.id == chosen), None)
    if service is None and whose.patient_id:
        service = usual_service(request.practice.pk, whose.patient_id, offered)
    service = service or (offered[0] if offered else None)
    today = day_of(request.now, request.practice.zone)
    from_ = max(today, times.read_day(request.GET.get("from")) or today)
    part = request.GET.get("part", "")
    is_own = request.GET.get("own") == "1" or ("asked" not in request.GET and whose.between is not None)
    wanted = TimesWanted(
        from_day=from_, days=DAYS, service_id=service.id if service else None, practitioner_id=_with(request, chairs),
        minutes=_minutes(request, whose), patient_id=whose.patient_id,
        parts=frozenset({Part(part)}) if part in PARTS else frozenset(Part), limit=LIMIT,
    )  # fmt: skip
    if is_own and whose.between:
        wanted = replace(wanted, between=whose.between)
    found = diary.slots(request.practice.pk, wanted, now=request.now)
    suits = [one for one in found if not is_own or not whose.days or one.day.weekday() in whose.days]
    shown = times.apart(suits, [], SHOWN)
    language, names = get_language() or "en", {one.id: one.given_name for one in chairs}
    context = {
        "page": "diary", "whose": whose, "chairs": chairs, "service": service, "is_own": is_own, "part": part,
        "services": [(one, service_name(one.name, language)) for one in offered], "from_": from_, "earliest": today,
        "minutes": wanted.minutes, "practitioner_id": wanted.practitioner_id, "parts": PARTS.items(),
        "found": [times.offered(one, names, n, keys=SHOWN) for n, one in enumerate(shown)],
        "command": new_id(), "later": _later(shown, from_),
    }  # fmt: skip
    return render(request, "desk/diary/free.html", context)


def _whose(request: DeskRequest) -> Whose:
    moved, patient_id = times.read_uuid(request.GET.get("move")), times.read_uuid(request.GET.get("person"))
    visit = None
    if moved:
        try:
            visit = diary.appointment_for(request.practice.pk, moved)
        except UnknownAppointment:
            raise Http404 from None
        if "move" not in acts_now(visit, request.now):
            raise Http404
        patient_id = visit.patient_id
    if patient_id is None:
        return Whose()
    person = people.names(request.practice.pk, [patient_id]).get(patient_id)
    if person is None:
        raise Http404
    request.look_at(patient_id)
    reached = people.reach(request.practice.pk, [patient_id]).get(patient_id)
    between = None
    if reached and reached.hours_from and reached.hours_to:
        between = (reached.hours_from, reached.hours_to)
    days = frozenset(reached.days) if reached else frozenset()
    return Whose(patient_id, person.given_name or person.name, visit, between, days)


def _with(request: DeskRequest, chairs: list[Any]) -> UUID | None:
    chosen = times.read_uuid(request.GET.get("with"))
    return chosen if chosen in {one.id for one in chairs} else None


def _minutes(request: DeskRequest, whose: Whose) -> int | None:
    """Return the length that is asked for, that of the visit to be moved, or None for the service's own."""
    asked = request.GET.get("minutes", "")
    if asked.isdecimal() and 5 <= int(asked) <= 480:
        return int(asked)
    return whose.visit.minutes if whose.visit else None


def _later(shown: list[Offer], from_: date) -> date | None:
    """Return from which day to look on; None where everything stands here."""
    return max(shown[-1].day, from_ + timedelta(days=1)) if len(shown) == SHOWN else None
