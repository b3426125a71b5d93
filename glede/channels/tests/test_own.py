"""A try of a channel goes to a colleague's own address, which a code has proved, and to no other."""

import re
from datetime import timedelta
from typing import Any

import pytest

from glede.channels.operations.own import LASTS, NotProved, ask_own_address, prove_own_address, try_channel
from glede.channels.operations.texts import OnlyPretended
from glede.kernel.actor import SYSTEM
from glede.outbox import transports
from glede.outbox.tests.scenes import Scripted
from glede.practices.models import Practice
from tests.cast import House, open_solberg

pytestmark = pytest.mark.django_db


@pytest.fixture
def email(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """E-mail that does as told."""
    scripted = Scripted()
    monkeypatch.setattr(transports, "_transports", {"email": scripted})
    return scripted


@pytest.fixture
def mine() -> dict[str, Any]:
    """A colleague on e-mail, in a practice on the real clock."""
    house: House = open_solberg("kari")
    Practice.objects.filter(pk=house.id).update(clock="real", virtual_now=None, ticked_at=None)
    member = next(iter(house.colleagues.values()))
    return {"practice_id": house.id, "membership_id": member, "channel": "email", "by": SYSTEM, "now": house.now}


def code_in(email: Scripted) -> str:
    found = re.search(r"\d{6}", email.sent[-1].text)
    assert found
    return found[0]


def test_a_try_goes_to_the_proved_address_alone(mine: dict[str, Any], email: Scripted) -> None:
    with pytest.raises(NotProved):
        try_channel(**mine)
    ask_own_address(address="me@example.org", **mine)
    with pytest.raises(NotProved):
        try_channel(**mine)
    assert not prove_own_address(typed="000", **mine)
    assert prove_own_address(typed=code_in(email), **mine)
    try_channel(**mine)
    assert [one.to_address for one in email.sent] == ["me@example.org"] * 2


def test_a_code_holds_five_tries_and_half_an_hour_and_once(mine: dict[str, Any], email: Scripted) -> None:
    ask_own_address(address="me@example.org", **mine)
    late = {**mine, "now": mine["now"] + LASTS + timedelta(seconds=1)}
    assert not prove_own_address(typed=code_in(email), **late)
    for _ in range(5):
        assert not prove_own_address(typed="1", **mine)
    assert not prove_own_address(typed=code_in(email), **mine)


def test_a_new_address_must_be_proved_anew(mine: dict[str, Any], email: Scripted) -> None:
    ask_own_address(address="me@example.org", **mine)
    assert prove_own_address(typed=code_in(email), **mine)
    ask_own_address(address="other@example.org", **mine)
    with pytest.raises(NotProved):
        try_channel(**mine)


def test_nothing_leaves_a_clock_that_is_moved_by_hand(mine: dict[str, Any], email: Scripted) -> None:
    Practice.objects.filter(pk=mine["practice_id"]).update(clock="virtual", virtual_now=mine["now"])
    with pytest.raises(OnlyPretended):
        try_channel(**mine)
    assert not email.sent
