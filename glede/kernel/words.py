"""Dates and times in the words people use (never dd/mm, "2:30pm" in English, "kl. 14.30" in Norwegian)."""

import re
from datetime import date, time
from typing import Literal

Audience = Literal["patient", "staff"]

_IN_NUMBER = re.compile(r"(?<=\d) (?=\d)")

_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "nb": ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
}
_MONTHS = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "nb": (
        "januar", "februar", "mars", "april", "mai", "juni",
        "juli", "august", "september", "oktober", "november", "desember",
    ),
}  # fmt: skip


def _language(language: str) -> str:
    return "nb" if language[:2] in {"nb", "no", "nn"} else "en"


def weekday_word(day: date, language: str) -> str:
    """Return the weekday: "Thursday", "torsdag"."""
    return _DAYS[_language(language)][day.weekday()]


def short_weekday_word(day: date, language: str) -> str:
    """Return the weekday for narrow staff columns: "Thu", "tor."."""
    tongue = _language(language)
    return _DAYS[tongue][day.weekday()][:3] + ("." if tongue == "nb" else "")


def day_words(day: date, language: str, *, with_year: bool = False) -> str:
    """Return the day in words: "Thursday 26 November", "torsdag 26. november"."""
    tongue = _language(language)
    dot = "." if tongue == "nb" else ""
    year = f" {day.year}" if with_year else ""
    return f"{_DAYS[tongue][day.weekday()]} {day.day}{dot} {_MONTHS[tongue][day.month - 1]}{year}"


def short_day_words(day: date, language: str) -> str:
    """Return the day for narrow staff columns: "Thu 26 Nov", "tor. 26. nov."."""
    tongue = _language(language)
    name, month = _DAYS[tongue][day.weekday()][:3], _MONTHS[tongue][day.month - 1][:3]
    return f"{name}. {day.day}. {month}." if tongue == "nb" else f"{name} {day.day} {month}"


def month_words(day: date, language: str) -> str:
    """Return the month of a day: "November 2026", "november 2026"."""
    return f"{_MONTHS[_language(language)][day.month - 1]} {day.year}"


def time_words(at: time, language: str, audience: Audience = "patient") -> str:
    """Return a clock time: staff "14:30"; patients "2:30pm", "10am" or "kl. 14.30", "kl. 10"."""
    if audience == "staff":
        return f"{at.hour:02d}:{at.minute:02d}"
    if _language(language) == "nb":
        return f"kl. {at.hour}.{at.minute:02d}" if at.minute else f"kl. {at.hour}"
    half = "am" if at.hour < 12 else "pm"
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{half}"


def unbroken(words: str) -> str:
    """Return ``words`` with each number kept on one line: "22 12 34 56"."""
    return _IN_NUMBER.sub("\u00a0", words)
