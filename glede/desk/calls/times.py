"""By when we ring back: the four hours a colleague says most often, or one that is written, by the opening hours."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext

from glede.kernel.clock import at_wall, day_of, wall
from glede.kernel.periods import NeverOpen, Period, WeeklyHours
from glede.practices.queries import opening_hours
from glede.ui.urgency import clock_words

HOUR, HALF_DAY = 60, 240  # open minutes, our own choice
MORNING = timedelta(hours=1)  # after opening
DAYS = 15  # two weeks on, whatever was open once is open again
_HOUR = re.compile(r"(\d{1,2}?)(?:[.: ]?(\d{2}))?")


@dataclass(frozen=True)
class By:
    """One hour to press."""

    value: str
    words: str


def offered(practice: Any, now: datetime) -> list[By]:
    """Return the moments by which a colleague may promise to ring back, each once, the nearest first."""
    hours = opening_hours(practice)
    try:
        moments = [hours.add_open_minutes(now, HOUR), hours.add_open_minutes(now, HALF_DAY)]
    except NeverOpen:
        moments = [now + timedelta(hours=1), now + timedelta(hours=4)]
    today = day_of(now, practice.zone)
    closing = hours.day_end(today)
    if closing is not None and closing > now:
        moments.append(closing)
    opened = (periods[0].start for n in range(1, 15) if (periods := hours.periods_on(today + timedelta(days=n))))
    moments += [next(opened, now + timedelta(days=1)) + MORNING]
    return [By(at.isoformat(), clock_words(at, now, practice.zone)) for at in sorted({_even(at) for at in moments})]


def _even(at: datetime) -> datetime:
    """Return a moment as people say it: the next five minutes."""
    whole = at.replace(second=0, microsecond=0)
    return whole + timedelta(minutes=-whole.minute % 5)


def read(words: str | None, now: datetime) -> datetime | None:
    """Return the moment a press stands for, or None where all was said; never one that has passed."""
    try:
        at = datetime.fromisoformat(words or "")
    except ValueError:
        return None
    return max(at, now) if at.tzinfo is not None else None


def hour_in(words: str, now: datetime, hours: WeeklyHours) -> datetime | None:
    """Return the next moment that an hour stands for, as people write it: 5, 14, 9.30, 1430. None for anything else.

    A number up to 11 is before noon or after it, whichever is open first; on a day when neither is, a later day. Where
    the practice is never open then, it is the hour as it stands.
    """
    read = _HOUR.fullmatch(words.strip())
    if read is None or int(read[1]) > 23 or int(read[2] or 0) > 59:
        return None
    hour, minute = int(read[1]), int(read[2] or 0)
    meant = [time(hour, minute), *([time(hour + 12, minute)] if 0 < hour < 12 and len(read[1]) == 1 else [])]
    days = [wall(now, hours.zone).date() + timedelta(days=n) for n in range(DAYS)]
    moments = [at_wall(day, at, hours.zone) for day in days for at in meant]
    ahead = [at for at in moments if at > now]
    return next((at for at in ahead if any(p.start <= at <= p.end for p in _periods(at, hours))), ahead[0])


def _periods(at: datetime, hours: WeeklyHours) -> list[Period]:
    return hours.periods_on(wall(at, hours.zone).date())


def by_words(at: datetime, now: datetime, zone: str) -> str:
    """Return "by 14:00" for what was promised."""
    return gettext("by %(moment)s") % {"moment": clock_words(at, now, zone)}
