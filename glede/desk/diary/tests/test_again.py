"""A series at the desk: each date looked at, booked in one press, given up in one."""

import re
from uuid import UUID

import pytest

from glede.diary.queries.series import series_facts
from glede.diary.tests.stories import book, follow
from glede.kernel.ids import new_id
from tests.cast import House, open_nordlys, open_solberg
from tests.seats import at_desk

pytestmark = pytest.mark.django_db
OFTEN = {"every": "1", "unit": "week", "count": "3", "at": "10:00"}


@pytest.fixture
def house() -> House:
    return open_solberg("kari", "tor")


def test_a_series_is_looked_at_booked_and_given_up(house: House) -> None:
    visit, client, command = book(house, "kari"), at_desk(house, "ingrid"), str(new_id())
    book(house, "tor", "10:00", day=visit.day.replace(month=12, day=10))
    where = f"/visits/{visit.pk}/series/"
    looked = client.get(where, OFTEN).content.decode()
    assert "3 dates, 2 free" in looked
    chosen = [re.findall(rf'value="({n}\|[^"]+)"', looked)[0] for n in (1, 2, 3)]
    pressed = {**OFTEN, "date": chosen, "command": command}
    made = client.post(where, pressed)
    assert client.post(where, pressed).headers["Location"] == made.headers["Location"]
    page = client.get(made.headers["Location"]).content.decode()
    assert page.count("<td>Booked</td>") == 3
    series_id = made.headers["Location"].split("/")[2]
    assert client.post(f"/series/{series_id}/end/", {"reason": "time"}).status_code == 302
    visits = series_facts(house.id, UUID(series_id), now=house.now).visits
    assert {str(one.state) for one in visits.values()} == {"cancelled"}


def test_another_practice_finds_no_series(house: House) -> None:
    visit = book(house, "kari")
    other = at_desk(open_nordlys("kari"), "leif")
    assert other.get(f"/visits/{visit.pk}/series/").status_code == 404
    assert other.get(f"/series/{new_id()}/").status_code == 404


def test_the_page_of_a_visit_names_what_belongs_to_it(house: House) -> None:
    follow(house)
    visit = book(house, "kari", more_time=frozenset())
    assert "Collect and fit" in at_desk(house, "ingrid").get(f"/visits/{visit.pk}/").content.decode()
