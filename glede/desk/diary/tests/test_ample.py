"""At the desk somebody who needs more time is offered it, and the visit says so."""

from typing import Any

import pytest
from django.test import Client

from glede.catalogue.queries import service_card
from glede.diary.queries import visits_of
from tests.cast import House, open_solberg
from tests.seats import at_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return open_solberg("kari", "per", is_virtual=True)


@pytest.fixture
def ingrid(house: House) -> Client:
    owner = at_desk(house, "sofie")
    service = house.services["eye-test"]
    form = {
        "name_en": "Eye test", "name_nb": "Synsprøve", "minutes": "40", "buffer_minutes": "5", "sort": "1",
        "more_anxious": "20", "more_first": "10", "more_drops": "15",
    }  # fmt: skip
    assert owner.post(f"/settings/services/{service}/", form).status_code == 302
    card = service_card(house.id, service)
    assert card is not None
    assert card.more_minutes == {"first": 10, "anxious": 20, "drops": 15}
    assert b"first visit 10, anxious 20, drops in the eyes 15" in owner.get("/settings/history/").content
    return at_desk(house, "ingrid")


def slot_of(page: str) -> str:
    return page.split('name="slot" value="')[1].partition('"')[0]


def test_what_is_known_is_chosen_and_what_is_chosen_is_booked(house: House, ingrid: Client) -> None:
    per, service = house.people["per"], house.services["eye-test"]
    page = ingrid.get(f"/book/?person={per}&service={service}").content.decode()
    assert "70 minutes, unhurried: first visit, anxious" in page
    asked: dict[str, Any] = {
        "person": per,
        "service": service,
        "more_asked": "1",
        "more": ["anxious", "drops", "nonsense"],
    }
    page = ingrid.get("/book/", asked).content.decode()
    assert "75 minutes, unhurried: anxious, drops in the eyes" in page
    answer = ingrid.post("/book/", {**asked, "slot": slot_of(page)})
    (visit,) = visits_of(house.id, per)
    assert answer.headers["Location"] == f"/visits/{visit.appointment_id}/"
    assert (visit.minutes, visit.more_time) == (75, ("anxious", "drops"))
    assert "unhurried: anxious, drops in the eyes" in ingrid.get(answer.headers["Location"]).content.decode()


def test_nobody_is_asked_where_nothing_is_added(house: House, ingrid: Client) -> None:
    page = ingrid.get(f"/book/?person={house.people['kari']}&service={house.services['collect']}").content.decode()
    assert "Needs more time" not in page


def test_minutes_beyond_measure_are_refused(house: House) -> None:
    form = {"name_en": "Eye test", "minutes": "40", "buffer_minutes": "5", "sort": "1", "more_child": "500"}
    answer = at_desk(house, "sofie").post(f"/settings/services/{house.services['eye-test']}/", form)
    assert answer.status_code == 422
