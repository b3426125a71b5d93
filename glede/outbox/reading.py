"""Reading policy data strictly: every field known, present and of its kind, or ``BadPolicy`` says where."""

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any, Final

from glede.kernel.plain import read_yaml

DATA: Final = Path(__file__).parent / "policy" / "data"

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_A_DAY: Final = 24 * 60

_REQUIRED: Final[Any] = object()


def load(name: str) -> Any:
    """Return the plain content of one data file of the policy."""
    return read_yaml((DATA / f"{name}.yaml").read_text(encoding="utf-8"))


class BadPolicy(ValueError):
    """Policy data does not fit its schema; the message says where and why."""

    def __init__(self, place: str, trouble: str) -> None:
        super().__init__(f"{place}: {trouble}")


class Fields:
    """The fields of one mapping, taken out one by one; ``close`` refuses what is left over."""

    def __init__(self, place: str, raw: Any) -> None:
        if not isinstance(raw, dict) or not all(isinstance(key, str) for key in raw):
            raise BadPolicy(place, "is no mapping of names")
        self.place = place
        self._raw: dict[str, Any] = raw
        self._taken: set[str] = set()

    def close(self) -> None:
        """Raise ``BadPolicy`` where a field was never asked for: a misspelt law must not be silent."""
        if unknown := sorted(set(self._raw) - self._taken):
            raise BadPolicy(self.place, f"does not know {', '.join(unknown)}")

    def optional(self, name: str) -> Any:
        """Return what a field holds, of whatever kind, or None where it is left out."""
        return self._take(name, None)

    def names(self) -> tuple[str, ...]:
        """Return all field names, as taken."""
        self._taken.update(self._raw)
        return tuple(self._raw)

    def text(self, name: str, *, among: Collection[str] | None = None) -> str:
        """Return a text that is not blank, one of ``among`` where given."""
        value = self._take(name)
        if not isinstance(value, str) or not value.strip():
            raise self._bad(name, "is no text")
        self._check_among(name, (value,), among)
        return value

    def texts(self, name: str, *, among: Collection[str] | None = None, default: Any = _REQUIRED) -> tuple[str, ...]:
        """Return a list of texts, each one of ``among`` where given."""
        value = self._take(name, default)
        if not isinstance(value, (list, tuple)) or not all(isinstance(one, str) for one in value):
            raise self._bad(name, "is no list of texts")
        self._check_among(name, value, among)
        return tuple(value)

    def day(self, name: str) -> date:
        """Return a date."""
        value = self._take(name)
        if type(value) is not date:
            raise self._bad(name, "is no date")
        return value

    def count(self, name: str) -> int:
        """Return a whole number from 0 on."""
        value = self._take(name)
        if type(value) is not int or value < 0:
            raise self._bad(name, "is no count")
        return value

    def yes(self, name: str, *, default: Any = _REQUIRED) -> bool:
        """Return true or false."""
        value = self._take(name, default)
        if not isinstance(value, bool):
            raise self._bad(name, "is neither true nor false")
        return value

    def either(self, name: str, part: str, among: Collection[str]) -> str:
        """Return the text of ``name``, or of its ``part`` where it is a mapping of parts."""
        value = self._take(name)
        if isinstance(value, dict):
            return Fields(f"{self.place}.{name}", value).text(part, among=among)
        return self.text(name, among=among)

    def inner(self, name: str) -> "Fields":
        """Return the fields of a mapping inside this one."""
        return Fields(f"{self.place}.{name}", self._take(name))

    def several(self, name: str) -> "list[Fields]":
        """Return the fields of each mapping in a list."""
        value = self._take(name)
        if not isinstance(value, list):
            raise self._bad(name, "is no list")
        return [Fields(f"{self.place}.{name}[{index}]", one) for index, one in enumerate(value)]

    def lists(self, name: str) -> list[list[Any]]:
        """Return a list of lists."""
        value = self._take(name)
        if not isinstance(value, list) or not all(isinstance(one, list) for one in value):
            raise self._bad(name, "is no list of lists")
        return value

    def _take(self, name: str, default: Any = _REQUIRED) -> Any:
        self._taken.add(name)
        value = self._raw.get(name, default)
        if value is _REQUIRED:
            raise self._bad(name, "is missing")
        return value

    def _check_among(self, name: str, values: Collection[str], among: Collection[str] | None) -> None:
        if among is not None and (strange := [value for value in values if value not in among]):
            raise self._bad(name, f"does not know {', '.join(strange)}")

    def _bad(self, name: str, trouble: str) -> BadPolicy:
        return BadPolicy(f"{self.place}.{name}", trouble)


def day_minutes(fields: Fields) -> tuple[tuple[int, int] | None, ...]:
    """Return a week from a mapping like ``{mon-fri: "09:00-21:00", sat: "10:00-16:00"}``; other days are None."""
    week: list[tuple[int, int] | None] = [None] * 7
    for days in fields.names():
        first, _, last = days.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise BadPolicy(fields.place, f"{days!r} are no days")
        span = _span(fields, days)
        for index in range(DAYS.index(first), DAYS.index(last or first) + 1):
            week[index] = span
    return tuple(week)


def _span(fields: Fields, days: str) -> tuple[int, int]:
    text = fields.text(days)
    try:
        begins, ends = (_minutes(part) for part in text.split("-"))
    except ValueError as error:
        raise BadPolicy(fields.place, f"{text!r} are no hours") from error
    if not 0 <= begins < ends <= MINUTES_A_DAY:
        raise BadPolicy(fields.place, f"{text!r} do not go forward")
    return begins, ends


def _minutes(text: str) -> int:
    hours, minutes = (int(part) for part in text.split(":"))
    return hours * 60 + minutes
