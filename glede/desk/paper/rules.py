"""When a day is stored on paper, and how long the file stays."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from glede.kernel.clock import at_wall, day_of
from glede.kernel.periods import NeverOpen, WeeklyHours

BEFORE_OPENING = timedelta(minutes=90)
STANDS = timedelta(days=7)  # our own choice: a long weekend and a week of doubt


@dataclass(frozen=True, order=True)
class Wanted:
    """A sheet that should lie in the folder: for which day, and at which end of the day it is made."""

    day: date
    when: str


def wanted(hours: WeeklyHours, now: datetime, *, closed_on: date | None = None) -> Iterator[Wanted]:
    """Yield the sheets that should be there at ``now``.

    ``morning`` is today's, from an hour and a half before the doors open until they close; ``evening`` is the next open
    day's, from the hour the practice closes, or from the moment the desk was closed for the day (``closed_on``).
    """
    today = day_of(now, hours.zone)
    open_ = hours.periods_on(today)
    if open_ and open_[0].start - BEFORE_OPENING <= now < open_[-1].end:
        yield Wanted(today, "morning")
    if open_ and (now >= open_[-1].end or closed_on == today):
        midnight = at_wall(today + timedelta(days=1), time(0), hours.zone)
        try:
            yield Wanted(day_of(hours.next_open(midnight), hours.zone), "evening")
        except NeverOpen:
            return


def is_outdated(day: date, today: date) -> bool:
    """Return True for the sheet of a day that is longer ago than a week."""
    return today - day > STANDS
