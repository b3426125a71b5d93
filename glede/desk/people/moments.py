"""A moment as near as it is."""

from datetime import datetime, timedelta

from django.utils.translation import get_language, gettext

from glede.kernel.clock import wall
from glede.kernel.words import short_day_words, short_weekday_word, time_words


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
