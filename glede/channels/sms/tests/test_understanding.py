"""A plain answer to a reminder: done at once where nothing is left to guess, and a colleague's to answer otherwise."""

from datetime import timedelta
from uuid import UUID

import pytest

from glede.channels.sms.tests.scenes import call, texting, write_in
from glede.diary.operations import book_appointment
from glede.diary.queries import free_times, visits_of
from glede.diary.requests import Booking
from glede.inbox.operations import reply
from glede.inbox.queries import conversation_of
from glede.kernel import failpoints
from glede.kernel.actor import SYSTEM
from glede.kernel.ref import Ref
from glede.ledger.queries import verify
from glede.outbox.sending import send_due
from glede.outbox.tests.scenes import NOON, a_touch, planned
from glede.promises.queries import open_promises
from tests.cast import House

TOR = "+4740000103"
DONE = ["1", "Ja!", "yes", "👍", "1️⃣", "Den er god", "OK"]
FOR_PEOPLE = [
    "2", "flytt", "kan ikke komme", "avbestill", "nei", "Ja?", "ja, men jeg blir sen", "yes but can I come at 3",
    "Takk!", "I lost my sight", "👎", "Hvor er dere?", "",
]  # fmt: skip


@pytest.fixture
def key(house: House) -> str:
    """A live house that has reminded Tor of his visit by text."""
    key = texting(house)
    planned(house, a_touch(house, "tor", channel="sms", subject=Ref("appointment", booked(house))))
    assert send_due(house.id, now=NOON).accepted == 1
    return key


def booked(house: House) -> UUID:
    """A visit of Tor's, in two days."""
    from_ = (NOON + timedelta(days=2)).date()
    offer = free_times(house.id, house.services["eye-test"], from_=from_, days=3, now=NOON)[0]
    asked = Booking(
        patient_id=house.people["tor"], service_id=house.services["eye-test"], day=offer.day,
        wall_time=offer.wall_time, practitioner_id=offer.practitioner_id,
    )  # fmt: skip
    return book_appointment(practice_id=house.id, request=asked, by=SYSTEM, now=NOON).pk


def state(house: House) -> str:
    """How Tor's visit stands."""
    return visits_of(house.id, house.people["tor"])[0].state


def owed(house: House) -> list[str]:
    """What is promised about what Tor wrote."""
    return sorted(p.kind for p in open_promises(house.id) if p.kind in {"answer", "call", "opt_out_check"})


@pytest.mark.parametrize("words", DONE)
def test_a_plain_yes_confirms_and_owes_nobody_an_answer(house: House, key: str, words: str) -> None:
    assert write_in(key, TOR, words).status_code == 200
    assert (state(house), owed(house)) == ("confirmed", [])
    closed = [p for p in conversation_of(house.id, house.people["tor"]).pieces if p.kind == "closed"]
    assert [(p.reason, p.who) for p in closed] == [("understood", "")]
    assert verify(house.id).problems == []


def test_a_three_is_a_call(house: House, key: str) -> None:
    write_in(key, TOR, "3")
    assert (state(house), owed(house)) == ("booked", ["call"])


@pytest.mark.parametrize("words", FOR_PEOPLE)
def test_anything_else_is_a_colleagues_to_answer(house: House, key: str, words: str) -> None:
    write_in(key, TOR, words)
    assert state(house) == "booked"
    assert "answer" in owed(house)


def test_a_yes_to_a_colleagues_question_is_read_by_a_person(house: House, key: str) -> None:
    asked(house, key)
    write_in(key, TOR, "Ja", sid="SM9")
    assert (state(house), owed(house)) == ("booked", ["answer"])


def test_control_without_the_guard_a_colleagues_question_is_taken_for_the_visit(house: House, key: str) -> None:
    asked(house, key)
    failpoints.remove_guards("plain_answer")
    try:
        write_in(key, TOR, "Ja", sid="SM9")
    finally:
        failpoints.remove_guards()
    assert (state(house), owed(house)) == ("confirmed", [])


def asked(house: House, key: str) -> None:
    """A colleague has asked Tor something by text since the reminder."""
    write_in(key, TOR, "Kan jeg flytte?", sid="SM8")
    talk = conversation_of(house.id, house.people["tor"])
    assert talk.conversation_id is not None
    later = NOON + timedelta(minutes=1)
    reply(
        practice_id=house.id, conversation_id=talk.conversation_id, words="Passer det kl. 14?", answers_to=1,
        by=house.by("ingrid"), now=later,
    )  # fmt: skip
    assert send_due(house.id, now=later + timedelta(minutes=1)).accepted == 1


def test_while_something_waits_a_yes_waits_with_it(house: House, key: str) -> None:
    write_in(key, TOR, "Jeg har også et spørsmål om brillene", sid="SM8")
    write_in(key, TOR, "Ja", sid="SM9")
    assert (state(house), owed(house)) == ("booked", ["answer"])


def test_a_yes_without_a_reminder_means_nothing_we_know(house: House) -> None:
    key = texting(house)
    booked(house)
    write_in(key, TOR, "Ja")
    assert (state(house), owed(house)) == ("booked", ["answer"])
    assert call(f"/hooks/sms/{key}/", {}).status_code == 200
