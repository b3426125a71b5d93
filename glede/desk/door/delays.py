"""We run late: who is still to come, whom the word reaches and how, and one press that tells them all."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from glede.desk.access import DeskRequest, page
from glede.desk.diary.times import read_uuid
from glede.diary.operations import tell_delay
from glede.diary.queries import arrivals, delays_on, facts_for
from glede.kernel.clock import day_of, wall
from glede.kernel.ids import new_id
from glede.kernel.words import time_words
from glede.outbox.operations.ways import ways_to
from glede.people import queries as people
from glede.staff.queries import practitioners

MINUTES = (15, 20, 30, 45, 60)
HOW = {"sms": _("by text"), "email": _("by e-mail"), "call": _("you ring: they like calls")}
NO_WAY = _("you ring: no way to write to them")


@dataclass(frozen=True)
class Reached:
    """One person still to come: when they were to come, when their visit begins now, and how they hear of it."""

    name: str
    hour: str
    begins: str
    how: str
    is_told: bool


@page("delay", methods=["GET", "POST"])
def delay(request: DeskRequest) -> HttpResponse:
    """Show whom a delay reaches; a press notes it with their visits, and the journey tells each of them once."""
    chairs = practitioners(request.practice.pk)
    given = request.POST if request.method == "POST" else request.GET
    chair = _chosen(chairs, given.get("with"))
    minutes = _minutes(given.get("minutes"))
    if request.method == "POST":
        return _tell(request, chair, minutes)
    reached = _reached(request, chair, minutes)
    context = {
        "page": "today",
        "chairs": chairs,
        "chair": chair,
        "minutes": minutes,
        "choices": MINUTES,
        "reached": reached,
        "untold": sum(not one.is_told for one in reached),
        "here": _here(request, chair),
        "command": new_id(),
    }
    return render(request, "desk/door/delay.html", context)


def _chosen(chairs: list[Any], words: str | None) -> Any:
    wanted = read_uuid(words)
    return next((chair for chair in chairs if chair.id == wanted), chairs[0] if chairs else None)


def _minutes(words: str | None) -> int:
    return int(words) if words and words.isdecimal() and words in map(str, MINUTES) else MINUTES[1]


def _tell(request: DeskRequest, chair: Any, minutes: int) -> HttpResponse:
    told = tell_delay(
        practice_id=request.practice.pk, practitioner_id=chair.id if chair else None, minutes=minutes, by=request.by,
        now=request.now, command_id=read_uuid(request.POST.get("command")),
    )  # fmt: skip
    words = ngettext(
        "Noted. %(n)d person still to come is told.", "Noted. %(n)d people still to come are told.", len(told)
    )
    messages.success(request, words % {"n": len(told)} if told else gettext("Nobody still to come has to wait."))
    return redirect("desk:today")


def _reached(request: DeskRequest, chair: Any, minutes: int) -> list[Reached]:
    late = delays_on(request.practice.pk, chair.id if chair else None, minutes, now=request.now)
    visits = sorted(facts_for(request.practice.pk, late), key=lambda visit: visit.starts_at)
    whom = [visit.patient_id for visit in visits]
    request.look_at(*whom)
    names, ways = people.names(request.practice.pk, whom), people.reach(request.practice.pk, whom)
    return [
        Reached(
            names[visit.patient_id].name,
            _hour(visit.starts_at, visit.zone),
            _hour(visit.starts_at + timedelta(minutes=late[visit.appointment_id]), visit.zone),
            _how(request.practice, ways.get(visit.patient_id)),
            is_told=visit.delay_told_at is not None,
        )
        for visit in visits
    ]


def _how(practice: Any, reach: Any) -> str:
    ways = ways_to(reach, practice)
    return str(HOW.get(ways[0].channel, NO_WAY) if ways else NO_WAY)


def _hour(at: Any, zone: str) -> str:
    return time_words(wall(at, zone).time(), "en", "staff")


def _here(request: DeskRequest, chair: Any) -> list[str]:
    """Return who sits and waits for this clinician already: they are told in person."""
    waiting = arrivals(request.practice.pk, day_of(request.now, request.practice.zone))
    wanted: UUID | None = chair.id if chair else None
    theirs = [visit for visit in waiting if visit.practitioner_id == wanted]
    request.look_at(*(visit.patient_id for visit in theirs))
    return [f"{visit.given_name} {visit.family_name}".strip() for visit in theirs]
