"""Who steps away from the desk leaves nothing behind that is owed within the hour."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from glede.kernel.actor import SYSTEM
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.ledger.queries import events
from glede.promises import operations, queries
from glede.promises.operations import NewPromise
from tests.cast import House, open_nordlys, open_solberg

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def house() -> House:
    return open_solberg("jonas")


def owe(house: House, due: timedelta, kind: str = "answer") -> UUID:
    new = NewPromise(kind, Ref("conversation", new_id()), house.now + due, "x", owner_id=house.colleagues["ingrid"])
    return operations.make_promise(practice_id=house.id, new=new, by=SYSTEM, now=house.now).pk


def owners(house: House) -> list[object]:
    return [owed.owner_id for owed in queries.open_promises(house.id)]


def test_what_is_owed_within_the_hour_goes_back_to_everybody(house: House) -> None:
    for due in (-HOUR, HOUR, 2 * HOUR):
        owe(house, due)
    given: dict[str, Any] = {"practice_id": house.id, "by": house.by("ingrid"), "now": house.now}
    assert operations.step_away(**given) == 2
    assert operations.step_away(**given) == 0
    assert owners(house) == [None, None, house.colleagues["ingrid"]]
    assert queries.away(house.id) == {house.colleagues["ingrid"]: house.now}
    first = queries.open_promises(house.id)[0]
    assert queries.last_handed(house.id, [first.id])[first.id].reason == operations.AWAY
    operations.step_back(**given)
    operations.step_back(**given)
    assert queries.away(house.id) == {}
    kinds = [e.kind for e in events(house.id) if ".absence." in e.kind]
    assert kinds == ["promises.absence.begun", "promises.absence.ended"]


def test_only_a_colleague_is_at_a_desk(house: House) -> None:
    for step in (operations.step_away, operations.step_back):
        with pytest.raises(operations.NotAtADesk):
            step(practice_id=house.id, by=SYSTEM, now=house.now)


def test_handed_over_for_later_is_broken_with_its_cause_and_promised_anew(house: House) -> None:
    promise_id = owe(house, HOUR)
    marius, late = house.colleagues["marius"], house.now + 20 * HOUR
    anew = operations.hand_promise(
        practice_id=house.id, promise_id=promise_id, owner_id=marius, due_at=late, note="Knows her frames",
        by=house.by("ingrid"), now=house.now,
    )  # fmt: skip
    ((outcome, _at, who, reason, note),) = queries.outcomes_of(house.id, promise_id)
    assert (outcome, who, reason, note) == ("broken", house.colleagues["ingrid"], "handed_over", "Knows her frames")
    (owed,) = queries.open_promises(house.id)
    assert (owed.id, owed.owner_id, owed.due_at) == (anew.pk, marius, late)
    assert queries.last_handed(house.id, [anew.pk])[anew.pk].note == "Knows her frames"


def test_handed_over_for_sooner_is_sharpened(house: House) -> None:
    promise_id = owe(house, 2 * HOUR)
    operations.hand_promise(
        practice_id=house.id, promise_id=promise_id, owner_id=None, due_at=house.now + HOUR, by=house.by("ingrid"),
        now=house.now,
    )  # fmt: skip
    (owed,) = queries.open_promises(house.id)
    assert (owed.id, owed.due_at, owed.owned_since) == (promise_id, house.now + HOUR, house.now)


def test_the_other_practice_sees_nobody_away(house: House) -> None:
    operations.step_away(practice_id=house.id, by=house.by("ingrid"), now=house.now)
    other = open_nordlys("nils")
    assert queries.away(other.id) == {}
    assert queries.last_handed(other.id, [owe(house, HOUR)]) == {}
