"""Days, moments and numbers as they are typed behind a command: what is none is wrong usage, before anything starts."""

import argparse
from collections.abc import Callable
from datetime import date, datetime, time
from typing import TypeVar

from glede.kernel.clock import at_wall

Day = TypeVar("Day", date, datetime)
# A clock that was moved by a slip of the finger to the year 9999 never goes back.
_YEARS = range(1900, 2200)


def typed_day(text: str) -> date:
    """Return the day that is typed; for ``type=`` of an argument."""
    try:
        return _in_our_time(date.fromisoformat(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day. Write one like 2026-12-01.") from error


def typed_moment(text: str) -> datetime:
    """Return the moment that is typed, with a zone or without; for ``type=`` of an argument."""
    try:
        return _in_our_time(datetime.fromisoformat(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no moment. Write one like 2026-12-01T09:00.") from error


def typed_time(text: str) -> time:
    """Return the hour of the day that is typed; for ``type=`` of an argument."""
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no time. Write one like 09:30.") from error


def typed_hours(text: str) -> tuple[time, time]:
    """Return the two hours of the day that are typed, in order; for ``type=`` of an argument."""
    begins, dash, ends = text.partition("-")
    hours = typed_time(begins), typed_time(ends)
    if not dash or hours[0] >= hours[1]:
        raise argparse.ArgumentTypeError(f"{text!r} are no hours. Write them like 09:00-14:00.")
    return hours


def _in_our_time(found: Day) -> Day:
    if found.year not in _YEARS:
        raise ValueError
    return found


def typed_number(least: int, most: int | None = None) -> Callable[[str], int]:
    """Return what takes a whole number from ``least`` to ``most``; for ``type=`` of an argument."""
    span = f"{least} or more" if most is None else f"from {least} to {most}"

    def number(text: str) -> int:
        try:
            found = int(text)
        except ValueError:
            found = least - 1
        if found < least or (most is not None and found > most):
            raise argparse.ArgumentTypeError(f"{text!r} is no number that fits. Give one, {span}.")
        return found

    return number


def moment(typed: datetime, zone: str) -> datetime:
    """Return the moment that is meant; without a zone it is on the wall in ``zone``."""
    return typed if typed.tzinfo else at_wall(typed.date(), typed.time(), zone)
