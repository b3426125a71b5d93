"""When to ring somebody again who was not reached: in open time, and when it suits them. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from glede.kernel.clock import at_wall, wall
from glede.kernel.periods import WeeklyHours

DAYS = 8  # a day that suits comes round within a week, or never


@dataclass(frozen=True)
class Suits:
    """When a person likes to be rung: hours on the wall and days (0 Monday); without any, always."""

    hours_from: time | None = None
    hours_to: time | None = None
    days: frozenset[int] = frozenset()


def good_hour(due: datetime, suits: Suits, hours: WeeklyHours) -> datetime:
    """Return the first moment from ``due`` on that is open time and suits the person; ``due`` where there is none."""
    start, end = suits.hours_from or time(0), suits.hours_to or time(23, 59)
    first = wall(due, hours.zone).date()
    for day in (first + timedelta(days=n) for n in range(DAYS)):
        if suits.days and day.weekday() not in suits.days:
            continue
        for period in hours.periods_on(day):
            begins = max(due, period.start, at_wall(day, start, hours.zone))
            if begins < min(period.end, at_wall(day, end, hours.zone)):
                return begins
    return due
