"""The inbox in the acts across rooms: erased, exported, merged, verified."""

from datetime import timedelta
from typing import Any

import pytest

from glede.inbox.handlers import export
from glede.inbox.models import Conversation, InboundMessage
from glede.inbox.operations import Incoming, close_without_reply, receive_message, reply, save_draft
from glede.inbox.queries import conversation_of, stream_of, unanswered
from glede.kernel.ref import Ref
from glede.ledger.queries import verify
from glede.people.operations import erase_patient, merge_patients
from glede.practices import scope
from glede.promises.operations import withdraw_promise
from glede.promises.queries import open_about
from tests.cast import MORNING, House, open_solberg

pytestmark = pytest.mark.django_db
OPEN = MORNING + timedelta(hours=2)


@pytest.fixture
def house() -> House:
    house = open_solberg("kari", "jonas", now=MORNING)
    house.now = OPEN
    return house


def write(house: House, who: str, words: str = "secret words") -> InboundMessage:
    message = Incoming(patient_id=house.people[who], words=words)
    return receive_message(practice_id=house.id, message=message, by=house.by(who), now=house.now)


def test_erasing_blanks_every_word_and_the_record_still_verifies(house: House) -> None:
    row = write(house, "kari")
    common: dict[str, Any] = {
        "practice_id": house.id, "conversation_id": row.conversation_id, "by": house.by("ingrid"), "now": house.now,
    }  # fmt: skip
    reply(**common, words="our secret", answers_to=1)
    write(house, "kari", "thanks")
    close_without_reply(**common, reason="rang", note="spoke of secrets")
    save_draft(**common, words="half a secret")
    erase_patient(
        practice_id=house.id, patient_id=house.people["kari"], reason="asked", by=house.by("sofie"), now=house.now
    )
    assert {piece.words for piece in stream_of(house.id, [house.people["kari"]])} == {""}
    assert verify(house.id).problems == []


def test_everything_said_leaves_with_the_export(house: House) -> None:
    write(house, "kari")
    (piece,) = export(house.id, house.people["kari"])
    assert (piece["kind"], piece["words"], piece["channel"]) == ("said", "secret words", "link")


def test_what_was_said_before_two_records_became_one_is_read_as_one(house: House) -> None:
    write(house, "jonas", "as Jonas")
    write(house, "kari", "as Kari")
    merge_patients(
        practice_id=house.id, keep_id=house.people["kari"], merge_id=house.people["jonas"], by=house.by("sofie"),
        now=house.now,
    )  # fmt: skip
    page = conversation_of(house.id, house.people["kari"])
    assert [piece.words for piece in page.pieces] == ["as Jonas", "as Kari"]
    assert page.waiting_from is not None
    assert write(house, "jonas", "again").conversation.patient_id == house.people["kari"]
    assert len(unanswered(house.id)) == 2


def test_who_waits_without_a_promise_is_found_by_verify(house: House) -> None:
    row = write(house, "kari")
    assert verify(house.id).ok
    (owed,) = open_about(house.id, Ref("conversation", row.conversation_id))
    withdraw_promise(practice_id=house.id, promise_id=owed.id, reason="mistake", by=house.by("ingrid"), now=house.now)
    assert [p for p in verify(house.id).problems if "waits and nothing is promised" in p]
    with scope.transaction(house.id):
        assert Conversation.objects.count() == 1
