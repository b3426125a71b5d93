"""A rehearsal takes everything and sends nothing."""

from glede.channels.email.tests.test_mime import ENVELOPE
from glede.channels.rehearsal.adapter import RehearsalTransport
from glede.outbox.rules import Resolution
from glede.outbox.transports import Accepted


def test_everything_is_taken() -> None:
    transport = RehearsalTransport()
    with transport.open(ENVELOPE.message_id) as session:
        session.prepare(ENVELOPE)
        session.forget()
        assert session.send(ENVELOPE) == Accepted()


def test_repeating_it_harms_nobody() -> None:
    transport = RehearsalTransport()
    assert transport.capabilities(ENVELOPE.message_id).resolution is Resolution.KEY
    assert transport.is_configured(ENVELOPE.message_id)
