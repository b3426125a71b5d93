"""Settings in words: hours, dates, prices, and what a change said before and after."""

from collections.abc import Iterable, Sequence
from datetime import date, time
from itertools import groupby
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from glede.catalogue.rules import in_language
from glede.desk.settings.apart_words import MONDAY, changed_leave, changed_urgent
from glede.desk.settings.policy_words import narrowed_words
from glede.diary.names import MORE_TIME
from glede.journeys.document import default
from glede.kernel.contact import phone_words
from glede.kernel.money import Money, money_words
from glede.kernel.periods import Hours, Span
from glede.kernel.words import day_words, time_words, weekday_word


def hours_words(hours: Iterable[Hours]) -> str:
    """Return the spans of a day: "09:00-12:00, 13:00-17:00", or "closed"."""
    return ", ".join(f"{_clock(one.opens)}-{_clock(one.closes)}" for one in hours) or gettext("closed")


def week_words(spans: Sequence[Span], language: str) -> list[tuple[str, str]]:
    """Return a week as lines (days, hours); neighbours with the same hours share one: "Monday-Friday"."""
    days = [tuple(Hours(s.opens, s.closes) for s in sorted(spans) if s.weekday == n) for n in range(7)]
    lines = []
    for hours, group in groupby(range(7), key=lambda n: days[n]):
        which = list(group)
        names = [weekday_word(date.fromordinal(MONDAY.toordinal() + n), language) for n in (which[0], which[-1])]
        lines.append((names[0] if len(which) == 1 else f"{names[0]}-{names[1]}", hours_words(hours)))
    return lines


def dates_words(first: date, last: date, language: str) -> str:
    """Return a date with its year, or two with a dash between."""
    if first == last:
        return day_words(first, language, with_year=True)
    return f"{day_words(first, language)} - {day_words(last, language, with_year=True)}"


def _clock(at: time) -> str:
    return time_words(at, "en", "staff")


FIELDS = {
    "name": _("name"),
    "phone": _("phone"),
    "email": _("e-mail"),
    "address": _("address"),
    "public_url": _("beginning of links"),
    "review_link": _("page for reviews"),
    "red_flag_line": _("safety line"),
    "cancellation_note": _("words about cancelling"),
    "answer_minutes": _("time to answer"),
    "call_days_before": _("days before a visit on which we ring"),
    "calls_per_day": _("calls a day"),
    "hours_from": _("messages go from"),
    "hours_to": _("messages go until"),
    "language": _("language"),
    "region": _("part of the country"),
    "books_online": _("strangers may book online"),
    "booking_name": _("end of the address for booking"),
    "online_services": _("what strangers choose from"),
    "online_notice_minutes": _("minutes before the soonest time online"),
    "online_days_ahead": _("days ahead online"),
    "narrowed": _("what we send"),
    "week": _("the week’s hours"),
    "minutes": _("minutes"),
    "buffer_minutes": _("minutes between visits"),
    "price_minor_units": _("price"),
    "price_to_minor_units": _("highest price"),
    "what_to_bring": _("what to bring"),
    "for_new": _("for people who are new"),
    "sort": _("place in the list"),
    "code": _("short name"),
    "external_id": _("number in the old list"),
    "stands": _("offered"),
    "display_name": _("name"),
    "given_name": _("name patients see"),
    "title": _("title"),
    "more_minutes": _("more minutes"),
    "asks_for": _("rooms and devices it takes"),
    "hours": _("own hours"),
    "short": _("short words"),
    "friendly": _("friendly words"),
    "subject": _("subject line"),
    "role": _("role"),
    "membership_id": _("signs in as"),
}


# Fields whose value says by itself what it was.
TELLS_ITSELF = ("exception:", "leave:", "urgent:")


def field_words(field: str) -> str:
    """Return what a field is called; dates with other hours are told by their own words."""
    if field.startswith("wording:"):
        return _wording_name(field)
    return str(FIELDS.get(field, "" if field.startswith(TELLS_ITSELF) else field))


def _wording_name(field: str) -> str:
    _prefix, number, _variant, language, channel = field.split(":")
    row, tongue = default().row(number), (get_language() or "en")[:2]
    name = row.name.get(tongue, row.name["en"]) if row else number
    return f"{name} ({channel}, {language})"


def value_words(field: str, value: Any, *, currency: str, country: str) -> str:
    """Return what a field said, in words."""
    language = get_language() or "en"
    if field.startswith(TELLS_ITSELF):
        return capfirst(_told_itself(field, value, language))
    if field == "narrowed":
        return narrowed_words(value)
    if field.startswith("wording:"):
        return f"{value['short']} / {value['friendly']}" if value else gettext("our words")
    if field in {"week", "hours"}:
        spans = [Span(day, time.fromisoformat(opens), time.fromisoformat(closes)) for day, opens, closes in value]
        if field == "hours" and not spans:
            return gettext("those of the practice")
        return "; ".join(f"{days} {hours}" for days, hours in week_words(spans, language))
    if field == "more_minutes":
        added = (f"{words} {value[word]}" for word, words in MORE_TIME.items() if word in (value or {}))
        return ", ".join(added) or gettext("nothing")
    if field in {"price_minor_units", "price_to_minor_units"}:
        return gettext("no price") if value is None else money_words(Money(value, currency), language[:2])
    return _plain(field, value, country)


def _told_itself(field: str, value: Any, language: str) -> str:
    if field.startswith("exception:"):
        return _exception(value, language)
    if field.startswith("urgent:"):
        return changed_urgent(value, language)
    dates = dates_words(date.fromisoformat(value["first_on"]), date.fromisoformat(value["last_on"]), language)
    return changed_leave(value, dates)


def _plain(field: str, value: Any, country: str) -> str:
    if isinstance(value, dict):
        return " · ".join(words for _tongue, words in sorted(value.items()) if words) or gettext("nothing")
    if field == "online_services":
        value = [in_language(one["reason"], get_language() or "en") for one in value]
    if isinstance(value, list):
        return ", ".join(value) or gettext("nothing")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if field == "phone" and value:
        return phone_words(value, country)
    if field == "answer_minutes":
        return minutes_words(value)
    return str(value) if value not in {None, ""} else gettext("nothing")


def minutes_words(minutes: int) -> str:
    """Return a stretch of open time: "2 h", "1 h 30 min", "45 min"."""
    hours, rest = divmod(minutes, 60)
    parts = [gettext("%(n)s h") % {"n": hours}] if hours else []
    parts += [gettext("%(n)s min") % {"n": rest}] if rest or not hours else []
    return " ".join(parts)


def _exception(facts: dict[str, Any], language: str) -> str:
    when = dates_words(date.fromisoformat(facts["first_on"]), date.fromisoformat(facts["last_on"]), language)
    if not facts["stands"]:
        return gettext("%(when)s: as usual") % {"when": when}
    spans = [Hours(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in facts["spans"]]
    reason = facts["reason"] or facts["name"].get(language[:2]) or facts["name"].get("en", "")
    return f"{when}: {hours_words(spans)}" + (f" ({reason})" if reason else "")
