"""Booking online as a manager opens it: closed first, in the history of changes, and taken back there."""

from typing import Any

import pytest
from django.urls import reverse

from glede.catalogue.queries import online_booking
from glede.diary.queries.sources import came_by
from glede.diary.tests.stories import book
from glede.practices.queries import practice_by_id
from tests.cast import MORNING, House, open_solberg
from tests.seats import at_desk

pytestmark = pytest.mark.django_db
ASKED = {"notice": "120", "ahead": "30", "is_open": "on", "name": "Øyelegen på Torget"}


@pytest.fixture
def house() -> House:
    return open_solberg("kari", "jonas", password="et langt passord")


def words(response: Any) -> str:
    return str(response.content.decode())


def test_a_manager_opens_the_page_and_takes_it_back_from_the_history(house: House) -> None:
    desk, page = at_desk(house, "sofie"), reverse("desk:settings_online")
    assert "Strangers cannot book online yet." in words(desk.get(page))
    assert desk.post(page, ASKED).status_code == 422
    chosen = {"service_1": house.services["lens-check"], "reason_en_1": "My lenses", "reason_nb_1": "Linsene mine"}
    shown = words(desk.post(page, ASKED | chosen | {"service_2": house.services["eye-test"]}, follow=True))
    assert "Strangers can book online." in shown
    assert "/book/oyelegen-pa-torget/" in shown
    assert "/book/oyelegen-pa-torget/" in words(desk.get(reverse("desk:settings_online_sign"))).replace("<wbr>", "")
    found = online_booking("oyelegen-pa-torget")
    assert found
    assert next(one.words_in("nb") for one in found.reasons) == "Linsene mine"
    assert (found.is_open, len(found.reasons), found.days_ahead) == (True, 2, 30)
    history = words(desk.get(reverse("desk:settings_history")))
    assert "strangers may book online" in history
    assert "My lenses" in history
    undo = history.split('action="/settings/history/')[1].split('"')[0]
    desk.post(f"/settings/history/{undo}")
    assert not practice_by_id(house.id).books_online


def test_a_receptionist_does_not(house: House) -> None:
    assert at_desk(house, "ingrid").get(reverse("desk:settings_online")).status_code == 403


def test_how_visits_came_is_counted(house: House) -> None:
    book(house, "kari", "10:00")
    assert came_by(house.id, since=MORNING) == {"desk": 1}
    shown = words(at_desk(house, "sofie").get(reverse("desk:settings_online")))
    assert "Visits booked in the last 30 days: 1, of them 0 online" in shown
