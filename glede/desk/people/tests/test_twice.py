"""Two who may be one person: one key says which, and one takes it back."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from glede.people import operations, queries
from tests.cast import KARI, House, open_nordlys, open_solberg
from tests.seats import at_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def solberg() -> House:
    """Solberg, where Kari was written down once more as Mo, and compared."""
    house = open_solberg("kari", "jonas")
    given: dict[str, Any] = {"practice_id": house.id, "now": house.now}
    again = replace(KARI, family_name="Mo", external_id="", emails=("mo@example.org",))
    house.people["twice"] = operations.add_patient(person=again, by=house.by("ingrid"), **given).pk
    operations.note_likenesses(**given)
    return house


@pytest.fixture
def desk(solberg: House) -> Client:
    """Ingrid at the desk."""
    return at_desk(solberg, "ingrid")


def answered(desk: Client, answer: str, keep: UUID, other: UUID) -> Any:
    """Say what two people are to each other."""
    return desk.post("/people/twice/answer/", {"answer": answer, "keep": keep, "other": other}, follow=True)


def waiting(house: House) -> int:
    """How many pairs wait for a colleague."""
    return queries.count_alike(house.id, now=house.now).waiting


def test_both_stand_side_by_side_with_what_speaks_for_one_and_for_two(desk: Client, solberg: House) -> None:
    assert "1 pair may be the same person" in desk.get("/people/").text
    page = desk.get("/people/twice/")
    assert page.context["pair"].first == solberg.people["kari"]
    for words in ("the same first name", "the same birth date", "mo@example.org", "kari.moe@example.org"):
        assert words in page.text
    assert "is joined to it" in page.text


def test_the_other_one_may_stay(desk: Client, solberg: House) -> None:
    page = desk.get("/people/twice/?stays=second")
    assert [card.person.patient_id for card in page.context["cards"]] == [
        solberg.people["twice"],
        solberg.people["kari"],
    ]


def test_one_key_joins_them_and_one_parts_them_again(desk: Client, solberg: House) -> None:
    kari, twice = solberg.people["kari"], solberg.people["twice"]
    page = answered(desk, "same", kari, twice)
    assert "They are one person from now on." in page.text
    assert "Nobody looks like somebody else." in page.text
    assert queries.head_of(solberg.id, twice) == kari
    assert f"/people/twice/{twice}/part/" in page.text
    assert "They are two again" in desk.post(f"/people/twice/{twice}/part/", follow=True).text
    assert queries.head_of(solberg.id, twice) == twice
    assert waiting(solberg) == 1


def test_who_are_two_are_asked_about_no_more_unless_it_is_taken_back(desk: Client, solberg: House) -> None:
    kari, twice = solberg.people["kari"], solberg.people["twice"]
    answered(desk, "two", twice, kari)
    operations.note_likenesses(solberg.id, now=solberg.now)
    assert waiting(solberg) == 0
    desk.post(f"/people/twice/{kari}/{twice}/reconsider/")
    operations.note_likenesses(solberg.id, now=solberg.now)
    assert waiting(solberg) == 1


def test_not_now_asks_again_in_a_month(desk: Client, solberg: House) -> None:
    answered(desk, "later", solberg.people["kari"], solberg.people["twice"])
    operations.note_likenesses(solberg.id, now=solberg.now)
    assert waiting(solberg) == 0
    assert queries.count_alike(solberg.id, now=solberg.now + operations.PUT_OFF).waiting == 1


def test_whoever_was_forgotten_is_compared_no_more(desk: Client, solberg: House) -> None:
    twice = solberg.people["twice"]
    operations.erase_patient(
        practice_id=solberg.id, patient_id=twice, reason="asked", by=solberg.by("sofie"), now=solberg.now
    )
    assert waiting(solberg) == 0
    assert "was forgotten in the meantime" in answered(desk, "same", solberg.people["kari"], twice).text
    assert desk.post("/people/twice/compare/", follow=True).status_code == 200
    assert waiting(solberg) == 0


def test_nobody_of_another_practice_can_be_joined_or_told_apart(desk: Client, solberg: House) -> None:
    theirs = open_nordlys("kari").people["kari"]
    for answer in ("same", "two", "later"):
        answered(desk, answer, solberg.people["kari"], theirs)
    assert queries.head_of(solberg.id, theirs) is None
    assert desk.post(f"/people/twice/{theirs}/part/").status_code == 404
    assert answered(desk, "nothing", solberg.people["kari"], theirs).status_code == 404
