"""The lengths that can be chosen inside a sentence: the usual ones, and the one that stands, whatever it is."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext

Choices = list[tuple[int, str]]

DAYS = (*range(1, 32), 35, 42, 49, 56, 60, 70, 75, 84, 90, 100, 120, 150, 180)
AHEAD = (*DAYS, 365)
AFTER = (0, 1, 2, 3, 5, 10, 15, 20, 30, 45, *(60 * n for n in (1, 2, 3, 4, 5, 6, 8, 12, 24, 48, 72, 168)))
OPEN = (30, *(60 * n for n in (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 32, 40)))
WAITS = range(15)
FROM = (-90, -60, -42, -35, -28, -21, -14, -7, -3, -2, -1, 0, 1, 2, 3, 7, 14, 21, 28, 42, 60, 90, 120, 180, 270, 365)
MONTHS = (3, 6, 9, 12, 18, 24, 30, 36, 48, 60)


class LengthField(forms.TypedChoiceField):
    """One of the usual lengths, told in words; the one that stands can be chosen too."""

    def __init__(self, usual: Iterable[int], told: Callable[[int], str], **kwargs: Any) -> None:
        self.usual, self.told = usual, told
        super().__init__(coerce=int, **kwargs)

    def stands_at(self, value: int) -> None:
        """Offer the usual lengths and this one."""
        self.choices = [(one, self.told(one)) for one in sorted({*self.usual, value})]


def days_words(n: int) -> str:
    """Return a number of days in words."""
    return ngettext("%(n)d day", "%(n)d days", n) % {"n": n}


def after_words(minutes: int) -> str:
    """Return how long after something, with the word that leads to what it is."""
    if not minutes:
        return gettext("As soon as")
    if minutes % 60:
        return ngettext("%(n)d minute after", "%(n)d minutes after", minutes) % {"n": minutes}
    return ngettext("%(n)d hour after", "%(n)d hours after", minutes // 60) % {"n": minutes // 60}


def from_words(days: int) -> str:
    """Return how long before or after a day of theirs, with the word that leads to what day it is."""
    if not days:
        return gettext("On")
    if days < 0:
        return ngettext("%(n)d day before", "%(n)d days before", -days) % {"n": -days}
    return ngettext("%(n)d day after", "%(n)d days after", days) % {"n": days}


def months_words(n: int) -> str:
    """Return a number of months in words."""
    return ngettext("%(n)d month", "%(n)d months", n) % {"n": n}


def open_words(minutes: int) -> str:
    """Return a length of open time in words."""
    if minutes % 60:
        return ngettext("%(n)d open minute", "%(n)d open minutes", minutes) % {"n": minutes}
    return ngettext("%(n)d open hour", "%(n)d open hours", minutes // 60) % {"n": minutes // 60}


def waits_words(n: int) -> str:
    """Return how long something waits for a free day."""
    return ngettext("at most %(n)d day", "at most %(n)d days", n) % {"n": n} if n else gettext("not at all")
