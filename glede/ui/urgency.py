"""How near a promise is, by brightness and in words: late is solid, soon is pale, calm is plain."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.utils.translation import get_language, gettext, ngettext, pgettext

from glede.kernel.clock import wall
from glede.kernel.words import short_day_words, short_weekday_word, time_words

SOON_WITHIN = timedelta(hours=4)  # half gone is "soon" only where the hour is near
SURELY_SOON = timedelta(minutes=15)
SEGMENTS = 10  # of the ring
HALF, MOST = 0.5, 0.75  # of a promise gone: where it warns


@dataclass(frozen=True, slots=True)
class Urgency:
    """A level (late, soon, calm), its words, the segments of the ring still left, and the moment itself.

    ``warning`` says how much of a promise is gone: "half gone", "a quarter left"; ``is_near`` from three quarters on.
    """

    level: str
    words: str
    left: int
    due: datetime
    warning: str = ""
    is_near: bool = False


def urgency(
    *, due: datetime, made: datetime, now: datetime, zone: str, at: bool = False, gone: float | None = None
) -> Urgency:
    """Return how near ``due`` is, for a promise made at ``made``; ``at`` says "at 09:40" instead of "by 09:40".

    Late from the moment itself on. Soon where half the time is gone and less than four hours are left, or
    less than a quarter of an hour is left. The words are in the active language, clock times in ``zone``.
    Whoever counts a promise in open time passes how much of it is ``gone``, 0 to 1: then that alone decides.
    """
    if now >= due:
        return Urgency("late", late_words(now - due), 0, due)
    if gone is not None:
        return _counted(due, now, zone, gone)
    share = (due - now) / (due - made) if due > made else 0.0
    rest = due - now
    is_soon = rest <= SURELY_SOON or (share <= 1 / 2 and rest <= SOON_WITHIN)
    left = min(SEGMENTS, max(1, ceil(share * SEGMENTS)))
    return Urgency("soon" if is_soon else "calm", due_words(due, now, zone, at=at), left, due)


def _counted(due: datetime, now: datetime, zone: str, gone: float) -> Urgency:
    left = min(SEGMENTS, max(1, ceil((1 - gone) * SEGMENTS)))
    is_soon = gone >= HALF or due - now <= SURELY_SOON
    warning = gettext("a quarter left") if gone >= MOST else gettext("half gone") if gone >= HALF else ""
    return Urgency("soon" if is_soon else "calm", due_words(due, now, zone), left, due, warning, gone >= MOST)


def late_words(late: timedelta) -> str:
    """Return "late 12 min", "late 3 h" or "late 2 days"."""
    minutes = int(late / timedelta(minutes=1))
    if minutes < 1:
        return pgettext("promise", "due now")
    if minutes < 90:
        return gettext("late %(n)d min") % {"n": minutes}
    if minutes < 24 * 60:
        return gettext("late %(n)d h") % {"n": round(minutes / 60)}
    days = round(minutes / (24 * 60))
    return ngettext("late %(n)d day", "late %(n)d days", days) % {"n": days}


def due_words(due: datetime, now: datetime, zone: str, *, at: bool = False) -> str:
    """Return "by 09:30" today, "by Mon 10:00" within six days, else "by Thu 26 Nov"."""
    moment = clock_words(due, now, zone)
    return (gettext("at %(moment)s") if at else gettext("by %(moment)s")) % {"moment": moment}


def clock_words(moment: datetime, now: datetime, zone: str) -> str:
    """Return a moment for staff, as short as it stays clear: "09:30", "Mon 10:00", "Thu 26 Nov"."""
    there, here = wall(moment, zone), wall(now, zone)
    language = get_language() or "en"
    hour = time_words(there.time(), language, "staff")
    days = (there.date() - here.date()).days
    if days == 0:
        return hour
    if 0 < days < 7:
        return f"{short_weekday_word(there.date(), language)} {hour}"
    return short_day_words(there.date(), language)


def left_words(due: datetime, now: datetime) -> str:
    """Return "18 min left" for a promise that still runs."""
    minutes = max(0, ceil((due - now) / timedelta(minutes=1)))
    if minutes < 90:
        return gettext("%(n)d min left") % {"n": minutes}
    return gettext("%(n)d h left") % {"n": round(minutes / 60)}
