"""Time set apart from what is offered: when a clinician is away, and what is kept free for what is urgent. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from glede.kernel.clock import at_wall
from glede.kernel.periods import Period


@dataclass(frozen=True, slots=True, order=True)
class Away:
    """Days on which a clinician is away: whole, or on each of them between two hours of the wall."""

    first_on: date
    last_on: date
    from_time: time | None = None
    to_time: time | None = None

    def on(self, day: date, zone: str) -> Iterator[Period]:
        """Yield the stretch of ``day`` on which they are away, where there is one."""
        if self.first_on <= day <= self.last_on:
            start = at_wall(day, self.from_time or time(0), zone)
            end = at_wall(day, self.to_time, zone) if self.to_time else at_wall(day + timedelta(days=1), time(0), zone)
            if start < end:
                yield Period(start, end)

    def touches(self, period: Period, zone: str) -> bool:
        """Return True where they are away at some moment of ``period``, which is no longer than a day or two."""
        day, last = (moment.date() + timedelta(days=n) for moment, n in ((period.start, -1), (period.end, 1)))
        while day <= last:
            if any(period.overlaps(away) for away in self.on(day, zone)):
                return True
            day += timedelta(days=1)
        return False


@dataclass(frozen=True, slots=True, order=True)
class Kept:
    """A span of a weekday (0 Monday) kept for what is urgent, until it is released to everybody.

    That is at ``release_at`` on the wall, ``release_days`` days before; None: never.
    """

    weekday: int
    opens: time
    closes: time
    release_days: int | None = None
    release_at: time | None = None

    def on(self, day: date, zone: str, now: datetime) -> Iterator[Period]:
        """Yield the stretch of ``day`` that is kept at ``now``, where there is one."""
        if day.weekday() != self.weekday or self._is_released(day, zone, now):
            return
        start, end = at_wall(day, self.opens, zone), at_wall(day, self.closes, zone)
        if start < end:
            yield Period(start, end)

    def _is_released(self, day: date, zone: str, now: datetime) -> bool:
        released_at = self.released_at(day, zone)
        return released_at is not None and now >= released_at

    def released_at(self, day: date, zone: str) -> datetime | None:
        """Return the moment from which the span of ``day`` is free for everybody; None: never."""
        if self.release_days is None or self.release_at is None:
            return None
        return at_wall(day - timedelta(days=self.release_days), self.release_at, zone)


def without(periods: Sequence[Period], away: Iterable[Period]) -> list[Period]:
    """Return what is left of ``periods`` when ``away`` is taken out of them, in order."""
    left = list(periods)
    for gone in away:
        left = [piece for period in left for piece in _cut(period, gone)]
    return left


def _cut(period: Period, gone: Period) -> Iterator[Period]:
    if not period.overlaps(gone):
        yield period
        return
    if period.start < gone.start:
        yield Period(period.start, gone.start)
    if gone.end < period.end:
        yield Period(gone.end, period.end)
