"""One person, one day, one message: what falls on one day is told together, waits, or gives way. Pure.

Rank: safety, reply, reminder, care, marketing; then the order of the journey's rows; then the nearest visit. What
answers the person's own act or reports our own change of a time (rows 2 and 8) stands outside the count. What rests
on an assumption (a visit nobody said took place) comes last of all, and takes no day from what does not.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from operator import attrgetter
from typing import Any

from glede.journeys import hours
from glede.journeys.document import Row
from glede.journeys.facts import History, House, Occasion, Person, Told, Visit
from glede.outbox.touches import ASSUMES, PlannedTouch

LANES = {"safety": 0, "reply": 1, "reminder": 2, "care": 3, "marketing": 4}
TOGETHER, ONE_A_DAY = "together", "one_a_day"


@dataclass(frozen=True, slots=True)
class Due:
    """A touch on its way to being planned, with its row, what it is about, and the day it falls on."""

    touch: PlannedTouch
    row: Row
    visit: Visit | Occasion
    day: date
    waited: int = 0

    @property
    def competes(self) -> bool:
        """Whether it takes part in the one message a day. A call is no message."""
        return self.row.alone_on_its_day and self.touch.act == "message"

    @property
    def is_assumed(self) -> bool:
        """Whether it rests on a visit that is only assumed to have taken place."""
        return ASSUMES in self.touch.why


def settle(found: Iterable[Due], history: History, person: Person, house: House) -> list[PlannedTouch]:
    """Return the touches in order of time, with the losers of each day marked by ``yields_to`` in their ``why``."""
    competing: list[Due] = []
    settled: list[PlannedTouch] = []
    for due in found:
        if due.competes:
            competing.append(due)
        else:
            settled.append(due.touch)
    if len(competing) > 1 or history.told:
        settled.extend(_by_day(competing, history, person, house))
    else:
        settled.extend(due.touch for due in competing)
    settled.sort(key=attrgetter("due_at", "row", "occurrence"))
    return settled


def _by_day(competing: list[Due], history: History, person: Person, house: House) -> list[PlannedTouch]:
    days: dict[date, list[Due]] = {}
    for due in competing:
        days.setdefault(due.day, []).append(due)
    settled: list[PlannedTouch] = []
    while days:
        day = min(days)
        group = sorted(days.pop(day), key=_rank)
        told = [t for t in history.told if t.is_alone and t.day == day]
        winner = next((due for due in group if not _is_taken(due, told)), None)
        for due in group:
            if due is winner:
                settled.append(_with_others(due, group))
            elif not _is_told_with(due, winner) and (later := _next_day(due, person, house)) is not None:
                days.setdefault(later.day, []).append(later)
            else:
                settled.append(_giving_way(due, winner, told))
    return settled


def _rank(due: Due) -> tuple[Any, ...]:
    # Thanks come after the last visit of a day, all else speaks of the nearest one.
    moment = due.visit.starts_at.timestamp()
    return (
        due.is_assumed,
        LANES[due.touch.lane],
        due.row.step,
        due.row.row,
        -moment if "done" in due.row.triggers else moment,
        due.visit.order,
    )


def _is_taken(due: Due, told: list[Told]) -> bool:
    """Whether the day's message is gone already. News of another time of the same visit is never kept back by it."""
    before = (t for t in told if t.subject_id != due.visit.id and t.is_assumed <= due.is_assumed)
    return any(t.is_assumed < due.is_assumed or LANES[t.lane] <= LANES[due.touch.lane] for t in before)


def _is_told_with(due: Due, winner: Due | None) -> bool:
    """Whether the day's message tells of this visit too; then nothing of it is left to wait."""
    return winner is not None and winner.row.row == due.row.row and "visit" in due.row.triggers


def _with_others(due: Due, group: list[Due]) -> PlannedTouch:
    others = [str(o.visit.id) for o in group if o is not due and o.row.row == due.row.row]
    if not others or "visit" not in due.row.triggers:
        return due.touch
    return replace(due.touch, why={**due.touch.why, "also": others})


def _next_day(due: Due, person: Person, house: House) -> Due | None:
    if due.waited >= due.row.may_wait_days:
        return None
    day = due.day + timedelta(days=1)
    local = hours.wall(due.touch.due_at, person.zone)
    due_at = hours.at_hour(day, local.time().replace(tzinfo=None), person, house)
    if due.touch.late_after is not None and due_at > due.touch.late_after:
        return None
    touch = replace(due.touch, due_at=due_at, why={**due.touch.why, "held_by": ONE_A_DAY})
    return replace(due, touch=touch, day=day, waited=due.waited + 1)


def _giving_way(due: Due, winner: Due | None, told: list[Told]) -> PlannedTouch:
    row, subject = (winner.row.row, winner.visit.id) if winner else (told[0].row, told[0].subject_id)
    because = TOGETHER if row == due.row.row else ONE_A_DAY
    why = {**due.touch.why, "yields_to": {"row": row, "subject": str(subject), "because": because}}
    return replace(due.touch, why=why)
