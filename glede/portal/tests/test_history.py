"""What happened to this visit: every event in plain words, whether it verifies, and the receipt as a file."""

import json
from datetime import timedelta

import pytest

from glede.diary.operations import cancel_appointment, confirm_appointment
from glede.diary.rules import Reason
from glede.ledger.operations import make_checkpoint
from glede.ledger.receipts import Receipt
from glede.portal.ledger import views
from glede.portal.tests.guests import visitor
from tests.cast import open_solberg


@pytest.fixture
def kari(db):
    return visitor(open_solberg())


def act(kari, operation, **more):
    house = kari.house
    operation(
        practice_id=house.id, appointment_id=kari.appointment_id, by=_kari(kari), now=house.now + timedelta(minutes=5),
        **more,
    )  # fmt: skip


def _kari(kari):
    from glede.kernel import actor

    return actor.patient(kari.house.people["kari"])


def text(kari, language="en"):
    return kari.get("history/", HTTP_ACCEPT_LANGUAGE=language).content.decode()


def test_every_event_stands_there_in_plain_words(kari):
    act(kari, confirm_appointment)

    assert make_checkpoint(kari.house.id, at=kari.house.now)
    words = kari.get("history/").content.decode()
    assert words.count('class="row-line"') == 2
    assert len(words) < 60_000
    assert 'href="' + kari.path("history/receipt.json") in words


def test_a_reason_is_kept_back_and_its_leaf_stands_there(kari):
    act(kari, cancel_appointment, reason=Reason.UNWELL)
    assert make_checkpoint(kari.house.id, at=kari.house.now)
    answer = kari.get("history/receipt.json")
    facts = json.loads(answer.content)
    assert [event["body"] is None for event in facts["events"]] == [False, True]
    assert all(event["path"] for event in facts["events"])
    assert "unwell" not in answer.content.decode()
    assert kari.code not in answer.content.decode()
    assert "Kari" not in answer.content.decode()


def test_before_the_first_checkpoint_it_says_when_to_come_back(kari):
    assert "history/receipt.json" not in text(kari)
    assert json.loads(kari.get("history/receipt.json").content)["checkpoint"] is None


def test_a_record_that_is_not_as_it_was_signed_says_what_to_do(kari, monkeypatch):
    monkeypatch.setattr(views, "receipt_of", lambda *_: Receipt([], None, 0, is_whole=False))
    assert 'role="alert"' in text(kari)
