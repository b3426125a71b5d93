"""At which hour of which day: the person's routine inside the practice's hours, on the wall. Pure."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from glede.journeys.facts import House, Person
from glede.kernel.clock import at_wall as _at_wall
from glede.kernel.clock import wall

__all__ = ["at_hour", "at_wall", "day_of", "end_of_hours", "hour_within", "hours_of", "wall", "window", "within_hours"]

at_wall = lru_cache(maxsize=65_536)(_at_wall)


@lru_cache(maxsize=4096)
def window(hours_from: time | None, hours_to: time | None, house_from: time, house_to: time) -> tuple[time, time]:
    """Return from when to when a person may be written to: their routine within the practice's hours.

    Where the two do not meet, the practice's hours stand: a wish outside them cannot be met.
    """
    start, end = max(hours_from or house_from, house_from), min(hours_to or house_to, house_to)
    return (start, end) if start < end else (house_from, house_to)


def hours_of(person: Person, house: House) -> tuple[time, time]:
    """Return the person's window of hours."""
    return window(person.hours_from, person.hours_to, house.hours_from, house.hours_to)


@lru_cache(maxsize=4096)
def hour_within(at: time, start: time, end: time) -> time:
    """Return ``at`` where it lies in [start, end), else the nearest hour that does (one hour before the end)."""
    if at < start:
        return start
    if at < end:
        return at
    last = (datetime.combine(date.min + timedelta(days=1), end) - timedelta(hours=1)).time()
    return max(start, last)


def at_hour(day: date, at: time, person: Person, house: House) -> datetime:
    """Return the moment on ``day`` at the person's hour nearest to ``at``."""
    return at_wall(day, hour_within(at, *hours_of(person, house)), person.zone)


def end_of_hours(day: date, person: Person, house: House) -> datetime:
    """Return when the person's hours end on ``day``."""
    return at_wall(day, hours_of(person, house)[1], person.zone)


def within_hours(moment: datetime, person: Person, house: House) -> datetime:
    """Return ``moment``, or the next moment inside the person's hours."""
    local = wall(moment, person.zone)
    start, end = hours_of(person, house)
    if local.time() < start:
        return at_wall(local.date(), start, person.zone)
    if local.time() >= end:
        return at_wall(local.date() + timedelta(days=1), start, person.zone)
    return moment


def day_of(moment: datetime, zone: str) -> date:
    """Return the calendar day of ``moment`` in ``zone``."""
    return wall(moment, zone).date()
