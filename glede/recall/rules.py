"""When somebody is usually due again. It suggests; a clinician decides. Values in, values out.

The table is data (``data/intervals.yaml``; docs/rules.md#when-somebody-is-due-again). One that does not fit stops the
program at import.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from glede.kernel.plain import read_yaml

DATA: Final = Path(__file__).parent / "data" / "intervals.yaml"
MONTHS_MOST: Final = 120
OFFERED: Final = (6, 12, 24, 36)
DROPS_LAST: Final = timedelta(hours=6)  # docs/rules.md#when-somebody-is-due-again
HANDED_WITHIN: Final = timedelta(minutes=15)  # our choice: so long somebody waits at the frames unremarked
NO_AGE: Final = 200


class Why(StrEnum):
    """Why somebody is due when they are, as a clinician says it."""

    AGE = "age"
    DIABETES = "diabetes"
    FAMILY_GLAUCOMA = "family_glaucoma"
    CONTACT_LENSES = "contact_lenses"
    MYOPIA = "myopia"
    FINDING = "finding"
    WISH = "wish"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Group:
    """One line of a table: who, and after how many months; None where a clinician judges each for themselves.

    ``since`` is in it, ``before`` is not (whole years).
    """

    since: int
    before: int
    months: int | None
    why: Why = Why.AGE

    def holds(self, age: int) -> bool:
        """Return True for somebody of that age."""
        return self.since <= age < self.before


@dataclass(frozen=True, slots=True)
class Edition:
    """The table of one country from one day on, with where it comes from and who looked at it when."""

    country: str
    valid_from: date
    source: str
    reviewed_on: date
    reviewer: str
    groups: tuple[Group, ...]

    @property
    def name(self) -> str:
        """What is kept beside a plan: "NO 2026-11-01"."""
        return f"{self.country} {self.valid_from}"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """After how many months, of which group, by which edition."""

    months: int
    group: Group
    edition: Edition

    @property
    def by(self) -> str:
        """The edition and the group: "NO 2026-11-01 age 40-65"."""
        return f"{self.edition.name} {self.group.why} {self.group.since}-{self.group.before}"


class BadTable(ValueError):
    """The table of intervals does not fit; the message says where."""


@cache
def editions() -> tuple[Edition, ...]:
    """Return the tables, each country's newest first. Raises ``BadTable``."""
    raw = read_yaml(DATA.read_text(encoding="utf-8"))
    found = tuple(_edition(one) for one in raw["editions"])
    return tuple(sorted(found, key=lambda one: (one.country, -one.valid_from.toordinal())))


def _edition(raw: Mapping[str, Any]) -> Edition:
    try:
        ages = [_group(one) for one in raw["ages"]]
        groups = (*ages, *(_group(one) for one in raw["because"]))
        made = Edition(raw["country"], raw["valid_from"], raw["source"], raw["reviewed_on"], raw["reviewer"], groups)
    except (KeyError, TypeError, ValueError) as error:
        raise BadTable(f"{raw.get('country')}: {error}") from error
    if any(earlier.before > later.since for earlier, later in pairwise(ages)):
        raise BadTable(f"{made.name}: ages overlap")
    if not all(str(text or "").strip() for text in (made.country, made.source, made.reviewer)):
        raise BadTable(f"{made.name}: without source or reviewer")
    return made


def _group(raw: Mapping[str, Any]) -> Group:
    group = Group(raw.get("from", 0), raw.get("to", NO_AGE), raw["months"], Why(raw.get("why", Why.AGE)))
    if not 1 <= (group.months or 1) <= MONTHS_MOST or not group.since < group.before:
        raise BadTable(f"{group}")
    return group


def age_on(born: date, day: date) -> int:
    """Return whole years; one born on 29 February turns a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def suggest(country: str, born: date | None, day: date, reasons: Iterable[str] = ()) -> Suggestion | None:
    """Return after how many months somebody born then, seen on ``day``, is usually due again in ``country`` (ISO).

    Of the reasons that are known the shortest interval counts, and goes before that of their age. None where the
    country has no table, for an age on which it is silent, and for a reason that a clinician judges.
    """
    edition = next((one for one in editions() if one.country == country and one.valid_from <= day), None)
    if edition is None:
        return None
    known, age = frozenset(reasons), age_on(born, day) if born else None
    fitting = [group for group in edition.groups if _fits(group, age, known)]
    best = min(fitting, key=lambda group: (group.why == Why.AGE, group.months or 0), default=None)
    return Suggestion(best.months, best, edition) if best and best.months else None


def _fits(group: Group, age: int | None, reasons: frozenset[str]) -> bool:
    if group.why != Why.AGE and group.why not in reasons:
        return False
    is_any_age = group.why != Why.AGE and (group.since, group.before) == (0, NO_AGE)
    return is_any_age or (age is not None and group.holds(age))


def due_month(day: date, months: int) -> date:
    """Return the first day of the month that lies ``months`` after that of ``day``."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def offered(suggestion: Suggestion | None) -> tuple[int, ...]:
    """Return the months that are offered to choose from, the suggested among them."""
    return tuple(sorted({*OFFERED, *([suggestion.months] if suggestion else [])}))


def needs_why(months: int | None, suggestion: Suggestion | None) -> bool:
    """Return True where whoever sets another interval than the usual one has to say why; none at all needs it too."""
    return suggestion is None or months != suggestion.months


editions()
