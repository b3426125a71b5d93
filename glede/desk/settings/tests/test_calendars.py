"""The pages of the calendars kept elsewhere: added by file or address, how old, what was odd, and what is asked."""

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from glede.calendars.queries import calendars
from glede.calendars.tests.invented import BROKEN_ZONE, IN_THE_OFFICE, LUNCH, MEETING, calendar
from glede.promises.queries import open_promises
from tests.cast import House, open_solberg
from tests.seats import at_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return open_solberg("kari", is_virtual=True)


@pytest.fixture
def sofie(house: House) -> Client:
    return at_desk(house, "sofie")


def words(response: Any) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", " ", response.content.decode())).split())


def file(*events: str, before: str = "") -> SimpleUploadedFile:
    return SimpleUploadedFile("mine.ics", calendar(*events, before=before), "text/calendar")


def add(sofie: Client, house: House, **asked: Any) -> Any:
    form = {"practitioner": str(next(iter(house.chairs.values()))), "name": "Outlook", **asked}
    return sofie.post(reverse("desk:settings_calendars"), form, follow=True)


def test_a_file_is_added_and_what_was_odd_is_said(house: House, sofie: Client) -> None:
    page = words(add(sofie, house, file=file(LUNCH, MEETING, IN_THE_OFFICE, before=BROKEN_ZONE)))
    assert "6 busy times are held." in page
    assert "a table of a time zone that cannot be read (Kontoret), line 4" in page
    assert "3 events: 3 busy, 0 free, 0 past or far ahead, 0 not read." in page
    assert "Kari Moe" not in page
    assert "Outlook" in words(sofie.get(reverse("desk:settings_calendars")))


def test_what_vanished_is_asked_on_today_and_answered_by_anybody(house: House, sofie: Client) -> None:
    add(sofie, house, file=file(LUNCH, MEETING))
    (one,) = calendars(house.id, now=house.now)
    sofie.post(reverse("desk:settings_calendar_file", args=[one.id]), {"file": file(LUNCH)})
    ingrid = at_desk(house, "ingrid")
    assert "times stand there no longer: say whether they are free" in words(ingrid.get("/"))
    where = reverse("desk:settings_calendar", args=[one.id])
    (asked,) = [owed for owed in open_promises(house.id) if owed.cause == "calendar_gone"]
    card = ingrid.get(f"{reverse('desk:today')}?open={asked.id}").content.decode()
    assert f'href="{where}" data-key="e"' in card
    assert reverse("desk:call_outcome", args=[asked.id]) not in card  # it is answered there, never by "Done"
    assert "Vanished there: are they free?" in words(ingrid.get(where))
    (one,) = calendars(house.id, now=house.now)
    ingrid.post(reverse("desk:settings_calendar_answer", args=[one.id]), {"time": [one.vanished[0].id], "say": "free"})
    assert "Vanished there" not in words(ingrid.get(where))
    assert "times stand there no longer" not in words(ingrid.get("/"))
    assert ingrid.post(reverse("desk:settings_calendar_stop", args=[one.id])).status_code == 403
    sofie.post(reverse("desk:settings_calendar_stop", args=[one.id]))
    assert sofie.get(where).status_code == 404


def test_what_is_no_calendar_and_no_address_is_refused_in_words(house: House, sofie: Client) -> None:
    page = words(add(sofie, house, file=SimpleUploadedFile("x.ics", b"<html>Sign in</html>")))
    assert "Nothing was taken from it: this is no calendar file." in page
    assert "only addresses that begin with https" in words(add(sofie, house, address="http://calendar.example/x"))
    assert "Choose a file, or write an address: one of the two" in words(add(sofie, house))
    assert len(calendars(house.id, now=house.now)) == 1
