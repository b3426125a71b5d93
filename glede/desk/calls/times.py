"""By when we ring back: the four hours a colleague says most often, by the practice's own opening hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext

from glede.kernel.clock import day_of
from glede.kernel.periods import NeverOpen
from glede.practices.queries import opening_hours
from glede.ui.urgency import clock_words

HOUR, HALF_DAY = 60, 240  # open minutes, our own choice
MORNING = timedelta(hours=1)  # after opening


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


def by_words(at: datetime, now: datetime, zone: str) -> str:
    """Return "by 14:00" for what was promised."""
    return gettext("by %(moment)s") % {"moment": clock_words(at, now, zone)}
