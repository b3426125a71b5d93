"""A note while it is written: the day in its words is shown before it is kept, and is asked where it is not clear."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from glede.desk.access import DeskRequest, page
from glede.desk.people.moments import open_day
from glede.desk.people.someday import Reading, Understood, reading_of
from glede.kernel.clock import day_of
from glede.kernel.words import day_words

NO_DAY: Final = "none"


@dataclass(frozen=True, slots=True)
class Heard:
    """What a note says of a day: choices of (value, words), the first of them chosen where it is the only one."""

    reading: Reading
    choices: tuple[tuple[str, str], ...]
    past: str = ""

    @property
    def is_clear(self) -> bool:
        """Whether the words mean one day only."""
        return self.reading.is_clear

    def chosen(self, pressed: str) -> Understood | None:
        """Return the day that was shown and left standing, or chosen; None where the note has none.

        A clear day stands though nobody saw it: who writes quickly is told of it afterwards, and may take it back.
        """
        if not pressed and self.is_clear:
            return Understood(self.reading.days[0], self.reading.words)
        days = {value: day for (value, _words), day in zip(self.choices, self.reading.days, strict=True)}
        return Understood(days[pressed], self.reading.words) if pressed in days else None

    def is_unseen(self, pressed: str) -> bool:
        """Return whether the words speak of a day, and nobody has said yet whether it is meant."""
        speaks = bool(self.reading.days or self.reading.past)
        return speaks and pressed != NO_DAY and self.chosen(pressed) is None


def heard(request: DeskRequest, words: str) -> Heard:
    """Return what ``words`` say of a day, told in the reader's language; a day we are closed comes on the next open."""
    reading = reading_of(words, day_of(request.now, request.practice.zone))
    told = tuple((day.isoformat(), _told(open_day(request.practice, day))) for day in reading.days)
    return Heard(reading, told, _told(reading.past) if reading.past else "")


def _told(day: date) -> str:
    return f"{day_words(day, get_language() or 'en')} {day.year}"


@page("note_day", methods=["POST"])
def note_day(request: DeskRequest, patient_id: UUID) -> HttpResponse:
    """Show the day in a note that is being written. Keeps nothing."""
    context = {"heard": heard(request, request.POST.get("words", "")), "no_day": NO_DAY}
    return render(request, "desk/people/_day.html", context)
