"""The end of a visit at the desk: the card that Done opens, the row that stays, the person's page."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils.html import strip_tags

from glede.diary.operations import arrive_appointment, book_appointment
from glede.diary.queries import free_times
from glede.diary.requests import Booking
from glede.journeys.operations import advance
from glede.people.queries import reach
from glede.promises.queries import open_promises
from glede.recall.queries import closing_of, next_visit_of
from tests.cast import House, open_solberg
from tests.seats import at_desk

pytestmark = pytest.mark.django_db
ALL_FOUR = {"months": "24", "drops": "on", "follow_up": "Ring her in 2 weeks", "to": "ma", "what_matters": "Drives"}


@pytest.fixture
def house() -> House:
    return open_solberg("kari", is_virtual=True)


@pytest.fixture
def visit(house: House) -> UUID:
    """Return Kari's visit with Amal today; she is here."""
    service, today = house.services["eye-test"], house.now.date()
    found = free_times(house.id, service, from_=today, days=1, now=house.now)
    offer = next(one for one in found if one.practitioner_id == house.chairs["amal"])
    asked = Booking(
        patient_id=house.people["kari"], service_id=service, practitioner_id=offer.practitioner_id, day=offer.day,
        wall_time=offer.wall_time,
    )  # fmt: skip
    given: dict[str, Any] = {"practice_id": house.id, "by": house.by("ingrid"), "now": house.now}
    made = book_appointment(request=asked, **given)
    arrive_appointment(appointment_id=made.pk, **given)
    return made.pk


@pytest.fixture
def amal(house: House) -> Client:
    return at_desk(house, "amal")


def words(client: Client, address: str) -> str:
    return " ".join(strip_tags(client.get(address).content.decode()).split())


def test_done_opens_the_card_for_who_sees_patients_and_for_nobody_else(house: House, visit: UUID, amal: Client) -> None:
    answer = amal.post(f"/visits/{visit}/end/", headers={"referer": "http://testserver/"})
    assert answer.headers["Location"] == f"/visits/{visit}/closing/"
    page = words(amal, answer.headers["Location"])
    assert "65 to" not in page
    assert "From 65 years on: every 12 months. Usual in Norway" in page
    assert "You decide." in page
    raw = amal.get(answer.headers["Location"]).content.decode()
    assert raw.count("suggested</small>") == 1
    assert 'type="radio" name="months" value="12" checked' not in raw
    assert f"/visits/{visit}/closing/" in amal.get("/").content.decode()
    assert f"/visits/{visit}/closing/" not in at_desk(house, "jon").get("/").content.decode()


def test_a_receptionist_stays_where_done_was_pressed_and_may_leave_only_what_is_theirs(
    house: House, visit: UUID
) -> None:
    ingrid = at_desk(house, "ingrid")
    answer = ingrid.post(f"/visits/{visit}/end/", headers={"referer": "http://testserver/"})
    assert answer.headers["Location"] == "http://testserver/"
    assert b'name="months"' not in ingrid.get(f"/visits/{visit}/closing/").content
    assert ingrid.post(f"/visits/{visit}/closing/", ALL_FOUR).status_code == 422
    asked = {"follow_up": "Ask about the lenses tomorrow", "to": "Marius Nes"}
    assert ingrid.post(f"/visits/{visit}/closing/", asked).status_code == 302
    assert {owed.kind for owed in open_promises(house.id)} >= {"follow_up", "hand_over"}


def test_all_four_things_are_left_and_read_where_they_matter(house: House, visit: UUID, amal: Client) -> None:
    kari, address = house.people["kari"], f"/visits/{visit}/closing/"
    amal.post(f"/visits/{visit}/end/")
    refused = amal.post(address, ALL_FOUR)
    assert refused.status_code == 422
    assert b"Say why" in refused.content
    assert closing_of(house.id, visit) is None
    assert amal.post(address, {**ALL_FOUR, "why": "wish"}).headers["Location"] == "/"

    today = words(amal, "/")
    assert "Next eye test: about November 2028, because they wish it." in today
    until = reach(house.id, [kari])[kari].held_until
    assert until is not None
    assert timedelta(hours=6) == until - closing_of(house.id, visit).closed_at  # type: ignore[union-attr]
    assert "Handed over to Marius Nes." in today
    assert f'/visits/{visit}/closing/" aria-label' not in amal.get("/").content.decode()
    marius = words(at_desk(house, "marius"), "/?view=mine")
    assert "Drives" in marius
    assert "handed over after the visit" in marius
    person = words(amal, f"/people/{kari}/")
    assert "Messages are held until" in person
    assert "because they wish it (Dr Amal Haddad)" in person
    closed = words(amal, address)
    assert "Kari Moe’s visit is closed" in closed


def test_the_outbox_says_till_when_and_why_a_message_waits(house: House, visit: UUID, amal: Client) -> None:
    amal.post(f"/visits/{visit}/end/")
    amal.post(f"/visits/{visit}/closing/", {"drops": "on"})
    advance(house.id, to=house.now + timedelta(minutes=1))
    assert "Held till 14:40: drops in the eyes" in words(amal, "/outbox/")
    advance(house.id, to=house.now + timedelta(hours=5, minutes=59))
    assert "Held till 14:40: drops in the eyes" in words(amal, "/outbox/")
    advance(house.id, to=house.now + timedelta(hours=6, minutes=1))
    assert "drops in the eyes" not in words(amal, "/outbox/")


def test_what_was_left_is_taken_back_by_one_press(house: House, visit: UUID, amal: Client) -> None:
    kari, address = house.people["kari"], f"/visits/{visit}/closing/"
    amal.post(f"/visits/{visit}/end/")
    amal.post(address, {"months": "12", "drops": "on"})
    closed = closing_of(house.id, visit)
    assert closed
    assert next_visit_of(house.id, kari).why == "age"  # type: ignore[union-attr]
    answer = amal.post(f"/visits/closings/{closed.id}/taken-back/")
    assert answer.headers["Location"] == address
    assert next_visit_of(house.id, kari) is None
    assert amal.post(f"/visits/closings/{closed.id}/taken-back/").status_code == 404


@pytest.mark.parametrize(
    ("asked", "words_of_refusal"),
    [
        ({"to": "zz"}, "Nobody, or more than one"),
        ({"what_matters": "Drives"}, "Write who takes over."),
        ({"other_months": "121"}, "Write 1 to 120 months."),
        ({"months": "other"}, "Write 1 to 120 months."),
        ({"months": "7"}, "Say why"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_written_stays(
    house: House, visit: UUID, amal: Client, asked: dict[str, str], words_of_refusal: str
) -> None:
    amal.post(f"/visits/{visit}/end/")
    answer = amal.post(f"/visits/{visit}/closing/", {"follow_up": "Ring her", **asked})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words_of_refusal in page
    assert 'value="Ring her"' in page
    assert closing_of(house.id, visit) is None


def test_the_next_visit_is_changed_on_the_persons_page_and_taken_back(house: House, amal: Client) -> None:
    kari = house.people["kari"]
    address = f"/people/{kari}/next-visit/"
    assert amal.post(address, {}).status_code == 422
    assert amal.post(address, {"other_months": "9", "words": "New drops for pressure"}).status_code == 302
    due = next_visit_of(house.id, kari)
    assert due
    assert (due.months, due.why, due.words) == (9, "other", "New drops for pressure")
    assert "about August 2027, New drops for pressure (Dr Amal Haddad)" in words(amal, f"/people/{kari}/")
    assert amal.post(address, {"months": "none", "why": "wish"}).status_code == 302
    assert "No next visit is planned, because they wish it" in words(amal, address)
    now = next_visit_of(house.id, kari)
    assert now
    assert at_desk(house, "ingrid").post(f"/people/next-visits/{now.id}/taken-back/").status_code == 302
    assert next_visit_of(house.id, kari) == now
    amal.post(f"/people/next-visits/{now.id}/taken-back/")
    assert next_visit_of(house.id, kari) == due
    assert b'name="months"' not in at_desk(house, "ingrid").get(address).content
