"""Who loses a time at the desk is shown the three nearest to it, not the soonest there are."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from glede.diary.tests.stories import FRIDAY, book
from glede.kernel.ids import new_id
from tests.cast import House, open_solberg
from tests.seats import at_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return open_solberg("kari", "jonas", "per", is_virtual=True)


@pytest.fixture
def ingrid(house: House) -> Client:
    return at_desk(house, "ingrid")


def offered(page: str) -> list[str]:
    return [part.partition("|")[0] for part in page.split('name="slot" value="')[1:]]


def test_who_loses_a_time_is_offered_the_three_nearest_to_it(house: House, ingrid: Client) -> None:
    book(house, "jonas", "10:00", day=FRIDAY)
    form = {"service": house.services["eye-test"], "slot": f"{FRIDAY}T10:00|{house.chairs['amal']}"}
    answer = ingrid.post("/book/", {**form, "person": house.people["kari"], "command": new_id()})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Somebody took that time a moment ago" in page
    assert offered(page) == sorted(offered(page))
    assert {slot[:10] for slot in offered(page)} == {str(FRIDAY)}
    assert len(offered(page)) == 3
    assert f'name="from" value="{FRIDAY}"' in page


def test_a_visit_that_loses_its_new_time_is_offered_what_is_near_that(house: House, ingrid: Client) -> None:
    visit = book(house, "kari", "10:00")
    book(house, "jonas", "10:00", day=FRIDAY)
    form = {"slot": f"{FRIDAY}T10:00|{house.chairs['amal']}", "command": new_id()}
    answer = ingrid.post(f"/visits/{visit.pk}/move/", form)
    assert answer.status_code == 409
    assert {slot[:10] for slot in offered(answer.content.decode())} == {str(FRIDAY)}


def test_what_is_free_is_looked_for_once(house: House, ingrid: Client) -> None:
    book(house, "jonas", "10:00", day=FRIDAY)
    form = {"service": house.services["eye-test"], "slot": f"{FRIDAY}T10:00|{house.chairs['amal']}"}
    with CaptureQueriesContext(connection) as asked:
        ingrid.post("/book/", {**form, "person": house.people["kari"], "command": new_id()})
    assert sum("ARRAY_AGG" in one["sql"] for one in asked) == 1
