"""The page "What will go": figures that add up, the very words, two lists of people, and pages to turn."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape
from random import Random

import pytest
from django.test import Client
from django.urls import reverse

from glede.desk.forecast import kept
from glede.desk.forecast.telling import Texts, told
from glede.journeys.forecast import forecast
from glede.journeys.tests.crowds import crowd, refuse
from glede.journeys.tests.stories import NEXT_WEDNESDAY, book, tick
from glede.outbox.models import Message
from glede.people.values import PersonForm
from glede.practices import scope
from glede.practices.queries import practice_by_id, practice_now
from tests.cast import House, add, open_solberg
from tests.seats import at_desk
from tests.snapshot import hash_of_everything

WHO_LOOKED = frozenset({"ledger_access"})


@pytest.fixture
def house(db: None) -> House:
    kept._kept.clear()
    return open_solberg("emily", is_virtual=True)


@pytest.fixture
def sofie(house: House) -> Client:
    """The owner's browser, in English."""
    return at_desk(house, "sofie")


def read(client: Client, asked: str = "") -> str:
    response = client.get(reverse("desk:forecast") + asked)
    assert response.status_code == 200
    return " ".join(unescape(re.sub("<[^>]+>", " ", response.content.decode())).split())


def test_an_empty_diary_says_where_messages_come_from(sofie: Client) -> None:
    assert "Nothing would go in the next 14 days." in read(sofie)
    assert "Messages come from visits." in read(sofie)


def test_it_opens_with_what_goes_and_adds_up(house: House, sofie: Client) -> None:
    crowd(house, Random(4), 12)
    practice = practice_by_id(house.id)
    now = practice_now(practice)
    found = told(forecast(practice, since=now, until=now + timedelta(days=14), now=now), practice.zone, Texts(0, 0))
    assert sum(day.email + day.sms for day in found.days) == found.messages
    assert sum(day.call for day in found.days) == found.calls
    assert sum(day.total for day in found.days) == sum(len(lines) for lines in found.of_day.values())
    assert f"In the next 14 days {found.messages} messages go and {found.calls} calls fall to you." in read(sofie)


def test_a_line_opens_to_the_very_words_and_the_reason(house: House, sofie: Client) -> None:
    book(house, "emily")
    page = read(sofie, f"?day={NEXT_WEDNESDAY}&open=0")
    assert "The day before" in page
    assert "A visit is coming." in page
    tick(house, NEXT_WEDNESDAY, "15:01")
    with scope.transaction(house.id):
        assert " ".join(Message.objects.get(touch__row="6", state="rehearsed").body.split()) in page


def test_thanks_stand_under_perhaps(house: House, sofie: Client) -> None:
    book(house, "emily")
    assert "1 more if people come" in read(sofie, "?days=7")
    assert "2 more if people come" in read(sofie)


def test_who_cannot_be_written_to_stands_in_a_list_of_their_own(house: House, sofie: Client) -> None:
    add(house, "nils", PersonForm(given_name="Nils", family_name="Uten"))
    book(house, "nils")
    page = read(sofie, "?show=unreached")
    assert "No way to write (1)" in page
    assert "Nils Uten" in page
    assert "there is no address we can write to" in page


def test_whom_the_rules_leave_out_stands_with_the_reason(house: House, sofie: Client) -> None:
    book(house, "emily")
    refuse(house, "emily")
    page = read(sofie, "?show=left-out")
    assert "Left out by the rules (1)" in page
    assert "Emily" in page
    assert "the person said stop" in page
    assert "nothing goes" in page


def test_many_lines_are_turned_by_pages(house: House, sofie: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("glede.desk.forecast.views.LINES", 5)
    crowd(house, Random(4), 12)
    day = f"?day={house.now.date()}"
    assert "Page 1 of" in read(sofie, day)
    assert "Page 2 of" in read(sofie, f"{day}&page=2")
    assert read(sofie, f"{day}&page=999") == read(sofie, f"{day}&page=0{len(read(sofie))}")


@pytest.mark.parametrize("asked", ["?days=x&day=tomorrow&page=-1&open=²", "?days=99999999999&show=all&row=%00"])
def test_whatever_is_typed_behind_it_shows_the_page(house: House, sofie: Client, asked: str) -> None:
    book(house, "emily")
    assert "In the next 14 days" in read(sofie, asked)


def test_reading_writes_nothing_but_who_looked(house: House, sofie: Client) -> None:
    book(house, "emily")
    read(sofie)
    before = hash_of_everything(house.id, but=WHO_LOOKED)
    read(sofie)
    read(sofie, "?days=90")
    assert hash_of_everything(house.id, but=WHO_LOOKED) == before


def test_texts_are_counted_by_the_part_and_priced_by_what_was_paid() -> None:
    assert Texts(3, 4, Decimal("0.49"), "NOK").cost == Decimal("1.96")
    assert Texts(3, 4).cost is None


def test_a_change_in_the_practice_is_seen_at_once(house: House, sofie: Client) -> None:
    assert "Nothing would go" in read(sofie)
    book(house, "emily")
    assert "fall" in read(sofie)
