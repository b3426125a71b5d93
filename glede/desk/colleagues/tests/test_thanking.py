"""Thank a colleague at the desk: one sentence, read once on Today, told to all, taken away by either."""

import pytest
from django.test import Client

from tests.cast import House, open_solberg
from tests.seats import at_desk

pytestmark = pytest.mark.django_db
WORDS = "You stayed with Kari until she was calm."


@pytest.fixture
def house() -> House:
    return open_solberg("kari")


def read(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def thank(house: House, who: str = "marius", to: str = "ingrid") -> Client:
    client = at_desk(house, who)
    given = {"to": str(house.colleagues[to]), "words": WORDS, "person": str(house.people["kari"])}
    client.post("/thanks/", given)
    return client


def test_it_stands_on_the_colleagues_today_until_it_is_read(house: House) -> None:
    marius, ingrid = thank(house), at_desk(house, "ingrid")
    assert "Marius Nes thanks you:" in read(ingrid, "/")
    assert WORDS not in read(marius, "/")
    ingrid.post("/thanks/seen/")
    assert WORDS not in read(ingrid, "/")
    feed = read(at_desk(house, "amal"), "/thanks/")
    assert WORDS in feed
    assert f"/people/{house.people['kari']}/" in feed


def test_only_the_two_take_it_away(house: House) -> None:
    marius = thank(house)
    where = read(marius, "/thanks/").split('action="/thanks/')[2].split('"')[0]
    assert at_desk(house, "amal").post(f"/thanks/{where}").status_code == 404
    marius.post(f"/thanks/{where}")
    assert WORDS not in read(marius, "/thanks/")


def test_a_sentence_is_asked_for(house: House) -> None:
    marius = at_desk(house, "marius")
    assert marius.post("/thanks/", {"to": str(house.colleagues["ingrid"])}).status_code == 422
    assert marius.post("/thanks/", {"to": str(house.colleagues["marius"]), "words": WORDS}).status_code == 422


def test_a_person_is_named_who_it_is_about(house: House) -> None:
    assert "About Kari Moe" in read(at_desk(house, "amal"), f"/thanks/?person={house.people['kari']}")
    assert "About" not in read(at_desk(house, "amal"), "/thanks/?person=nobody").split("<main")[1]
