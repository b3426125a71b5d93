"""The day that stands in a colleague's own words: "wedding in May", "om 2 uker", "1. mai". Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

MONTHS: Final = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9,
    "october": 10, "november": 11, "december": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7,
    "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
    "januar": 1, "februar": 2, "mars": 3, "mai": 5, "juni": 6, "juli": 7, "oktober": 10, "desember": 12, "okt": 10,
    "des": 12,
}  # fmt: skip
WEEKDAYS: Final = {
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
    "mandag": 0, "tirsdag": 1, "onsdag": 2, "torsdag": 3, "fredag": 4, "lørdag": 5, "søndag": 6,
}  # fmt: skip
NUMBERS: Final = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10,
    "en": 1, "ei": 1, "et": 1, "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "åtte": 8, "ti": 10, "fjorten": 14,
}  # fmt: skip
DAYS_OF: Final = {"day": 1, "dag": 1, "week": 7, "uke": 7, "veke": 7}
FAR: Final = 3 * 366  # days: what lies further ahead is no follow-up

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_NUMBER = rf"\d{{1,2}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))}"
_YEAR = r"(?:,?\s+(?P<year>20\d\d))?"
# What tells that a month or a day lies behind us: "in May last year", "i mai i fjor".
_BEHIND = r"(?!\s+(?:last year|i fjor))"


@dataclass(frozen=True, slots=True)
class Understood:
    """A day, and the words it was read from."""

    day: date
    words: str


def day_in(words: str, today: date) -> Understood | None:
    """Return the day that ``words`` speak of, the first they name, in English or Norwegian; None where they name none.

    A month alone means its first day, a week its Monday. A day that is over, or more than three years ahead, is none.
    """
    found = [
        (match.start(), Understood(day, match[0].strip()))
        for pattern, read in _PATTERNS
        for match in pattern.finditer(words)
        if (day := _safely(read, match.groupdict(), today)) is not None and today <= day <= today + timedelta(days=FAR)
    ]
    return min(found, key=lambda one: (one[0], -len(one[1].words)))[1] if found else None


Read = Callable[[Mapping[str, str | None], date], date | None]


def _safely(read: Read, parts: Mapping[str, str | None], today: date) -> date | None:
    try:
        return read(parts, today)
    except ValueError:  # there is no 31st of April
        return None


def _written(parts: Mapping[str, str | None], today: date) -> date:
    return date(int(parts["year"] or 0), int(parts["month"] or 0), int(parts["day"] or 0))


def _of_month(parts: Mapping[str, str | None], today: date) -> date:
    named = str(parts["month"]).lower().rstrip(".")
    month = int(named) if named.isdecimal() else MONTHS[named]
    day = int(parts.get("day") or 1)
    year = parts.get("year")
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    this = date(today.year, month, day)
    return this if this >= today else date(today.year + 1, month, day)


def _month(parts: Mapping[str, str | None], today: date) -> date:
    day = _of_month(parts, today)
    is_this_month = parts.get("year") is None and MONTHS[str(parts["month"]).lower()] == today.month
    return today + timedelta(days=7) if is_this_month and (today + timedelta(days=7)).month == today.month else day


def _after(parts: Mapping[str, str | None], today: date) -> date:
    number, unit = str(parts["number"]).lower(), str(parts["unit"]).lower()
    count = int(number) if number.isdecimal() else NUMBERS[number]
    days = next((n for word, n in DAYS_OF.items() if unit.startswith(word)), None)
    return today + timedelta(days=days * count) if days else _months_on(today, count)


def _months_on(today: date, months: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(today.day, last.day))


def _weekday(parts: Mapping[str, str | None], today: date) -> date:
    return today + timedelta(days=(WEEKDAYS[str(parts["weekday"]).lower()] - today.weekday() - 1) % 7 + 1)


def _next(parts: Mapping[str, str | None], today: date) -> date:
    if str(parts["unit"]).lower() in {"week", "uke", "veke"}:
        return today + timedelta(days=7 - today.weekday())
    return _months_on(today.replace(day=1), 1)


def _tomorrow(parts: Mapping[str, str | None], today: date) -> date:
    return today + timedelta(days=1)


def _patterns(*pairs: tuple[str, Read]) -> list[tuple[re.Pattern[str], Read]]:
    return [(re.compile(rf"(?<!\w){pattern}(?!\w){_BEHIND}", re.IGNORECASE), read) for pattern, read in pairs]


_PATTERNS: Final = _patterns(
    (r"(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)", _written),
    (r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>20\d\d|\d\d)?", _of_month),
    (rf"(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH}){_YEAR}", _of_month),
    (rf"(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_YEAR}", _of_month),
    (rf"(?:in|next|by|before|after|from|until|i|til|fra|før|etter|innen|neste)\s+(?P<month>{_MONTH}){_YEAR}", _month),
    (
        rf"(?:in|om)\s+(?P<number>{_NUMBER})\s+(?P<unit>days?|weeks?|months?|dag(?:er)?|uker?|veker?|måned(?:er)?)",
        _after,
    ),
    (r"(?:next|neste)\s+(?P<unit>week|month|uke|veke|måned)", _next),
    (rf"(?:on|next|by|på|til|neste|førstkommende)\s+(?P<weekday>{'|'.join(WEEKDAYS)})", _weekday),
    (r"(?:tomorrow|i morgen)", _tomorrow),
)
