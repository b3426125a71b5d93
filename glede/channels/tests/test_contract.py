"""One contract for every channel: certain, refused or in doubt; once; to one person; and it does what it declares."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from glede.channels.mailapi.config import MAILGUN, POSTMARK
from glede.channels.mailapi.tests.rigs import rig as mail_rig
from glede.channels.tests import rigs
from glede.channels.tests.contract import Does, Rig, RigMaker
from glede.kernel.ids import new_id
from glede.outbox import transports
from glede.outbox.rules import Reason, Resolution
from glede.outbox.transports import Accepted, Capabilities, Refused, Session, Unknown

RIGS: dict[str, RigMaker] = {
    "rehearsal": rigs.rehearsal,
    "smtp": rigs.smtp,
    "twilio": rigs.twilio_texts,
    "described": rigs.described_texts,
    "postmark": mail_rig(POSTMARK, rigs.envelope("email", "kari@example.org")),
    "mailgun": mail_rig(MAILGUN, rigs.envelope("email", "kari@example.org")),
}


@pytest.fixture(params=RIGS)
def rig(request: Any, settings: Any) -> Iterator[Rig]:
    """Each channel in turn."""
    settings.GLEDE_TEXTS_TO_LOOPBACK = True
    with RIGS[request.param]() as made:
        yield made


def told(rig: Rig, does: Does) -> None:
    """Let the provider do so with the next message; the test is skipped where it never does."""
    if does not in rig.does:
        pytest.skip(f"this provider never {does}")
    rig.does[does]()


def still_takes(rig: Rig, session: Session, before: int) -> None:
    """The same session takes the next message."""
    assert isinstance(session.send(replace(rig.envelope, message_id=new_id())), Accepted)
    assert len(rig.taken()) == before + (1 if rig.does else 0)


def test_what_is_accepted_was_taken_once_for_one_person(rig: Rig) -> None:
    with rig.session() as session:
        for _ in range(2):
            envelope = replace(rig.envelope, message_id=new_id())
            session.prepare(envelope)
            assert isinstance(session.send(envelope), Accepted)
    assert rig.taken() == ([rig.envelope.to_address] * 2 if rig.does else [])


def test_what_was_prepared_and_forgotten_never_left(rig: Rig) -> None:
    with rig.session() as session:
        session.prepare(rig.envelope)
        session.forget()
        assert rig.taken() == []
        still_takes(rig, session, 0)


def test_a_no_for_good_says_why_and_harms_nobody_else(rig: Rig) -> None:
    told(rig, Does.REFUSES)
    with rig.session() as session:
        found = session.send(rig.envelope)
        assert isinstance(found, Refused)
        assert found.is_permanent
        assert Reason(found.reason)
        assert rig.taken() == []
        still_takes(rig, session, 0)


@pytest.mark.parametrize(("does", "is_ours"), [(Does.LATER, None), (Does.THROTTLES, True), (Does.KNOWS_US_NOT, True)])
def test_what_may_go_later_is_not_lost_and_was_not_taken(rig: Rig, does: Does, is_ours: bool | None) -> None:
    told(rig, does)
    with rig.session() as session:
        found = session.send(rig.envelope)
        assert isinstance(found, Refused)
        assert not found.is_permanent
        assert is_ours is None or found.is_ours is is_ours
        assert rig.taken() == []
        still_takes(rig, session, 0)


@pytest.mark.parametrize("does", [Does.HANGS_UP, Does.BABBLES])
def test_what_nobody_can_say_is_in_doubt_and_never_a_second_try(rig: Rig, does: Does) -> None:
    told(rig, does)
    with rig.session() as session:
        assert isinstance(session.send(rig.envelope), Unknown)
        assert len(rig.taken()) == 1
        still_takes(rig, session, 1)


def test_where_nobody_listens_the_whole_batch_waits(rig: Rig) -> None:
    if rig.nobody is None:
        pytest.skip("asks nobody, or elsewhere")
    with rig.nobody() as session:
        found = session.send(rig.envelope)
    assert isinstance(found, Refused)
    assert (found.is_permanent, found.is_ours) == (False, True)


def test_what_is_no_address_never_reaches_the_provider(rig: Rig) -> None:
    if not rig.does:
        pytest.skip("has no provider")
    with rig.session() as session:
        found = session.send(replace(rig.envelope, to_address=rig.bad_address))
    assert isinstance(found, Refused)
    assert (found.is_permanent, found.reason) == (True, Reason.BAD_ADDRESS)
    assert rig.taken() == []


def test_it_does_what_its_class_says(rig: Rig) -> None:
    found = rig.capabilities.resolution
    with rig.session() as session:
        session.send(rig.envelope)
        if found is Resolution.KEY and rig.does:
            session.send(rig.envelope)
    if found is Resolution.KEY and rig.does:
        assert len(rig.taken()) == 1  # the same key twice is one message
    if found in {Resolution.CALL_BACK, Resolution.LOOK_UP}:
        assert str(rig.envelope.message_id) in rig.keys()[-1]
    assert rig.capabilities.tells_arrival or found is not Resolution.CALL_BACK


def test_no_secret_is_shown(rig: Rig) -> None:
    if not rig.secret:
        pytest.skip("has no secret")
    with rig.session() as session:
        assert rig.secret not in repr(getattr(session, "config", session))


@pytest.mark.parametrize(("resolution", "has_key"), [(Resolution.KEY, False), (Resolution.NOTHING, True)])
def test_a_declaration_agrees_with_itself(resolution: Resolution, has_key: bool) -> None:
    with pytest.raises(ValueError, match="a key lives"):
        Capabilities(resolution, key_lives=rigs.NOON - rigs.NOON if has_key else None)


def test_control_an_adapter_that_calls_doubt_a_refusal_is_seen(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.GLEDE_TEXTS_TO_LOOPBACK = True
    monkeypatch.setattr("glede.channels.http.adapter.Unknown", lambda words: Refused(is_permanent=False, words=words))
    with rigs.described_texts() as rig, pytest.raises(AssertionError, match="Unknown"):
        test_what_nobody_can_say_is_in_doubt_and_never_a_second_try(rig, Does.HANGS_UP)


def test_every_channel_that_is_registered_declares_itself(db: None) -> None:
    for channel in ("email", "sms"):
        for is_live in (True, False):
            assert transports.transport_for(channel, live=is_live).capabilities(new_id()).resolution in Resolution
