"""How messages fare, and what a colleague does with one: held and let go again, or rung instead."""

from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from glede.desk.outbox.faring import sentence, way
from glede.journeys.operations import follow
from glede.journeys.tests.stories import book, bring
from glede.outbox import faring
from glede.outbox.faring import Balance, Faring, balance
from glede.outbox.queries import Line, of_patient
from glede.promises.queries import open_promises
from tests.cast import House, open_solberg
from tests.seats import at_desk


@pytest.fixture
def house(db: None) -> House:
    house = open_solberg("emily", is_virtual=True)
    bring(house, "emily", date(2025, 3, 3), number="before-emily", now=house.now)
    book(house, "emily")
    follow(house.id, now=house.now)
    return house


@pytest.fixture
def ingrid(house: House) -> Client:
    """Ingrid's browser, in English."""
    return at_desk(house, "ingrid")


def read(client: Client, name: str, *args: object) -> str:
    response = client.get(reverse(f"desk:{name}", args=args))
    assert response.status_code == 200
    return " ".join(unescape(response.content.decode()).split())


def waiting(house: House) -> Line:
    lines = of_patient(house.id, [house.people["emily"]], now=house.now)
    return next(line for line in lines if line.fate in {"will_go", "held"})


def test_everything_planned_is_accounted_for(house: House, ingrid: Client) -> None:
    found = balance(house.id)
    assert found.planned > 0
    assert found.missing == 0
    assert "Everything that was planned is accounted for." in read(ingrid, "outbox_faring")


def test_a_message_that_is_gone_is_missed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows cannot be deleted, so the message is one of another touch for the statement."""
    broken = faring._BALANCE.replace("m.touch_id = t.id", "m.touch_id = t.id and m.channel = 'none such'")
    monkeypatch.setattr(faring, "_BALANCE", broken)
    found = balance(house.id)
    assert found.missing == found.planned > 0


def test_what_is_missed_is_told_in_plain_words() -> None:
    gone = Balance(3, (("sent", 2),))
    assert sentence(gone) == "1 message is not accounted for. Tell whoever looks after Glede."
    assert sentence(Balance(1, (("sent", 2),))) == "More is told than was planned. Tell whoever looks after Glede."


def test_a_channel_that_rests_says_till_when(house: House) -> None:
    told = way(Faring("email", 3, 0, 1, 0, rests_until=house.now + timedelta(minutes=5)), "Europe/Oslo")
    assert told["level"] == "late"
    assert str(told["words"]).startswith("disturbed; tried again ")
    assert way(Faring("email", 3, 0, 0, 0), "Europe/Oslo")["words"] == "as it should be"


def test_a_hold_is_taken_back_in_one_press(house: House, ingrid: Client) -> None:
    line = waiting(house)
    ingrid.post(reverse("desk:hold_message", args=[line.message_id]))
    assert waiting(house).held_by == "staff"
    undo = reverse("desk:release_message", args=[line.message_id])
    assert undo in read(ingrid, "message", line.message_id)
    ingrid.post(undo)
    now = waiting(house)
    assert (now.held_by, now.due_at) == ("", line.due_at)


def test_a_message_taken_as_a_call_ends_and_the_call_has_a_name(house: House, ingrid: Client) -> None:
    line = waiting(house)
    ingrid.post(reverse("desk:ring_message", args=[line.message_id]))
    (promise,) = [p for p in open_promises(house.id) if p.detail.get("message") == str(line.message_id)]
    assert promise.owner_id == house.colleagues["ingrid"]
    assert "Became a call" in read(ingrid, "message", line.message_id)
    again = ingrid.post(reverse("desk:ring_message", args=[line.message_id]), follow=True)
    assert "it can no longer be changed" in unescape(again.content.decode())
