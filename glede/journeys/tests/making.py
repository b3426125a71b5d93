"""Facts for tests of the planner: a house, a person, a visit, in as few words as a story needs."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from glede.journeys import document
from glede.journeys.facts import NOTHING, Change, Facts, History, House, Person, Told, Visit
from glede.journeys.planner import plan
from glede.kernel.clock import at_wall, wall
from glede.kernel.periods import Span, WeeklyHours
from glede.outbox.touches import PlannedTouch

OSLO = "Europe/Oslo"
JOURNEY = document.default()
WEEK = WeeklyHours(tuple(Span(day, time(9), time(17)) for day in range(5)), frozenset(), OSLO)
HOUSE = House(OSLO, WEEK)
KARI = Person(UUID(int=1), OSLO, channel="sms", channel_because="first_choice")
# Monday 16 November 2026, ten o'clock on the wall.
BOOKED_AT = datetime(2026, 11, 16, 9, tzinfo=UTC)
# Tuesday 24 November 2026.
TUESDAY = date(2026, 11, 24)
HALF_PAST_TWO = time(14, 30)


def moment(day: date, at: time, zone: str = OSLO) -> datetime:
    """Return a moment by the clock on the wall."""
    return at_wall(day, at, zone)


def visit(
    day: date = TUESDAY,
    at: time | None = HALF_PAST_TWO,
    *,
    number: int = 10,
    zone: str = OSLO,
    booked_at: datetime = BOOKED_AT,
    by: Any = "patient",
    kind: str = "booked",
    **more: Any,
) -> Visit:
    """Return a visit that was booked a week ahead, unless the story says otherwise."""
    starts_at = at_wall(day, at or time(0), zone)
    deadline = starts_at if at else at_wall(day + timedelta(days=1), time(0), zone)
    slot = starts_at.isoformat()
    changes = more.pop("changes", (Change(kind, by, booked_at, slot),))
    standing = {"version": 1, "order": str(number), "state": "booked", **more}
    return Visit(
        id=UUID(int=number), day=day, slot=slot, zone=zone, starts_at=starts_at, deadline=deadline, changes=changes,
        **standing,
    )  # fmt: skip


def moved(before: Visit, day: date, at: time, *, when: datetime, by: Any = "patient") -> Visit:
    """Return the visit moved to another time."""
    starts_at = at_wall(day, at, before.zone)
    slot = starts_at.isoformat()
    return replace(
        before, day=day, slot=slot, starts_at=starts_at, deadline=starts_at, version=before.version + 1, state="booked",
        is_confirmed=False, changes=(*before.changes, Change("moved", by, when, slot)),
    )  # fmt: skip


def facts(*visits: Visit, person: Person = KARI, house: House = HOUSE) -> Facts:
    """Return the facts of one person."""
    return Facts(house, person, visits)


def planned(
    *visits: Visit,
    person: Person = KARI,
    house: House = HOUSE,
    history: History = NOTHING,
    now: datetime = BOOKED_AT,
) -> list[PlannedTouch]:
    """Return the plan."""
    return plan(JOURNEY, facts(*visits, person=person, house=house), history, now)


def row(touches: Iterable[PlannedTouch], code: str, occurrence: int | None = None) -> list[PlannedTouch]:
    """Return the touches of one row."""
    return [t for t in touches if t.row == code and occurrence in {None, t.occurrence}]


def only(touches: Iterable[PlannedTouch], code: str) -> PlannedTouch:
    """Return the one touch of a row."""
    (found,) = row(touches, code)
    return found


def on_wall(touch: PlannedTouch, zone: str = OSLO) -> tuple[date, time]:
    """Return the day and time of a touch on the wall."""
    local = wall(touch.due_at, zone)
    return local.date(), local.time().replace(tzinfo=None)


def told(touch: PlannedTouch, at: datetime | None = None) -> Told:
    """Return what history says of a touch that went."""
    return Told(
        touch.row, touch.subject.id, str(touch.why["slot"]), wall(at or touch.due_at, OSLO).date(), touch.lane,
        touch.row in {"5", "6", "12"} and touch.act == "message", touch.occurrence,
    )  # fmt: skip
