"""Faults that others tell of links and clocks, lived through twice: as we are, and without what keeps us from them."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client

from glede.diary import calendar_file
from glede.journeys import composing
from glede.journeys.operations import advance
from glede.kernel.clock import at_wall, wall
from glede.outbox.operations import unsubscribe
from glede.outbox.queries import of_patient
from glede.outbox.unsubscribing import Unsubscription, unsubscribe_token
from glede.people.queries import reach
from glede.people.values import Wishes
from glede.portal.outbox import views
from glede.portal.tests.guests import Visitor, visitor
from tests import cast
from tests.cast import MORNING, House, open_solberg, wish

pytestmark = pytest.mark.django_db
AUCKLAND = "Pacific/Auckland"
MONDAY, TEN = date(2026, 11, 30), time(10)  # the evening before in UTC
LINK = re.compile(r"https?://[^\s<>]+")
both = pytest.mark.parametrize("is_kept", [True, False], ids=["kept", "control"])


@pytest.fixture(autouse=True)
def fresh_throttle() -> None:
    cache.clear()


def texts_of(house: House, name: str) -> list[str]:
    """Every message somebody got, as it was sent."""
    return [line.body for line in of_patient(house.id, [house.people[name]], now=house.now) if line.body]


def in_the_calendar(guest: Visitor) -> datetime:
    """When the visit begins by the calendar file."""
    found = re.search(r"DTSTART:(\d{8}T\d{6})Z", guest.get("visit.ics").content.decode())
    assert found
    return datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


@pytest.mark.parametrize("guards_off", ["", "calendar", "words"])
def test_mail_text_page_and_calendar_tell_the_same_minute_of_the_same_day(
    monkeypatch: pytest.MonkeyPatch, guards_off: str
) -> None:
    monkeypatch.setattr(cast, "SOLBERG", replace(cast.SOLBERG, country="GB", zone=AUCKLAND, language="en"))
    house = open_solberg("emily", now=MORNING, is_virtual=True)
    begins = at_wall(MONDAY, TEN, AUCKLAND)
    guest = visitor(house, "emily", day=MONDAY, at=TEN)
    if guards_off == "calendar":  # the wall's time, handed on as if it were the world's
        monkeypatch.setattr(calendar_file, "_utc", lambda at: f"{wall(at, AUCKLAND):%Y%m%dT%H%M%S}Z")
    if guards_off == "words":  # the world's time, told as if it were the wall's
        monkeypatch.setattr(composing, "time_words", lambda *_: f"{begins:%-I%p}".lower())
    wish(house, "emily", Wishes(channels=("email",)))
    advance(house.id, to=house.now + timedelta(days=1))
    wish(house, "emily", Wishes(channels=("sms",)))
    house.now = begins - timedelta(hours=12)
    advance(house.id, to=house.now)
    booked, *_, reminder = sorted(texts_of(house, "emily"), key=len, reverse=True)
    page = guest.get().content.decode()
    same = [
        *("Monday 30 November" in one and "10am" in one for one in (booked, page)), "10am" in reminder,
        in_the_calendar(guest) == begins,
    ]  # fmt: skip
    assert all(same) is not bool(guards_off)


@both
def test_every_link_that_was_sent_does_what_it_says(monkeypatch: pytest.MonkeyPatch, is_kept: bool) -> None:
    house = open_solberg("emily", now=MORNING, is_virtual=True)
    visitor(house, "emily")
    advance(house.id, to=house.now + timedelta(days=1))
    house.now += timedelta(days=1)
    for link in [found for text in texts_of(house, "emily") for found in LINK.findall(text)]:
        assert Client().get(urlsplit(link).path).status_code == 200, link
    if not is_kept:  # it says that it is done, and does nothing
        monkeypatch.setattr(views, "stop_news", lambda **_: None)
    emily = house.people["emily"]
    line = of_patient(house.id, [emily], now=house.now)[0]
    path = f"/u/{unsubscribe_token(house.id, line.message_id)}/"
    assert 'class="told"' in Client().post(path, {"List-Unsubscribe": "One-Click"}).content.decode()
    assert ({scope for _, scope in reach(house.id, [emily])[emily].opted_out} == {"marketing"}) is is_kept


@both
def test_a_scanners_look_stops_nothing(monkeypatch: pytest.MonkeyPatch, is_kept: bool) -> None:
    house = open_solberg("emily", now=MORNING, is_virtual=True)
    visitor(house, "emily")
    advance(house.id, to=house.now + timedelta(days=1))
    emily = house.people["emily"]
    line = of_patient(house.id, [emily], now=house.now)[0]
    if not is_kept:  # a look counts as a press
        monkeypatch.setattr(views, "read_unsubscribe_token", pressed)
    for method in ("get", "head"):
        getattr(Client(), method)(f"/u/{unsubscribe_token(house.id, line.message_id)}/")
    assert (not reach(house.id, [emily])[emily].opted_out) is is_kept


def pressed(token: str) -> Unsubscription | None:
    """Read a token, and act on it at once."""
    return unsubscribe(token=token, now=MORNING + timedelta(days=1))
