"""The day by chair: what stands, what is free to press, and a visit that looks for another place."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext, ngettext

from glede.desk import matters
from glede.desk.access import DeskRequest, page
from glede.desk.diary import grid, times
from glede.desk.diary.acts import REFUSALS
from glede.desk.diary.views import acts_now
from glede.desk.today.views import when
from glede.diary import queries as diary
from glede.diary.errors import UnknownAppointment
from glede.diary.facts import VisitFacts
from glede.kernel.clock import day_of
from glede.kernel.ids import new_id
from glede.kernel.words import day_words, weekday_word
from glede.people import queries as people


@dataclass(frozen=True)
class Placing:
    """A visit for which a place is looked for, and what is offered to it."""

    visit: VisitFacts
    name: str
    hour: str
    offers: list[times.Offered] = field(default_factory=list)
    told: str = ""
    is_ours: bool = False


@page("diary")
def day(request: DeskRequest, shown: str = "") -> HttpResponse:
    """Show a day by chair; today where none is named. ``?move=`` looks for another place for one visit."""
    today = day_of(request.now, request.practice.zone)
    wanted = times.read_day(shown or request.GET.get("on")) if shown or request.GET.get("on") else today
    if wanted is None:
        raise Http404
    found = diary.day(request.practice.pk, wanted, now=request.now)
    request.look_at(*(visit.patient_id for visit in found.visits))
    placing = _placing(request, max(today, wanted))
    swapping = None if placing else _placed(request, "swap")
    look = grid.Look(
        request.now, _said(request, found), _moving(placing), swapping.visit.appointment_id if swapping else None
    )  # fmt: skip
    context = {
        "page": "diary",
        "when": when(request.now, request.practice.zone),
        "day": wanted,
        "words": day_words(wanted, get_language() or "en"),
        "weekday": weekday_word(wanted, get_language() or "en"),
        "summary": _summary(found, wanted, today),
        "grid": grid.drawn(found, look),
        "found": found,
        "placing": placing,
        "swapping": swapping,
        "asked": _asked(placing, swapping),
        "before": wanted - timedelta(days=1),
        "after": wanted + timedelta(days=1),
        "is_today": wanted == today,
        "is_ahead": wanted >= today,
        "command": new_id(),
    }
    return render(request, "desk/diary/day.html", context)


def _moving(placing: Placing | None) -> grid.Moving | None:
    if placing is None:
        return None
    visit = placing.visit
    return grid.Moving(
        visit.appointment_id, gettext("kept until the new time is theirs"), placing.offers, visit.minutes
    )


def _asked(placing: Placing | None, swapping: Placing | None) -> str:
    """Return what the days before and after are asked too."""
    if placing:
        return f"?move={placing.visit.appointment_id}"
    return f"?swap={swapping.visit.appointment_id}" if swapping else ""


def _placing(request: DeskRequest, from_: date) -> Placing | None:
    """Return the visit that the address asks to move, with three times near the one that was lost, or from that day."""
    placed = _placed(request, "move")
    if placed is None:
        return None
    lost = times.read_slot(request.GET.get("lost", ""))
    told = _told(request, lost[1].strftime("%H:%M")) if lost else ""
    return replace(placed, offers=times.near(request, placed.visit, lost, from_), told=told)


def _placed(request: DeskRequest, word: str) -> Placing | None:
    """Return the visit that the address names by ``word``; None where it names none, or one that cannot move."""
    wanted = times.read_uuid(request.GET.get(word))
    if wanted is None:
        return None
    try:
        visit = diary.appointment_for(request.practice.pk, wanted)
    except UnknownAppointment:
        raise Http404 from None
    if "move" not in acts_now(visit, request.now):
        return None
    request.look_at(visit.patient_id)
    person = people.names(request.practice.pk, [visit.patient_id])[visit.patient_id]
    hour = f"{visit.wall_time:%H:%M}" if visit.wall_time else ""
    return Placing(visit, person.given_name or person.name, hour, is_ours=request.GET.get("wish") == "practice")


def _told(request: DeskRequest, hour: str) -> str:
    """Return why a visit could not be had where it was wished."""
    why = request.GET.get("why", "")
    if why == "time_taken":
        return gettext("Someone took %(hour)s a moment ago.") % {"hour": hour}
    return str(REFUSALS.get(why, gettext("That did not go.")))


def _said(request: DeskRequest, found: diary.Day) -> dict[UUID, str]:
    kinds = ("need", "anxious", "format")
    wordings = people.wordings(request.practice.pk, {v.patient_id for v in found.visits}, kinds)
    return {patient_id: _one_line(lines) for patient_id, lines in wordings.items() if lines}


def _one_line(lines: Sequence[Any]) -> str:
    """Return what it takes to meet a person, and the first of what they told us."""
    flags = [matters.flag(line) for line in lines if line.kind == "format"]
    return " · ".join([*flags, *[line.words for line in lines if line.kind != "format"][:1]])


def _summary(found: diary.Day, wanted: date, today: date) -> str:
    n = len(found.visits)
    parts = [
        distance_words((wanted - today).days),
        ngettext("%(n)d visit", "%(n)d visits", n) % {"n": n} if n else gettext("nobody yet"),
    ]
    calm = sum(visit.is_unhurried for visit in found.visits)
    if n:
        parts.append(ngettext("%(n)d unhurried", "%(n)d unhurried", calm) % {"n": calm})
    if not found.opening:
        parts.append(gettext("closed"))
    return " · ".join(part for part in parts if part)


def distance_words(days: int) -> str:
    """Return how far away a day is: "today", "in 2 days", "1 day ago"."""
    if days == 0:
        return gettext("today")
    if days > 0:
        return ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}
    return ngettext("%(n)d day ago", "%(n)d days ago", -days) % {"n": -days}
