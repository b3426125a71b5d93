"""How much of a promise is gone, and when what a colleague owes goes back to everybody. Pure."""

from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final

from glede.kernel.periods import NeverOpen, WeeklyHours

HALF: Final = 0.5
MOST: Final = 0.75
INSIDE: Final = timedelta(hours=1)  # our own choice: a lunch


class Stage(IntEnum):
    """How near a promise is: warned of at half and at three quarters of its time, our own choice."""

    CALM = 0
    HALF = 1
    MOST = 2
    LATE = 3


def share_gone(made_at: datetime, due_at: datetime, now: datetime, hours: WeeklyHours) -> float:
    """Return how much of a promise is gone, 0 to 1, counted in open time.

    Where no open time lies between its making and its hour, plain time counts: nobody was meant to wait for a door.
    """
    if now >= due_at:
        return 1.0
    if now <= made_at:
        return 0.0
    whole = hours.open_minutes_between(made_at, due_at)
    if not whole:
        return (now - made_at) / (due_at - made_at)
    return min(1.0, hours.open_minutes_between(made_at, now) / whole)


def stage(made_at: datetime, due_at: datetime, now: datetime, hours: WeeklyHours) -> Stage:
    """Return how near a promise is at ``now``; from its moment on it is late."""
    if now >= due_at:
        return Stage.LATE
    gone = share_gone(made_at, due_at, now, hours)
    return Stage.MOST if gone >= MOST else Stage.HALF if gone >= HALF else Stage.CALM


def reached_at(share: float, made_at: datetime, due_at: datetime, hours: WeeklyHours) -> datetime:
    """Return the first moment at which ``share`` of a promise is gone."""
    whole = hours.open_minutes_between(made_at, due_at)
    if not whole:
        return made_at + (due_at - made_at) * share
    try:
        return min(due_at, hours.add_open_minutes(made_at, whole * share))
    except NeverOpen:
        return due_at


def goes_back(owned_since: datetime, due_at: datetime, now: datetime, hours: WeeklyHours, *, is_away: bool) -> bool:
    """Return True where an owner who has not begun loses what they owe to everybody.

    At half of the time since it was theirs; for whoever is away, an hour before it is due as well.
    """
    if is_away and now >= due_at - INSIDE:
        return True
    return stage(owned_since, due_at, now, hours) >= Stage.HALF
