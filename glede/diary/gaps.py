"""What is free between the times that are held, and where in it a visit can begin. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Protocol

from glede.kernel.periods import Period

_START, _END = attrgetter("start"), attrgetter("end")


class Room(Protocol):
    """What a visit needs: its own length, and with it the time kept free after it."""

    @property
    def length(self) -> timedelta: ...
    @property
    def held(self) -> timedelta: ...


# A gap with the moment at which the next visit begins.
Gap = tuple[Period, datetime | None]


def merge(periods: Iterable[Period]) -> list[Period]:
    """Return the same stretches of time, in order, none touching another."""
    merged: list[Period] = []
    for period in sorted(periods, key=_START):
        if merged and period.start <= merged[-1].end:
            merged[-1] = Period(merged[-1].start, max(merged[-1].end, period.end))
        else:
            merged.append(period)
    return merged


def touching(merged: Sequence[Period], start: datetime, end: datetime) -> Sequence[Period]:
    """Return those of merged periods that touch [start, end)."""
    # None of them overlaps another, so starts and ends both rise.
    return merged[bisect_right(merged, start, key=_END) : bisect_left(merged, end, key=_START)]


def starts(
    spans: Iterable[Period], taken: Sequence[Period], room: Room, *, grid: timedelta, earliest: datetime
) -> Iterator[datetime]:
    """Yield the moments on the grid, from ``earliest`` on, at which a visit fits."""
    for span in spans:
        for gap in gaps(span, taken):
            last = last_start(gap, room)
            if last < gap[0].start:
                continue
            start = on_grid(max(gap[0].start, earliest), grid)
            while start <= last:
                yield start
                start += grid


def last_start(gap: Gap, room: Room) -> datetime:
    """Return the last moment at which a visit can begin in a gap; before the gap where it is too short."""
    period, held_to = gap
    last = period.end - room.length
    return last if held_to is None else min(last, held_to - room.held)


def fits(gap: Gap, at: datetime, room: Room) -> bool:
    """Return whether a visit can begin in a gap at ``at``."""
    return gap[0].start <= at <= last_start(gap, room)


def gaps(span: Period, taken: Sequence[Period]) -> Iterator[Gap]:
    """Yield what is free of ``span``.

    The time after the last visit of a span may run past closing time; it may never run into somebody's visit.
    """
    start = span.start
    for period in taken:
        if period.start >= span.end:
            yield Period(start, span.end), period.start
            return
        if period.start > start:
            yield Period(start, min(period.start, span.end)), period.start
        start = max(start, period.end)
        if start >= span.end:
            return
    yield Period(start, span.end), None


def straight_after(first: datetime, last: datetime, grid: timedelta) -> Iterator[datetime]:
    """Yield ``first`` itself, then the moments of the grid up to ``last``."""
    at = first
    while at <= last:
        yield at
        at = on_grid(at + timedelta(minutes=1), grid)


def on_grid(moment: datetime, grid: timedelta) -> datetime:
    """Return the first moment from ``moment`` on that lies on the grid of the full hour."""
    hour = moment.replace(minute=0, second=0, microsecond=0)
    return hour + -(-(moment - hour) // grid) * grid
