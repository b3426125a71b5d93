"""The day that stands in a colleague's own words: "wedding in May", "om 2 uker", "1. mai". Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from glede.desk.people.feasts import FEASTS

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
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "twelve": 12, "a couple of": 2, "a few": 3,
    "en": 1, "ei": 1, "et": 1, "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "sju": 7, "syv": 7, "åtte": 8,
    "ni": 9, "ti": 10, "tolv": 12, "fjorten": 14, "et par": 2, "noen": 3,
}  # fmt: skip
DAYS_OF: Final = {"day": 1, "dag": 1, "week": 7, "uke": 7, "veke": 7}
FAR: Final = 3 * 366  # days: what lies further ahead is no follow-up

ENDS: Final = ("end", "late", "slutten", "utgangen", "sent")
MIDDLES: Final = ("mid", "middle", "midten")
PARTS: Final = (
    r"(?:the )?end|late|mid|the middle|early|(?:the )?beginning|slutten|utgangen|midten|begynnelsen|starten|tidlig|sent"
)
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


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from words: a day; days to choose from, where they may mean more than one; or one that is over."""

    words: str = ""
    days: tuple[date, ...] = ()
    past: date | None = None

    @property
    def is_clear(self) -> bool:
        """Whether they can mean one day only."""
        return len(self.days) == 1


NOTHING: Final = Reading()


def day_in(words: str, today: date) -> Understood | None:
    """Return the day that ``words`` speak of, the first they name, in English or Norwegian; None where they name none.

    A month alone means its first day, a week its Monday. A day that is over, or more than three years ahead, is none.
    Of words that may mean two days it is the sooner; ``reading_of`` says that they may.
    """
    reading = reading_of(words, today)
    return Understood(reading.days[0], reading.words) if reading.days else None


def reading_of(words: str, today: date) -> Reading:
    """Return what ``words`` say of a day, the first they name: clearly, in more than one way, or one that is over."""
    found = [
        (match.start(), -len(match[0]), days, match[0].strip())
        for pattern, read in _PATTERNS
        for match in pattern.finditer(words)
        if (days := _safely(read, match.groupdict(), today))
    ]
    last = today + timedelta(days=FAR)
    ahead = [one for one in found if any(today <= day <= last for day in one[2])]
    if ahead:
        _start, _length, days, said = min(ahead, key=lambda one: one[:2])
        return Reading(said, tuple(day for day in days if today <= day <= last))
    over = [one for one in found if max(one[2]) < today]
    if not over:
        return NOTHING
    _start, _length, days, said = min(over, key=lambda one: one[:2])
    return Reading(said, past=max(days))


Read = Callable[[Mapping[str, str | None], date], date | tuple[date, ...]]


def _safely(read: Read, parts: Mapping[str, str | None], today: date) -> tuple[date, ...]:
    try:
        days = read(parts, today)
    except (ValueError, OverflowError):  # there is no 31st of April
        return ()
    return tuple(sorted(days)) if isinstance(days, tuple) else (days,)


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


def _fortnight(_parts: Mapping[str, str | None], today: date) -> date:
    return today + timedelta(days=14)


def _weekday_next(parts: Mapping[str, str | None], today: date) -> date | tuple[date, ...]:
    """Return the weekday called next; one that comes in this very week may mean the week after, too."""
    soon = _weekday(parts, today)
    in_this_week = soon - timedelta(days=soon.weekday()) == today - timedelta(days=today.weekday())
    return (soon, soon + timedelta(days=7)) if in_this_week else soon


def _either(parts: Mapping[str, str | None], today: date) -> tuple[date, ...]:
    """Return the days that "5/12" may mean: the fifth of December, or the twelfth of May."""
    one, other, year = int(parts["one"] or 0), int(parts["other"] or 0), parts.get("year")
    days = set()
    for day, month in ((one, other), (other, one)):
        try:
            days.add(_of_month({"day": str(day), "month": str(month), "year": year}, today))
        except ValueError:
            continue
    return tuple(days)


def _numbered_week(parts: Mapping[str, str | None], today: date) -> date:
    week = int(parts["number"] or 0)
    monday = date.fromisocalendar(today.isocalendar().year, week, 1)
    ended = monday + timedelta(days=6) < today
    found = date.fromisocalendar(today.isocalendar().year + 1, week, 1) if ended else monday
    return max(found, today)


def _part_of_month(parts: Mapping[str, str | None], today: date) -> date:
    """Return the first, the fifteenth or the last day of a month, of this one where none is named."""
    named = parts.get("month")
    month = MONTHS[named.lower()] if named else today.month
    part = str(parts["part"]).lower()
    year = today.year + (month < today.month)
    first = date(year, month, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    day = last if part.endswith(ENDS) else first.replace(day=15) if part.endswith(MIDDLES) else first
    return day if day >= today else day.replace(year=day.year + 1, day=min(day.day, 28))


def _weekend(_parts: Mapping[str, str | None], today: date) -> date:
    return today + timedelta(days=(5 - today.weekday()) % 7)


def _weekday(parts: Mapping[str, str | None], today: date) -> date:
    return today + timedelta(days=(WEEKDAYS[str(parts["weekday"]).lower()] - today.weekday() - 1) % 7 + 1)


def _next(parts: Mapping[str, str | None], today: date) -> date:
    if str(parts["unit"]).lower() in {"week", "uke", "veke"}:
        return today + timedelta(days=7 - today.weekday())
    return _months_on(today.replace(day=1), 1)


def _at_feast(read: Callable[[date, str], date]) -> Read:
    return lambda parts, today: read(today, str(parts.get("when") or "").lower())


def _tomorrow(parts: Mapping[str, str | None], today: date) -> date:
    return today + timedelta(days=1)


_FEASTS: Final = tuple((pattern, _at_feast(read)) for pattern, read in FEASTS)


def _patterns(*pairs: tuple[str, Read]) -> list[tuple[re.Pattern[str], Read]]:
    return [(re.compile(rf"(?<!\w){pattern}(?!\w){_BEHIND}", re.IGNORECASE), read) for pattern, read in pairs]


_PATTERNS: Final = _patterns(
    (r"(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)", _written),
    (r"(?<!kl )(?<!kl\. )(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>20\d\d|\d\d)?", _of_month),
    # Only after a word of time: "6/9" alone is how well somebody sees.
    (
        r"(?:on|by|until|before|after|den|på|til|innen|før|etter)\s+"
        r"(?P<one>\d{1,2})/(?P<other>\d{1,2})(?:/(?P<year>20\d\d))?(?!/)",
        _either,
    ),
    (
        rf"(?P<part>{PARTS})(?:\s+(?:of|av|på|i))?\s+(?:(?P<month>{_MONTH})|the month|this month|måneden)",
        _part_of_month,
    ),
    (r"(?:week|uke|veke)\s+(?P<number>[1-9]|[1-4]\d|5[0-3])", _numbered_week),
    (r"in a fortnight", _fortnight),
    (r"(?:at the weekend|this weekend|i helga|i helgen|til helga|til helgen)", _weekend),
    *_FEASTS,
    (rf"(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH}){_YEAR}", _of_month),
    (rf"(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_YEAR}", _of_month),
    (rf"(?:in|next|by|before|after|from|until|i|til|fra|før|etter|innen|neste)\s+(?P<month>{_MONTH}){_YEAR}", _month),
    (
        rf"(?:in|om)\s+(?P<number>{_NUMBER})\s+(?P<unit>days?|weeks?|months?|dag(?:er)?|uker?|veker?|måned(?:er)?)",
        _after,
    ),
    (r"(?:next|neste)\s+(?P<unit>week|month|uke|veke|måned)", _next),
    (rf"(?:on|by|this|på|til|førstkommende)\s+(?P<weekday>{'|'.join(WEEKDAYS)})", _weekday),
    (rf"(?:next|neste)\s+(?P<weekday>{'|'.join(WEEKDAYS)})", _weekday_next),
    (r"(?:tomorrow|i morgen)", _tomorrow),
)
