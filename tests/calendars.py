"""The scenes of the operations behind the calendars that clinicians keep elsewhere."""

from typing import Any
from uuid import UUID

from glede.calendars.operations import add_calendar, take_file
from glede.calendars.queries import calendar_for
from glede.calendars.tests.invented import LUNCH, MEETING, calendar
from glede.calendars.values import Fetched, NewCalendar
from glede.kernel.periods import Period
from tests.estate import Estate
from tests.scenery import Scene, given


def a_calendar(estate: Estate, *events: str) -> UUID:
    """Add a calendar of the first clinician, told by a file of these events."""
    key = add_calendar(new=_new(estate), **given(estate))
    if events:
        take_file(calendar_id=key, name="x.ics", content=calendar(*events), **given(estate))
    return key


def _new(estate: Estate) -> NewCalendar:
    return NewCalendar(estate.ids["practitioner_id"], "Outlook", "https://calendar.example/x.ics")


def _vanished(estate: Estate) -> dict[str, Any]:
    key = a_calendar(estate, LUNCH, MEETING)
    take_file(calendar_id=key, name="y.ics", content=calendar(LUNCH), **given(estate))
    (gone,) = calendar_for(estate.house.id, key, now=estate.house.now).vanished
    return {"calendar_id": key, "times": [gone.id], "is_free": True}


def _busy(estate: Estate) -> dict[str, Any]:
    start = estate.house.now.replace(year=2027)
    period = Period(start, start.replace(hour=start.hour + 1))
    return {"practitioner_id": estate.ids["practitioner_id"], "wanted": [period], "held": []}


SCENES: dict[str, Scene] = {
    "diary.hold_busy": Scene(_busy),
    "calendars.add_calendar": Scene(lambda e: {"new": _new(e)}),
    "calendars.take_file": Scene(lambda e: {"calendar_id": a_calendar(e), "name": "x.ics", "content": calendar(LUNCH)}),
    "calendars.take_fetched": Scene(
        lambda e: {"calendar_id": a_calendar(e, LUNCH), "fetched": Fetched(calendar(MEETING))}
    ),
    "calendars.read_again": Scene(lambda e: {"calendar_id": a_calendar(e, LUNCH)}),
    "calendars.answer_vanished": Scene(_vanished),
    "calendars.stop_calendar": Scene(lambda e: {"calendar_id": a_calendar(e, LUNCH)}),
}
