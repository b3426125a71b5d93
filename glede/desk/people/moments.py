"""A moment as near as it is, and the open day on which something comes back."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import get_language, gettext

from glede.kernel.clock import wall
from glede.kernel.words import short_day_words, short_weekday_word, time_words
from glede.practices.queries import opening_hours


def when(at: datetime, now: datetime, zone: str) -> str:
    """Return a moment as near as it is: "today 08:21", "Mon 15:10", "Thu 19 Nov"."""
    there, here = wall(at, zone), wall(now, zone)
    hour = time_words(there.time(), "en", "staff")
    days = (here.date() - there.date()).days
    if days == 0:
        return gettext("today %(hour)s") % {"hour": hour}
    if 0 < days < 7:
        return f"{short_weekday_word(there.date(), get_language() or 'en')} {hour}"
    words = short_day_words(there.date(), get_language() or "en")
    return words if here.date() - there.date() < timedelta(days=300) else f"{words} {there.year}"


def open_day(practice: Any, day: date) -> date:
    """Return the first day from ``day`` on that the practice opens; the day itself where it opens in no fortnight."""
    hours = opening_hours(practice)
    days = (day + timedelta(days=n) for n in range(15))
    return next((one for one in days if hours.is_open_day(one)), day)
