"""Stretches of time: half-open periods and the opening hours of a week."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property

from glede.kernel.clock import at_wall, wall

# A practice that never opens must not hang a search: two years without an open day is an error.
SEARCH_DAYS = 740


class NeverOpen(Exception):
    """The practice has no open time in the next two years: its opening hours are missing."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A half-open stretch [start, end) between two aware moments."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Period") -> bool:
        """Return True where the two share a moment."""
        return self.start < other.end and other.start < self.end

    def holds(self, moment: datetime) -> bool:
        """Return True where ``moment`` lies inside."""
        return self.start <= moment < self.end

    @property
    def minutes(self) -> float:
        """The length in minutes."""
        return (self.end - self.start).total_seconds() / 60


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """An open span of a weekday (0 Monday to 6 Sunday) on the wall clock."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """An open span of some day on the wall clock."""

    opens: time
    closes: time


@dataclass(frozen=True)
class WeeklyHours:
    """When a practice is open: several spans a day, dates that differ, all on its own wall clock.

    ``closed_on`` are dates without any hours; ``other_on`` holds dates with hours of their own in place of the week's.
    """

    spans: tuple[Span, ...]
    closed_on: frozenset[date] = field(default_factory=frozenset)
    zone: str = "Europe/Oslo"
    other_on: frozenset[tuple[date, Hours]] = field(default_factory=frozenset)

    @cached_property
    def _by_weekday(self) -> dict[int, tuple[Span, ...]]:
        return {day: tuple(sorted(s for s in self.spans if s.weekday == day)) for day in range(7)}

    @cached_property
    def _by_date(self) -> dict[date, list[Hours]]:
        found: dict[date, list[Hours]] = {}
        for day, hours in sorted(self.other_on):
            found.setdefault(day, []).append(hours)
        return found

    def hours_on(self, day: date) -> list[Hours]:
        """Return the open spans of ``day`` on the wall, in order: those of the date where it has its own."""
        if day in self.closed_on:
            return []
        if day in self._by_date:
            return self._by_date[day]
        return [Hours(span.opens, span.closes) for span in self._by_weekday[day.weekday()]]

    def periods_on(self, day: date) -> list[Period]:
        """Return the open periods of ``day``, in order; empty on a closed day."""
        return [
            Period(at_wall(day, hours.opens, self.zone), at_wall(day, hours.closes, self.zone))
            for hours in self.hours_on(day)
        ]

    def is_open_day(self, day: date) -> bool:
        """Return True where the practice opens at all on ``day``."""
        return bool(self.hours_on(day))

    def is_open(self, moment: datetime) -> bool:
        """Return True where the practice is open at ``moment``."""
        return any(period.holds(moment) for period in self.periods_on(wall(moment, self.zone).date()))

    def from_moment(self, moment: datetime) -> Iterator[Period]:
        """Yield open periods from ``moment`` on, the first cut to begin no earlier than it."""
        day = wall(moment, self.zone).date()
        for offset in range(SEARCH_DAYS):
            for period in self.periods_on(day + timedelta(days=offset)):
                if period.end > moment:
                    yield Period(max(period.start, moment), period.end)

    def next_open(self, moment: datetime) -> datetime:
        """Return ``moment`` where open, else the next opening. Raises ``NeverOpen``."""
        for period in self.from_moment(moment):
            return period.start
        raise NeverOpen

    def add_open_minutes(self, moment: datetime, minutes: float) -> datetime:
        """Return the moment by which ``minutes`` of open time have passed. Raises ``NeverOpen``."""
        left = timedelta(minutes=minutes)
        for period in self.from_moment(moment):
            length = period.end - period.start
            if length >= left:
                return period.start + left
            left -= length
        raise NeverOpen

    def open_minutes_between(self, start: datetime, end: datetime) -> float:
        """Return how many minutes of open time lie between two moments; 0 where ``end`` is not after ``start``."""
        found = 0.0
        day, last = wall(start, self.zone).date(), wall(end, self.zone).date()
        while day <= last:
            cut = (Period(max(p.start, start), min(p.end, end)) for p in self.periods_on(day))
            found += sum(p.minutes for p in cut if p.start < p.end)
            day += timedelta(days=1)
        return found

    def day_end(self, day: date) -> datetime | None:
        """Return when the practice closes for good on ``day``, or None on a closed day."""
        periods = self.periods_on(day)
        return periods[-1].end if periods else None
