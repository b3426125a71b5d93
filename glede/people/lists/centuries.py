"""Of which century a year of two digits is: "12.03.60" of a birth, "23.11.26" of a visit."""

from collections.abc import Callable, Iterator
from datetime import date

Century = Callable[[int, int, int], date | None]
"""Takes year without its century, month, day; returns the day meant, or None where that cannot be said."""

LIFETIME_YEARS = 110
"""Nobody in a practice's list is taken to be older."""


def of_a_birth(today: date) -> Century:
    """Return the reader of birth dates: a day that is past, of somebody no older than a lifetime.

    None where two centuries fit, a small child's and a very old person's: nobody's birth date is guessed.
    """

    def read(year: int, month: int, day: int) -> date | None:
        fitting = [d for d in _days(year, month, day, today) if d <= today and today.year - d.year <= LIFETIME_YEARS]
        return fitting[0] if len(fitting) == 1 else None

    return read


def last(today: date) -> Century:
    """Return the reader of days that are past, such as a death: the latest that fits."""

    def read(year: int, month: int, day: int) -> date | None:
        return max((d for d in _days(year, month, day, today) if d <= today), default=None)

    return read


def nearest(today: date) -> Century:
    """Return the reader of visits, past or to come: the day nearest to ``today``."""

    def read(year: int, month: int, day: int) -> date | None:
        return min(_days(year, month, day, today), key=lambda d: abs(d - today), default=None)

    return read


def _days(year: int, month: int, day: int, today: date) -> Iterator[date]:
    this = today.year // 100 * 100
    for century in (this - 100, this, this + 100):
        try:
            yield date(century + year, month, day)
        except ValueError:
            continue
