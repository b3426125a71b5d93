"""Thanks between colleagues: read once, told to all, taken back by either, gone with the person they are about."""

from typing import Any
from uuid import UUID

import pytest

from glede.ledger.registry import handlers
from glede.practices import scope
from glede.team import operations, queries
from glede.team.models import Thanks
from tests.cast import House, open_solberg

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return open_solberg("kari")


def given(house: House, who: str) -> dict[str, Any]:
    return {"practice_id": house.id, "by": house.by(who), "now": house.now}


def thank(house: House, words: str = "You stayed with Kari until she was calm.", to: str = "ingrid") -> Thanks:
    new = operations.NewThanks(house.colleagues[to], words, house.people["kari"])
    return operations.thank_colleague(thanks=new, **given(house, "sofie"))


def test_a_colleague_is_thanked_and_reads_it_once(house: House) -> None:
    thank(house)
    ingrid: UUID = house.colleagues["ingrid"]
    assert [one.words for one in queries.unseen_thanks(house.id, ingrid)] == [thank.__defaults__[0]]  # type: ignore[index]
    assert operations.see_thanks(**given(house, "ingrid")) == 1
    assert operations.see_thanks(**given(house, "ingrid")) == 0
    assert not queries.unseen_thanks(house.id, ingrid)
    assert len(queries.last_thanks(house.id)) == 1


@pytest.mark.parametrize(("words", "to"), [("  ", "ingrid"), ("Thank me", "sofie")])
def test_nobody_thanks_themselves_or_without_a_word(house: House, words: str, to: str) -> None:
    with pytest.raises(operations.CannotThank):
        thank(house, words, to)


def test_nobody_thanks_a_stranger(house: House) -> None:
    new = operations.NewThanks(house.people["kari"], "Thanks")
    with pytest.raises(operations.CannotThank):
        operations.thank_colleague(thanks=new, **given(house, "sofie"))


def test_either_of_the_two_takes_it_back_and_nobody_else(house: House) -> None:
    row = thank(house)
    with pytest.raises(operations.NoSuchThanks):
        operations.withdraw_thanks(thanks_id=row.pk, **given(house, "nina"))
    operations.withdraw_thanks(thanks_id=row.pk, **given(house, "ingrid"))
    assert not queries.last_thanks(house.id)
    with scope.transaction(house.id):
        assert Thanks.objects.get().words == ""


def test_it_goes_with_the_person_it_is_about(house: House) -> None:
    thank(house)
    kari = house.people["kari"]
    with scope.transaction(house.id):
        assert [told["words"] for told in handlers("export")["team"](house.id, kari)]
        handlers("erase")["team"](house.id, kari, by=house.by("sofie"), now=house.now)
        assert not handlers("export")["team"](house.id, kari)
    assert not queries.last_thanks(house.id)
