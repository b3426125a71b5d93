"""A made-up person and visit, so that a wording can be read before anybody gets it."""

from datetime import datetime, time, timedelta

from glede.diary.facts import VisitFacts
from glede.diary.rules import State
from glede.journeys.composing import places, places_of_a_day, said, said_of_a_day
from glede.journeys.hours import at_wall, day_of
from glede.journeys.wording import Words
from glede.kernel.ids import new_id
from glede.outbox.composing import Content
from glede.practices.models import Practice

NAME = {"en": "Kari", "nb": "Kari"}
_TEN = time(10)
_MINUTES = 40


def example_visit(practice: Practice, *, now: datetime) -> VisitFacts:
    """Return a made-up eye test tomorrow at ten."""
    day = day_of(now, practice.zone) + timedelta(days=1)
    starts = at_wall(day, _TEN, practice.zone)
    return VisitFacts(
        appointment_id=new_id(), patient_id=new_id(), state=State.BOOKED, version=1, day=day, wall_time=_TEN,
        zone=practice.zone, starts_at=starts, ends_at=starts + timedelta(minutes=_MINUTES), minutes=_MINUTES,
        is_day_visit=False, is_history=False, is_imported=False, is_first_visit=False, source="desk", external_id="",
        link_code="K7M4Q9XW2PABC", booked_at=now, booked_by="colleague", practitioner_given_name="Amal",
        service_name={"en": "Eye test", "nb": "Synsprøve"}, price_minor_units=89000, delay_minutes=20,
        what_to_bring={"en": "Your glasses.", "nb": "Brillene dine."},
    )  # fmt: skip


def preview(
    practice: Practice, words: Words, style: str, way: tuple[str, str], *, now: datetime, is_of_a_day: bool = False
) -> Content:
    """Return a wording as Kari would get it about her visit tomorrow, or about a day of hers where it names no visit.

    ``way`` is the channel and the language.
    """
    if is_of_a_day:
        values = places_of_a_day(practice, name=NAME[way[1]], channel=way[0], language=way[1], end="")
        return said_of_a_day(words, style, values, way)
    visit = example_visit(practice, now=now)
    values = places(practice, visit, (), name=NAME[way[1]], language=way[1], now=now)
    return said(words, style, values, visit, way)
