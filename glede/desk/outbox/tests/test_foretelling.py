"""What a colleague reads of a message before its hour: that it will not go and why, or till when it is held."""

from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from glede.journeys.operations import follow
from glede.journeys.tests.stories import NEXT_WEDNESDAY, book, bring, move, oslo, tick
from glede.outbox.queries import of_patient
from glede.people import operations as people
from glede.people.values import Wishes
from tests.cast import House, open_solberg
from tests.seats import at_desk


@pytest.fixture
def house(db: None) -> House:
    house = open_solberg("emily", "solveig", is_virtual=True)
    for who in ("emily", "solveig"):
        bring(house, who, date(2025, 3, 3), number=f"before-{who}", now=house.now)
    return house


@pytest.fixture
def ingrid(house: House) -> Client:
    """Ingrid's browser, in English."""
    return at_desk(house, "ingrid")


def read(client: Client, name: str, *args: object) -> str:
    response = client.get(reverse(f"desk:{name}", args=args))
    assert response.status_code == 200
    return " ".join(unescape(response.content.decode()).split())


def refuse(house: House) -> None:
    people.opt_out(
        practice_id=house.id, patient_id=house.people["emily"], channel=None, scope="all", how="phone",
        by=house.by("ingrid"), now=house.now,
    )  # fmt: skip


def test_whoever_has_refused_is_read_on_every_page_before_the_hour(house: House, ingrid: Client) -> None:
    book(house, "emily")
    tick(house, date(2026, 11, 24), "08:41")
    board = read(ingrid, "outbox_day", NEXT_WEDNESDAY.isoformat())
    assert "1 message would go." in board
    refuse(house)
    follow(house.id, now=house.now)
    board = read(ingrid, "outbox_day", NEXT_WEDNESDAY.isoformat())
    assert "Nothing more goes out. 1 will not go." in board
    assert "Will not go: the person said stop" in board
    assert "will not go: the person said stop" in read(ingrid, "person", house.people["emily"])
    line = next(one for one in of_patient(house.id, [house.people["emily"]], now=house.now) if one.row == "6")
    page = read(ingrid, "message", line.message_id)
    assert "May it go" in page
    assert "Stop this message" in page


def test_who_cannot_be_written_to_is_read_as_a_call_to_come(house: House, ingrid: Client) -> None:
    book(house, "solveig")
    follow(house.id, now=house.now)
    board = read(ingrid, "outbox_day", NEXT_WEDNESDAY.isoformat())
    assert "Will become a call: there is no address we can write to" in board


def test_what_hours_will_hold_is_read_with_the_hour_it_goes(house: House, ingrid: Client) -> None:
    visit = book(house, "emily")
    evening = oslo(date(2026, 11, 25), "19:58")
    tick(house, date(2026, 11, 25), "19:58")
    move(house, visit, date(2026, 12, 10), "10:00", by="ingrid", now=evening)
    people.set_preference(
        practice_id=house.id, patient_id=house.people["emily"], wishes=Wishes(quiet_all=False),
        by=house.by("emily"), now=evening,
    )  # fmt: skip
    follow(house.id, now=evening)
    board = read(ingrid, "outbox_day", "2026-11-25")
    assert "Held till Thu 26 Nov 09:00" in board
    assert "held till Thu 26 Nov 09:00" in read(ingrid, "person", house.people["emily"])
