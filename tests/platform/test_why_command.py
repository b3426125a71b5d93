"""`glede outbox why`: the reasons of a message's page, by command."""

import argparse
import json
from datetime import date
from io import StringIO
from typing import Any
from uuid import UUID

import pytest

from glede.config.commands import outbox
from glede.config.terminal import Refused, Terminal
from glede.journeys.operations import follow
from glede.journeys.tests.stories import book, bring, tick
from glede.outbox.queries import of_patient
from glede.people.operations import opt_out
from tests.cast import House, open_nordlys, open_solberg

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    house = open_solberg("emily", is_virtual=True)
    bring(house, "emily", date(2025, 3, 3), number="before-emily", now=house.now)
    book(house, "emily")
    tick(house, date(2026, 11, 24), "08:41")
    return house


def why(house: House, message_id: object) -> Any:
    parser, out = argparse.ArgumentParser(), StringIO()
    outbox.register(parser)
    parser.set_defaults(practice=house.practice.slug)
    assert outbox.run(parser.parse_args(["why", str(message_id)]), Terminal(is_json=True, out=out)) == 0
    return json.loads(out.getvalue())


def test_it_says_why_a_message_came_and_what_keeps_it(house: House) -> None:
    line = next(one for one in of_patient(house.id, [house.people["emily"]], now=house.now) if one.row == "6")
    before = why(house, line.message_id)
    assert (before["state"], before["tries"]) == (line.state, [])
    assert {"Step", "Because", "When", "How"} <= {one["of"] for one in before["why"]}
    opt_out(
        practice_id=house.id, patient_id=house.people["emily"], channel=None, scope="all", how="phone",
        by=house.by("ingrid"), now=house.now,
    )  # fmt: skip
    follow(house.id, now=house.now)
    assert "the person said stop" in [one["words"] for one in why(house, line.message_id)["why"]]


@pytest.mark.parametrize("number", ["nonsense", str(UUID(int=7))])
def test_what_is_no_message_is_refused(house: House, number: str) -> None:
    with pytest.raises(Refused, match="There is no message"):
        why(house, number)


def test_another_practice_is_told_nothing(house: House) -> None:
    line = of_patient(house.id, [house.people["emily"]], now=house.now)[0]
    with pytest.raises(Refused):
        why(open_nordlys(), line.message_id)
