"""What stands in a cell: days, moments, yes and no, languages, names, and ids that a spreadsheet has broken."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Literal

from glede.people.lists.centuries import Century
from glede.people.lists.columns import plain

DayOrder = Literal["dmy", "mdy"]

_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
# 12.03.60 and 12/3/60, but not 26-11-23: what stands first between hyphens may as well be the year.
_SHORT_YEAR = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d{2})(?![\d./])")
_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})")
# 12. mars 1960, 12-Mar-60, March 12, 1960: a month that is named leaves no order to be asked for.
_NAMED = re.compile(r"(\d{1,2})\.?[\s-]+([^\W\d_]{3,9})\.?,?[\s-]+(\d{4}|\d{2})(?![\d.])")
_NAMED_FIRST = re.compile(r"([^\W\d_]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?![\d.])")
_MONTHS = (
    ("january", "januar"), ("february", "februar"), ("march", "mars"), ("april",), ("may", "mai"), ("june", "juni"),
    ("july", "juli"), ("august",), ("september",), ("october", "oktober"), ("november",), ("december", "desember"),
)  # fmt: skip
_CLOCK = re.compile(
    r"(?:kl\.?\s*)?(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*(am|pm)?\s*(z|utc|[+-]\d{2}(?::?\d{2})?)?",
    re.IGNORECASE,
)
_DENSE = re.compile(r"\A(\d{2})(\d{2})(?:\d{2})?(?=\Z|[zZ+-])")
_SPAN = re.compile(r"(\d{1,2}[:.]\d{2})\s*[-–]\s*(\d{1,2}[:.]\d{2})")
# Systems write 0001-01-01 and 9999-12-31 for no day at all.
_YEARS = range(1850, 2200)
# A spreadsheet writes long numbers as 2.98725E+13 and what it cannot show as ####; both have lost what stood there.
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+[eE][+-]?\d+|[eE][+-]\d+)")
_SHEET_ERROR = re.compile(r"#+|#(?:REF|N/A|VALUE|NAME|NUM|NULL|DIV/0)[!?]?", re.IGNORECASE)

YES = frozenset({"1", "yes", "y", "true", "t", "x", "ja", "j", "sant", "sann", "on"})
NO = frozenset({"", "0", "no", "n", "false", "f", "nei", "usant", "usann", "off", "null", "none"})
LANGUAGES = {
    "norsk": "nb", "norwegian": "nb", "bokmal": "nb", "no": "nb", "nob": "nb", "nor": "nb", "nynorsk": "nn",
    "nno": "nn", "engelsk": "en", "english": "en", "eng": "en", "svensk": "sv", "swedish": "sv", "dansk": "da",
    "danish": "da", "tysk": "de", "german": "de", "fransk": "fr", "french": "fr", "spansk": "es", "spanish": "es",
    "portugisisk": "pt", "portuguese": "pt", "polsk": "pl", "polish": "pl", "arabisk": "ar", "arabic": "ar",
    "urdu": "ur", "somali": "so", "ukrainsk": "uk", "ukrainian": "uk", "litauisk": "lt", "lithuanian": "lt",
}  # fmt: skip
CHANNELS = {
    "email": "email", "mail": "email", "epost": "email", "sms": "sms", "text": "sms", "textmessage": "sms",
    "tekstmelding": "sms", "call": "call", "phone": "call", "telephone": "call", "telefon": "call", "ring": "call",
    "tlf": "call",
}  # fmt: skip
# What kind of number it is may be left out; whose it is, "(mor)", may not.
_BEHIND = re.compile(
    r"\s*\((?:mobil|mob|mobile|cell|privat|hjem|home|jobb|arbeid|work|tlf|sms)\.?\)\Z|(?<=\d{7})\.0\Z", re.IGNORECASE
)
_PARTICLES = frozenset(
    {"af", "av", "da", "de", "del", "den", "der", "di", "dos", "du", "la", "le", "ten", "van", "von"}
)


@dataclass(frozen=True, slots=True)
class WrittenMoment:
    """A day and a time as written. ``at`` is None where no time stands there, ``offset`` where no zone does."""

    day: date
    at: time | None = None
    offset: timedelta | None = None

    @property
    def is_midnight(self) -> bool:
        """Whether no time stands there, or midnight, which most systems write for none."""
        return self.at is None or self.at == time(0)


def is_broken(cell: str) -> bool:
    """Return True for an id whose digits a spreadsheet has rounded away."""
    return bool(_SCIENTIFIC.fullmatch(cell) or _SHEET_ERROR.fullmatch(cell))


def day_order(cells: Iterable[str], usual: DayOrder) -> DayOrder:
    """Return the order in which a column writes days: as the cells prove it, else as is ``usual``."""
    parts = []
    for cell in cells:
        if long := _YEAR_LAST.match(cell):
            parts.append((int(long.group(1)), int(long.group(2))))
        elif short := _SHORT_YEAR.match(cell):
            parts.append((int(short.group(1)), int(short.group(3))))
    month_first = sum(second > 12 >= first for first, second in parts)
    day_first = sum(first > 12 >= second for first, second in parts)
    if month_first == day_first:
        return usual
    return "mdy" if month_first > day_first else "dmy"


def read_day(cell: str, order: DayOrder, century: Century | None = None) -> date | None:
    """Return the day written in a cell, whatever time stands behind it; None where none can be read.

    A year of two digits is read by ``century`` alone.
    """
    day, rest = _day(cell.strip(), order, century)
    return day if not rest or rest[0] in " T," else None


def is_day(cell: str) -> bool:
    """Return True where a cell can be read as a day in any order and any century."""
    return any(read_day(cell, order, _in_any_century) is not None for order in _LAST)


def _in_any_century(year: int, month: int, day: int) -> date | None:
    return _date(2000 + year, month, day) or _date(1900 + year, month, day)


def read_moment(cell: str, order: DayOrder, century: Century | None = None) -> WrittenMoment | None:
    """Return the day and, where it stands there, the time and zone written in a cell; None where none can be read.

    A year of two digits is read by ``century`` alone.
    """
    text = cell.strip()
    day, rest = _day(text, order, century)
    if day is None:
        return None
    behind = rest.strip()
    behind = behind[1:] if behind.startswith("T") else _beginning(behind.removeprefix(",").strip())
    if not behind:
        return WrittenMoment(day)
    clock = _CLOCK.fullmatch(_DENSE.sub(r"\1:\2", behind))
    at = _clock(clock) if clock else None
    if clock is None or at is None:
        return None
    return WrittenMoment(day, at, _offset(clock.group(5)))


def read_time(cell: str) -> time | None:
    """Return the time on the wall written in a cell: "14.30", "2:30 pm", "1430"; None where none can be read.

    Of a span it is the beginning; the day that a spreadsheet puts before a time is passed over.
    """
    text = _beginning(cell.strip())
    day, rest = _day(text, "dmy")
    if day and rest.strip():
        text = rest.strip().removeprefix("T")
    clock = _CLOCK.fullmatch(_DENSE.sub(r"\1:\2", text))
    return _clock(clock) if clock else None


def _beginning(text: str) -> str:
    """Return the earlier of two times: "08:00-08:30" is a span where the second is later, else a time and its zone."""
    span = _SPAN.fullmatch(text)
    first, last = (_CLOCK.fullmatch(part) for part in span.groups()) if span else (None, None)
    begins, ends = _clock(first) if first else None, _clock(last) if last else None
    return span.group(1) if span and begins and ends and begins < ends else text


def _day(text: str, order: DayOrder, century: Century | None = None) -> tuple[date | None, str]:
    for pattern, take in ((_YEAR_FIRST, (1, 2, 3)), (_TOGETHER, (1, 2, 3)), (_YEAR_LAST, _LAST[order])):
        found = pattern.match(text)
        if found:
            year, month, day = (int(found.group(place)) for place in take)
            return _date(year, month, day), text[found.end() :]
    if named := _NAMED.match(text):
        return _named_day(named.group(3), named.group(2), named.group(1), century), text[named.end() :]
    if named := _NAMED_FIRST.match(text):
        return _named_day(named.group(3), named.group(1), named.group(2), century), text[named.end() :]
    if century and (short := _SHORT_YEAR.match(text)):
        first, second, year = int(short.group(1)), int(short.group(3)), int(short.group(4))
        month, day = (first, second) if order == "mdy" else (second, first)
        return century(year, month, day), text[short.end() :]
    return None, text


def _named_day(year: str, name: str, day: str, century: Century | None) -> date | None:
    word = name.casefold()
    month = next((n for n, names in enumerate(_MONTHS, 1) if any(full.startswith(word) for full in names)), None)
    if month is None:
        return None
    if len(year) == 4:
        return _date(int(year), month, int(day))
    return century(int(year), month, int(day)) if century else None


_LAST: dict[DayOrder, tuple[int, int, int]] = {"dmy": (3, 2, 1), "mdy": (3, 1, 2)}


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


def _clock(found: re.Match[str]) -> time | None:
    hour, minute, second = int(found.group(1)), int(found.group(2)), int(found.group(3) or 0)
    half = (found.group(4) or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + 12 * (half == "pm")
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _offset(text: str | None) -> timedelta | None:
    if not text:
        return None
    if text.lower() in {"z", "utc"}:
        return timedelta(0)
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "")
    return sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))


def moment_of(written: WrittenMoment) -> datetime | None:
    """Return the moment, where a zone stands with it."""
    if written.at is None or written.offset is None:
        return None
    return datetime.combine(written.day, written.at, timezone(written.offset)).astimezone(UTC)


def read_yes_no(cell: str) -> bool | None:
    """Return yes or no; None for a word that is neither. An empty cell is no."""
    word = plain(cell) if cell.strip() not in {"✓", "✔", "☑"} else "x"
    return True if word in YES else False if word in NO else None


def read_language(cell: str) -> str | None:
    """Return the code of a language by its name or code; None for one that is not known."""
    word = plain(cell.partition("-")[0].partition("_")[0])
    known = LANGUAGES.get(word)
    return known or (word if word in LANGUAGES.values() else None)


def read_channel(cell: str) -> str | None:
    """Return the channel a word means; None for one that is not known."""
    return CHANNELS.get(plain(cell))


def split_name(full: str) -> tuple[str, str]:
    """Return given name and family name: "Moe, Kari" and "Kari Moe" alike; particles go with the family name."""
    family, comma, given = full.partition(",")
    if comma and given.strip():
        return given.strip(), family.strip()
    words = full.replace(",", " ").split()
    if len(words) < 2:
        return " ".join(words), ""
    first = len(words) - 1
    while first > 1 and words[first - 1].casefold() in _PARTICLES:
        first -= 1
    return " ".join(words[:first]), " ".join(words[first:])


def split_addresses(cell: str) -> tuple[str, ...]:
    """Return the numbers or addresses of a cell that holds several, without "(mobil)" or ".0" behind a number."""
    pieces = re.split(r"[;,\n|]|\s/\s|\s(?:og|eller|and|or)\s", cell)
    return tuple(part for piece in pieces if (part := _BEHIND.sub("", piece.strip())))
