"""The days people count by: Easter, Christmas, the summer. Before, at and after them, in both languages. Pure."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from glede.outbox.policy.book import easter

BEFORE: Final = ("before", "by", "før", "innen")
AFTER: Final = ("after", "etter", "over")
WEEK: Final = timedelta(days=7)

_WHEN = r"(?P<when>before|by|after|at|over|to|this|in|in the|until|før|innen|etter|over|i|til|til neste)"


def _year_of(today: date, feast: Callable[[int], date], when: str) -> date:
    """Return a week before the feast, its first day, or the day after its last (``feast`` gives them by the year)."""
    for year in (today.year, today.year + 1):
        day = feast(year)
        if when in BEFORE and day > today:
            return max(day - WEEK, today + timedelta(days=1) if day - WEEK <= today else day - WEEK)
        if when not in BEFORE and day >= today:
            return day
    return feast(today.year + 2)


def _easter(today: date, when: str) -> date:
    days = 2 if when in AFTER else -3  # Easter ends with its Monday, and begins with Maundy Thursday
    return _year_of(today, lambda year: easter(year) + timedelta(days=days), when)


def _pentecost(today: date, when: str) -> date:
    return _year_of(today, lambda year: easter(year) + timedelta(days=51 if when in AFTER else 49), when)


def _fixed(month: int, day: int, after: tuple[int, int]) -> Callable[[date, str], date]:
    """Return the reader of a feast on a date, and of the first day ``after`` it (month and day)."""

    def read(today: date, when: str) -> date:
        return _year_of(today, lambda year: date(year, *(after if when in AFTER else (month, day))), when)

    return read


FEASTS: Final[tuple[tuple[str, Callable[[date, str], date]], ...]] = (
    (rf"{_WHEN}\s+(?:easter|påsk(?:e|en|a))", _easter),
    (rf"{_WHEN}\s+(?:whitsun|pentecost|pins(?:e|en|a))", _pentecost),
    (rf"{_WHEN}\s+(?:christmas|xmas|jul(?:en|a)?)", _fixed(12, 24, (12, 27))),
    (rf"{_WHEN}\s+(?:the )?(?:new year|nyttår)", _fixed(1, 1, (1, 2))),
    (rf"{_WHEN}\s+(?:the )?(?:spring|våren)", _fixed(3, 1, (6, 1))),
    (rf"{_WHEN}\s+(?:the )?(?:summer|sommeren|sommerferien)", _fixed(6, 1, (8, 15))),
    (rf"{_WHEN}\s+(?:the )?(?:autumn|høsten)", _fixed(9, 1, (12, 1))),
    (rf"{_WHEN}\s+(?:the )?(?:winter|vinteren)", _fixed(12, 1, (3, 1))),
)
"""Each pattern with what it means: spring is March, summer June, autumn September, winter December."""
