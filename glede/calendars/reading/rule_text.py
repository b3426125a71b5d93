"""The text of a rule to a ``Rule``; what a rule may not say is refused by a code. Pure."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any, Final

from glede.calendars.reading.recurrence import DAYS, UNITS, WEEKDAYS, Rule, Unclear

_LISTED_MOST: Final = 400
_WEEKS_MOST: Final = 53
_COUNT_MOST: Final = 10_000_000


def read_rule(text: str) -> Rule:
    """Return the rule; ``until`` stays on the wall it is written for. Raises ``Unclear``."""
    said = _said(text)
    freq = said.pop("FREQ", "")
    if freq not in {*DAYS, *UNITS}:
        raise Unclear("rule")
    found = {_FIELDS[name][0]: _FIELDS[name][1](said.pop(name)) for name in _FIELDS if name in said}
    if any(not name.startswith("X-") for name in said):
        raise Unclear("rule")
    return Rule(freq, **found)


def _said(text: str) -> dict[str, str]:
    said: dict[str, str] = {}
    for part in text.strip().strip(";").upper().split(";"):
        name, sign, value = part.partition("=")
        if not sign or not value or name in said:
            raise Unclear("rule")
        said[name] = value
    if said.pop("RSCALE", "GREGORIAN") != "GREGORIAN" or said.pop("SKIP", "OMIT") != "OMIT":
        raise Unclear("rule_calendar")
    return said


def until_is_utc(text: str) -> bool:
    """Say whether the rule's end is written in UTC."""
    return any(part.startswith("UNTIL=") and part.endswith("Z") for part in text.upper().split(";"))


def read_moment(text: str, *, ends: bool = False) -> datetime:
    """Return ``19970902T090000`` or ``19970902`` as a naive moment; a day ``ends`` with its last."""
    try:
        day = datetime.strptime(text[:8], "%Y%m%d")  # noqa: DTZ007 - on the wall
        if len(text) == 8:
            return datetime.combine(day, time.max if ends else time())
        if text[8:9] != "T" or len(text) != 15 or not text[9:].isdecimal():
            raise Unclear("moment")
        return day.replace(hour=int(text[9:11]), minute=int(text[11:13]), second=min(int(text[13:15]), 59))
    except ValueError as error:
        raise Unclear("moment") from error


def _listed(text: str) -> list[str]:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > _LISTED_MOST:
        raise Unclear("rule")
    return parts


def _number(text: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > 9 or not least <= int(text) <= most:
        raise Unclear("rule")
    return int(text)


def _signed(text: str, least: int, most: int, may_count_back: bool) -> int:
    is_back = text.startswith("-")
    if is_back and not may_count_back:
        raise Unclear("rule")
    number = _number(text.lstrip("+-"), least, most)
    return -number if is_back else number


def _weekday(text: str) -> int:
    if text not in WEEKDAYS:
        raise Unclear("rule")
    return WEEKDAYS.index(text)


def _day(text: str) -> tuple[int, int]:
    number = text[:-2]
    return (_signed(number, 1, _WEEKS_MOST, True) if number else 0), _weekday(text[-2:])


def _positive(text: str) -> int:
    return _number(text, 1, _COUNT_MOST)


def _numbers(least: int, most: int, *, may_count_back: bool = False) -> Callable[[str], Any]:
    return lambda text: tuple(_signed(one, least, most, may_count_back) for one in _listed(text))


_FIELDS: Final[dict[str, tuple[str, Callable[[str], Any]]]] = {
    "INTERVAL": ("interval", _positive),
    "COUNT": ("count", _positive),
    "WKST": ("week_start", _weekday),
    "UNTIL": ("until", lambda text: read_moment(text.removesuffix("Z"), ends=True)),
    "BYDAY": ("by_day", lambda text: tuple(_day(one) for one in _listed(text))),
    "BYMONTH": ("by_month", _numbers(1, 12)),
    "BYWEEKNO": ("by_week", _numbers(1, 53, may_count_back=True)),
    "BYYEARDAY": ("by_year_day", _numbers(1, 366, may_count_back=True)),
    "BYMONTHDAY": ("by_month_day", _numbers(1, 31, may_count_back=True)),
    "BYHOUR": ("by_hour", _numbers(0, 23)),
    "BYMINUTE": ("by_minute", _numbers(0, 59)),
    "BYSECOND": ("by_second", _numbers(0, 60)),
    "BYSETPOS": ("by_place", _numbers(1, 366, may_count_back=True)),
}
