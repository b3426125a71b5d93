"""The end of the day at the desk: everyone has an answer, or a colleague's name and a time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext

from glede.desk.access import DeskRequest, page
from glede.desk.clockfield import ClockField
from glede.desk.diary.times import read_uuid
from glede.desk.today.board import draw
from glede.desk.today.rows import promised
from glede.diary import queries as diary
from glede.inbox import operations as inbox
from glede.inbox import queries as waiting
from glede.inbox.rules import FIRST_HALF_HOUR
from glede.kernel.clock import at_wall, day_of, wall
from glede.kernel.ids import new_id
from glede.kernel.periods import NeverOpen
from glede.kernel.words import day_words, time_words
from glede.practices.queries import opening_hours
from glede.promises import operations as promises
from glede.promises.queries import Owed
from glede.staff.queries import colleague_names, colleagues

FIRST = 5  # arrivals of the next day that are shown
NIGHT = timedelta(hours=12)


@dataclass(frozen=True)
class Left:
    """An answer that is owed as the day ends: its row, and who has it."""

    owed: Owed
    row: Any
    keeper: str


@page("close_desk", methods=["GET", "POST"])
def close(request: DeskRequest) -> HttpResponse:
    """Show what stands between the desk and its end of the day; close it when nothing does."""
    if request.method == "POST":
        return _close(request)
    standing = waiting.standing_at_closing(request.practice.pk, now=request.now)
    left, handed = _left(request, standing.waiting), _left(request, standing.handed)
    last, day = waiting.last_closing(request.practice.pk), _next_day(request)
    first = [v for v in diary.day(request.practice.pk, day).visits if v.wall_time][:FIRST]
    request.look_at(*(visit.patient_id for visit in first))
    context = {
        "page": "today",
        "waiting": left,
        "handed": handed,
        "n_answered": standing.n_answered,
        "closed": last if last and last.day == day_of(request.now, request.practice.zone) else None,
        "closed_at": time_words(wall(last.at, request.practice.zone).time(), "en", "staff") if last else "",
        "day": day_words(day, get_language() or "en"),
        "first": first,
        "colleagues": colleagues(request.practice.pk),
        "by_when": wall(_by_when(request), request.practice.zone),
        "command": new_id(),
    }
    return render(request, "desk/today/closing.html", context)


def _left(request: DeskRequest, owed: tuple[Owed, ...]) -> list[Left]:
    names = colleague_names(request.practice.pk)
    drawn = draw(request.practice, [promised(one) for one in owed], request.now)
    request.look_at(*(who for one in drawn.values() for who in one.people))
    return [Left(one, drawn[one.id].row, names.get(one.owner_id, "") if one.owner_id else "") for one in owed]


def _next_day(request: DeskRequest) -> date:
    """Return the next day on which the practice opens; tomorrow where it never does."""
    tomorrow = day_of(request.now, request.practice.zone) + timedelta(days=1)
    midnight = at_wall(tomorrow, time(0), request.practice.zone)
    try:
        return day_of(opening_hours(request.practice).next_open(midnight), request.practice.zone)
    except NeverOpen:
        return tomorrow


def _by_when(request: DeskRequest) -> datetime:
    """Return the hour that is proposed: half an hour into the next open day."""
    midnight = at_wall(_next_day(request), time(0), request.practice.zone)
    try:
        return opening_hours(request.practice).next_open(midnight) + FIRST_HALF_HOUR
    except NeverOpen:
        return midnight + NIGHT


def _close(request: DeskRequest) -> HttpResponse:
    command = read_uuid(request.POST.get("command", ""))
    try:
        inbox.close_desk(practice_id=request.practice.pk, by=request.by, now=request.now, command_id=command)
    except inbox.StillWaiting:
        messages.error(request, gettext("Somebody came in between: answer them, or give them a name and a time."))
    else:
        messages.success(request, gettext("The desk is closed. Everyone has an answer."))
    return redirect("desk:close_desk")


@page("hand_answer", methods=["POST"])
def hand(request: DeskRequest, promise_id: UUID) -> HttpResponse:
    """Give an answer that is owed to a colleague, by an hour that is still to come."""
    owner, by_when = read_uuid(request.POST.get("owner", "")), _moment(request)
    if owner not in {c.membership_id for c in colleagues(request.practice.pk)}:
        messages.error(request, gettext("Choose who answers."))
    elif by_when is None or by_when <= request.now:
        messages.error(request, gettext("Choose a day and an hour that are still to come."))
    else:
        _give(request, promise_id, owner, by_when)
    return redirect("desk:close_desk")


def _give(request: DeskRequest, promise_id: UUID, owner: UUID | None, by_when: datetime) -> None:
    try:
        promises.hand_promise(
            practice_id=request.practice.pk, promise_id=promise_id, owner_id=owner, due_at=by_when,
            note=request.POST.get("note", "").strip()[:500], by=request.by, now=request.now,
        )  # fmt: skip
    except promises.NoSuchPromise:
        messages.success(request, gettext("It was done already."))
    else:
        messages.success(request, gettext("Handed over, with a name and a time."))


def _moment(request: DeskRequest) -> datetime | None:
    try:
        day, hour = date.fromisoformat(request.POST.get("day", "")), ClockField().clean(request.POST.get("hour", ""))
    except (ValueError, ValidationError):
        return None
    return at_wall(day, hour, request.practice.zone)
