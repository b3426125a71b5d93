"""On which days visits come again: every so many days, weeks or months, at one time on the wall. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any, Final
from uuid import UUID, uuid5

from glede.diary.errors import BadSeries

COUNT_MIN: Final = 2
COUNT_MAX: Final = 52
EVERY_MAX: Final = 52
FIFTH: Final = 5


class Unit(StrEnum):
    """What is counted between one visit and the next."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Rule:
    """``count`` visits, the first on ``first_on``, each ``every`` units after the one before."""

    first_on: date
    every: int
    unit: Unit
    count: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """The time chosen for one visit of a series, the first being number 1, on the wall."""

    number: int
    day: date
    wall_time: time
    practitioner_id: UUID | None = None

    def written(self) -> dict[str, Any]:
        """Return it as it is kept."""
        who = str(self.practitioner_id) if self.practitioner_id else None
        return {"n": self.number, "day": self.day.isoformat(), "at": self.wall_time.isoformat("minutes"), "who": who}


def chosen_of(kept: Mapping[str, Any]) -> Chosen:
    """Return the time that was kept as ``kept``."""
    who = UUID(kept["who"]) if kept["who"] else None
    return Chosen(kept["n"], date.fromisoformat(kept["day"]), time.fromisoformat(kept["at"]), who)


def days(rule: Rule) -> list[date]:
    """Return the days of a series, in order. Raises ``BadSeries`` for a rule nobody can follow.

    Months keep the weekday and its place in the month: the third Tuesday, and the last where there is no fifth.
    """
    if not (COUNT_MIN <= rule.count <= COUNT_MAX and 1 <= rule.every <= EVERY_MAX):
        raise BadSeries
    try:
        return list(islice(_each(rule), rule.count))
    except (OverflowError, ValueError):
        raise BadSeries from None


def _each(rule: Rule) -> Iterator[date]:
    step = timedelta(weeks=rule.every) if rule.unit == Unit.WEEK else timedelta(days=rule.every)
    for n in range(rule.count):
        yield _months_on(rule.first_on, n * rule.every) if rule.unit == Unit.MONTH else rule.first_on + n * step


def _months_on(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    start = date(year, month + 1, 1)
    same = start + timedelta(days=(first.weekday() - start.weekday()) % 7)
    place = (first.day - 1) // 7 + 1
    if place == FIFTH:
        # A fifth one is the last of its month.
        return max(day for n in (3, 4) if (day := same + timedelta(weeks=n)).month == start.month)
    return same + timedelta(weeks=place - 1)


def command_of(series_id: UUID, act: str, number: int) -> UUID:
    """Return the command by which an act on one visit of a series is done once, however often it is tried."""
    return uuid5(series_id, f"{act} {number}")
