"""Leave and times kept for what is urgent, in words."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from django.utils.translation import gettext, ngettext

from glede.diary.apart import Away, Kept
from glede.kernel.words import weekday_word

MONDAY = date(2024, 1, 1)  # any Monday, to name the weekdays by


def hours_of(opens: time, closes: time) -> str:
    """Return a stretch of a day: "09:00-12:00"."""
    return f"{opens:%H:%M}-{closes:%H:%M}"


def span_words(kept: Kept, language: str) -> str:
    """Return which span of the week is kept: "Thursday 11:00-12:00"."""
    day = weekday_word(date.fromordinal(MONDAY.toordinal() + kept.weekday), language)
    return f"{day} {hours_of(kept.opens, kept.closes)}"


def release_words(kept: Kept) -> str:
    """Return from when a span is free for everybody."""
    if kept.release_days is None or kept.release_at is None:
        return gettext("never free for everybody")
    at = f"{kept.release_at:%H:%M}"
    if kept.release_days == 0:
        return gettext("free for everybody from %(at)s the same day") % {"at": at}
    n = kept.release_days
    words = ngettext(
        "free for everybody from %(at)s the day before", "free for everybody from %(at)s %(n)d days before", n
    )
    return words % {"at": at, "n": n}


def away_hours(away: Away) -> str:
    """Return between which hours somebody is away, "" for whole days."""
    return hours_of(away.from_time, away.to_time) if away.from_time and away.to_time else ""


def changed_leave(facts: Mapping[str, Any], dates: str) -> str:
    """Return what a change says of a leave on ``dates``."""
    when = f"{dates} {'-'.join(facts['hours'])}" if facts["hours"] else dates
    return (gettext("%(when)s: away") if facts["stands"] else gettext("%(when)s: not away")) % {"when": when}


def changed_urgent(facts: Mapping[str, Any], language: str) -> str:
    """Return what a change says of a span that is kept. ``facts["practitioner"]`` is the name by now, or None."""
    weekday, opens, closes = facts["span"]
    days, at = facts["release"] or (None, None)
    kept = Kept(
        weekday, time.fromisoformat(opens), time.fromisoformat(closes), days, time.fromisoformat(at) if at else None
    )
    span, who = span_words(kept, language), facts["practitioner"] or gettext("everybody")
    if not facts["stands"]:
        return gettext("%(span)s with %(who)s: kept no more") % {"span": span, "who": who}
    told = {"span": span, "who": who, "release": release_words(kept)}
    return gettext("%(span)s with %(who)s: kept for what is urgent, %(release)s") % told
