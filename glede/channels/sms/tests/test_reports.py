"""What becomes of a text once it was taken: call-backs twice, out of order, lost, forged; every code we know."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import permutations, product
from types import SimpleNamespace
from typing import Any

import pytest

from glede.channels.operations import open_texts
from glede.channels.sms.tests.provider import NUMBER, Provider, refuses, takes_and
from glede.channels.sms.tests.scenes import (
    account_of,
    call,
    call_back,
    messages,
    remind,
    reports,
    send_again,
    texting,
    with_account,
)
from glede.kernel import failpoints
from glede.kernel.actor import SYSTEM
from glede.kernel.ids import new_id
from glede.ledger.queries import verify
from glede.outbox import sending
from glede.outbox.operations import expire_leases, reconcile
from glede.outbox.policy.question import ConsentKind
from glede.outbox.questions import person_of
from glede.outbox.rules import Reason, State, can_move, later_state
from glede.outbox.tests.scenes import NOON, Scripted, a_touch, planned
from glede.people.queries import reach
from glede.practices.operations import go_live, start_practice
from glede.promises.queries import open_promises
from tests.cast import PEOPLE, SOLBERG, House, add, open_nordlys

TOLD = ("queued", "sending", "sent", "delivered")


@pytest.fixture
def key(house: House) -> str:
    """The key of a live house's address."""
    return texting(house)


@pytest.fixture
def guards() -> Iterator[None]:
    """Put back every guard a control run removes."""
    yield
    failpoints.remove_guards()


def sent(house: House, name: str = "tor") -> Any:
    """Remind a person by text, and return the message."""
    assert remind(house, name).accepted == 1
    return messages(house, name)[0]


def state(house: House, name: str = "tor") -> list[tuple[str, str, str]]:
    """Channel, state and reason of each message to a person."""
    return [(m.channel, m.state, m.reason) for m in messages(house, name)]


def promised(house: House) -> list[tuple[str, str]]:
    """Kind and cause of what is promised because of texts."""
    return sorted((p.kind, p.cause.partition(":")[0]) for p in open_promises(house.id) if p.kind != "follow_up")


def test_a_text_counts_its_parts_and_arrives(house: House, key: str, provider: Provider) -> None:
    message = sent(house)
    assert (message.state, message.parts, message.provider_id) == ("accepted", 1, provider.made[0]["sid"])
    assert provider.forms[0]["StatusCallback"].endswith(f"/hooks/sms/{key}/status/{message.id}/")
    for status in TOLD:
        call_back(key, message, status)
    assert state(house) == [("sms", "delivered", "")]
    assert verify(house.id).problems == []


@pytest.mark.parametrize("order", list(permutations(TOLD)))
def test_in_any_order_and_twice_it_has_arrived(house: House, key: str, order: tuple[str, ...]) -> None:
    message = sent(house)
    for status in (*order, *order):
        call_back(key, message, status)
    assert state(house) == [("sms", "delivered", "")]
    assert len(reports(house)) == 3  # queued and sending say the same


def test_what_was_lost_on_the_way_is_not_missed(house: House, key: str) -> None:
    message = sent(house)
    call_back(key, message, "delivered")
    assert state(house) == [("sms", "delivered", "")]


def test_states_never_go_back() -> None:
    for known, told in product(State, State):
        after = later_state(known, told)
        assert after is known or can_move(known, after), (known, told)
        assert later_state(after, told) is after, (known, told)


def test_control_without_the_lattice_a_late_word_takes_it_back(house: House, key: str, guards: None) -> None:
    message = sent(house)
    call_back(key, message, "delivered")
    failpoints.remove_guards("lattice")
    call_back(key, message, "sent")
    assert state(house) == [("sms", "sent", "")]


def test_who_has_it_has_it_and_what_failed_was_followed(house: House, key: str) -> None:
    arrived, failed = sent(house, "tor"), sent(house, "emily")
    call_back(key, arrived, "delivered")
    call_back(key, arrived, "undelivered", code=30008)
    call_back(key, failed, "undelivered", code=30005)
    call_back(key, failed, "delivered")
    assert state(house, "tor") == [("sms", "delivered", "")]
    assert state(house, "emily")[0] == ("sms", "failed", "unknown_number")


def test_forged_calls_are_refused_and_counted(house: House, key: str) -> None:
    message = sent(house)
    path, fields = (
        f"/hooks/sms/{key}/status/{message.id}/",
        {"MessageSid": message.provider_id, "MessageStatus": "sent"},
    )
    assert call(path, fields, token="another").status_code == 403
    assert call(path, fields, base="https://elsewhere.example").status_code == 403
    assert call(f"/hooks/sms/{key}/", {"Body": "STOP", "From": "+4740000103"}, token="x").status_code == 403
    assert state(house) == [("sms", "accepted", "")]
    assert account_of(house).forged == 3
    assert call("/hooks/sms/nobodys-key/", fields).status_code == 404


def test_control_without_the_signature_anybody_may_say_it_arrived(house: House, key: str, guards: None) -> None:
    message = sent(house)
    failpoints.remove_guards("signature")
    path, fields = (
        f"/hooks/sms/{key}/status/{message.id}/",
        {"MessageSid": message.provider_id, "MessageStatus": "delivered"},
    )
    assert call(path, fields, token="another").status_code == 200
    assert state(house) == [("sms", "delivered", "")]


def test_a_report_signed_for_the_account_before_still_counts(house: House, key: str) -> None:
    message = sent(house)
    assert with_account(house, token="a new one") == key
    call_back(key, message, "delivered")
    assert state(house) == [("sms", "delivered", "")]


def test_the_key_of_one_practice_says_nothing_of_another(house: House, key: str) -> None:
    message, other = sent(house), open_nordlys("nils")
    theirs = with_account(other, sender="+4759440001")
    path = f"/hooks/sms/{theirs}/status/{message.id}/"
    fields = {"MessageSid": message.provider_id, "MessageStatus": "delivered"}
    assert call(path, fields, base="https://nordlys.example").status_code == 200
    assert state(house) == [("sms", "accepted", "")]
    call_back(key, new_id(), "delivered")


def test_the_call_back_settles_what_nobody_heard(house: House, key: str, provider: Provider) -> None:
    provider.faults = [takes_and(lambda handler, made: handler.hang_up())] * 2
    assert remind(house, "tor", "emily").unknown == 2
    by_id = {m.touch.patient_id: m for m in messages(house)}
    tor, emily = by_id[house.people["tor"]], by_id[house.people["emily"]]
    call_back(key, tor, "sent", sid="SM" + "1" * 32)
    call_back(key, emily, "undelivered", sid="SM" + "2" * 32, code=30006)
    assert state(house, "tor") == [("sms", "sent", "")]
    assert state(house, "emily") == [("sms", "failed", "landline"), ("email", "ready", "")]
    assert len(provider.made) == 2


def test_in_doubt_a_colleague_rings_unless_the_word_comes_late(house: House, key: str, provider: Provider) -> None:
    provider.faults = [takes_and(lambda handler, made: handler.hang_up())]
    remind(house, "tor")
    reconcile(practice_id=house.id, now=NOON + timedelta(hours=1))
    assert state(house) == [("sms", "handed", "in_doubt")]
    assert promised(house) == [("call", "in_doubt")]
    call_back(key, messages(house, "tor")[0], "delivered", sid="SM" + "1" * 32, at=NOON + timedelta(hours=2))
    assert state(house) == [("sms", "handed", "in_doubt")]
    assert promised(house) == []
    assert len(provider.made) == 1


def test_a_call_back_may_be_quicker_than_we_are(house: House, key: str, provider: Provider) -> None:
    def quick(handler: Any, made: dict[str, Any]) -> None:
        handler.answer(201, made)

    provider.faults = [takes_and(quick)]
    message = sent(house)
    call_back(key, message, "delivered")
    assert expire_leases(practice_id=house.id, now=NOON + timedelta(hours=3)) == 0
    assert state(house) == [("sms", "delivered", "")]


@pytest.mark.parametrize("at_once", [True, False])
def test_21610_whoever_shares_the_number_gets_no_texts_and_another_way_is_found(
    house: House, key: str, provider: Provider, email: Scripted, at_once: bool
) -> None:
    if at_once:
        provider.faults = [refuses(400, 21610)] * 2
        remind(house, "berit", "emily")
    else:
        for name in ("berit", "emily"):
            call_back(key, sent(house, name), "failed", code=21610)
    send_again(house, minutes=1)
    people = reach(house.id, [house.people[n] for n in ("berit", "arne", "ella", "emily", "tor")])
    refused = {
        n for n in ("berit", "arne", "ella", "emily", "tor") if ("sms", "all") in people[house.people[n]].opted_out
    }
    assert refused == {"berit", "arne", "ella", "emily"}
    assert state(house, "emily") == [("sms", "failed", "opted_out"), ("email", "accepted", "")]
    assert state(house, "berit") == [("sms", "failed", "opted_out")]
    assert promised(house) == [("call", "undelivered")]


def test_30003_is_tried_twice_more_within_four_hours_and_then_another_way(
    house: House, key: str, email: Scripted
) -> None:
    remind(house, "emily", late_after=NOON + timedelta(hours=6))
    call_back(key, messages(house, "emily")[0], "undelivered", code=30003)
    assert (send_again(house, hours=1.9).taken, send_again(house, hours=2.01).taken) == (0, 1)
    call_back(key, messages(house, "emily")[1], "undelivered", code=30003, at=NOON + timedelta(hours=2))
    assert (send_again(house, hours=3.9).taken, send_again(house, hours=4.01).taken) == (0, 1)
    call_back(key, messages(house, "emily")[2], "undelivered", code=30003, at=NOON + timedelta(hours=4))
    send_again(house, hours=4.01)
    assert state(house, "emily") == [("sms", "failed", "unreachable")] * 3 + [("email", "accepted", "")]


def test_30003_does_not_wait_past_the_hour_it_is_needed(house: House, key: str, email: Scripted) -> None:
    remind(house, "emily", late_after=NOON + timedelta(hours=1))
    call_back(key, messages(house, "emily")[0], "undelivered", code=30003)
    send_again(house, minutes=1)
    assert state(house, "emily") == [("sms", "failed", "unreachable"), ("email", "accepted", "")]


def test_30008_is_tried_once_more(house: House, key: str, email: Scripted) -> None:
    call_back(key, sent(house, "emily"), "undelivered", code=30008)
    send_again(house, minutes=31)
    call_back(key, messages(house, "emily")[1], "undelivered", code=30008)
    send_again(house, minutes=32)
    assert [c for c, _, _ in state(house, "emily")] == ["sms", "sms", "email"]


def test_30005_the_number_is_ended_and_a_colleague_asks_for_another(house: House, key: str) -> None:
    call_back(key, sent(house), "undelivered", code=30005)
    assert reach(house.id, [house.people["tor"]])[house.people["tor"]].contacts == ()
    assert promised(house) == [("call", "undelivered"), ("undelivered", "number")]


def test_30006_a_landline_is_rung_and_never_texted_again(house: House, key: str) -> None:
    call_back(key, sent(house), "undelivered", code=30006)
    contact = reach(house.id, [house.people["tor"]])[house.people["tor"]].contacts[0]
    assert not contact.takes_texts
    assert promised(house) == [("call", "undelivered")]
    remind(house, "tor", row="7")
    assert {r for _, _, r in state(house)} == {"landline", "no_channel"}


def test_30004_one_phone_that_blocks_us_is_told_and_three_close_the_channel(house: House, key: str) -> None:
    for name, is_open in (("tor", True), ("emily", True), ("kari", False)):
        call_back(key, sent(house, name), "undelivered", code=30004)
        assert (account_of(house).closed_at is None) is is_open
    assert ("settle", "texts_blocked") in promised(house)


@pytest.mark.parametrize("code", [30007, 30032, 30034])
def test_a_block_on_our_number_closes_the_channel_until_somebody_opens_it(
    house: House, key: str, provider: Provider, email: Scripted, code: int
) -> None:
    call_back(key, sent(house, "tor"), "undelivered", code=code)
    assert account_of(house).closed_for == Reason.SENDER_BLOCKED
    assert promised(house) == [("call", "undelivered"), ("settle", "texts_blocked")]
    remind(house, "emily")
    assert [c for c, _, _ in state(house, "emily")] == ["email"]
    assert len(provider.made) == 1
    open_texts(practice_id=house.id, by=house.by("sofie"), now=NOON)
    remind(house, "kari")
    assert [c for c, _, _ in state(house, "kari")] == ["sms"]


def test_too_fast_is_a_little_later(house: House, key: str, provider: Provider) -> None:
    provider.faults = [refuses(429, 20429)]
    assert remind(house, "tor").refused == 1
    assert state(house) == [("sms", "ready", "")]
    send_again(house, minutes=2)
    assert state(house) == [("sms", "accepted", "")]
    assert provider.forms[0]["From"] == NUMBER


def test_in_the_usa_a_patients_own_number_was_given_for_their_care(
    db: None, provider: Provider, email: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "connection", SimpleNamespace(in_atomic_block=False))
    us = replace(SOLBERG, country="US", language="en", zone="America/New_York")
    practice = start_practice(us, by=SYSTEM, now=NOON - timedelta(days=60))
    house = House(practice, NOON - timedelta(days=60))
    add(house, "tor", replace(PEOPLE["tor"], phones=("+1 202 555 0123",)))
    go_live(practice_id=house.id, by=SYSTEM, now=NOON - timedelta(days=50))
    with_account(house)
    at = NOON + timedelta(hours=4)
    planned(house, a_touch(house, "tor", channel="sms", due_at=at, late_after=at + timedelta(hours=3)), now=at)
    person = reach(house.id, [house.people["tor"]])[house.people["tor"]]
    assert [c.kind for c in person_of(person).consents] == [ConsentKind.NUMBER_GIVEN]
    assert send_again(house, hours=4).taken == 1
    assert [(m.channel, m.state) for m in messages(house)] == [("sms", "accepted")]
