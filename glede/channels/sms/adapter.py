"""Twilio's interface as a transport: what is certain, what is refused, and what nobody can know.

Until a connection stands nothing has left. From the moment the request is on the line until its answer the outcome
is in doubt: then `Unknown`, never a second try; the call-back or the list settles it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from glede.channels.sms.accounts import config_for, is_open
from glede.channels.sms.config import SmsConfig, deadline_seconds
from glede.channels.sms.reading import read_answer
from glede.outbox.rules import Reason, Resolution
from glede.outbox.transports import Capabilities, Envelope, Outcome, Refused, Unknown

BODY_MOST = 1_600
VALID_LEAST, VALID_MOST, VALID_SPARE = 5, 36_000, 600


def valid_seconds(expires_at: datetime, now: datetime) -> int:
    """Return how long the provider may hold a message: less than is left, with ten minutes to spare where it can."""
    left = int((expires_at - now).total_seconds())
    return max(VALID_LEAST, min(VALID_MOST, left - min(VALID_SPARE, left // 2)))


class TextSession:
    """One client for a batch; it connects at the first message."""

    def __init__(self, config: SmsConfig) -> None:
        from glede.channels.sms.line import client_for

        self.config = config
        self._client = client_for(config)

    def prepare(self, envelope: Envelope) -> None:
        """Nothing to prepare: a request is one piece."""

    def forget(self) -> None:
        """Nothing to forget."""

    def send(self, envelope: Envelope) -> Outcome:
        """Send one text to one person, within the deadline. Never raises for the provider's doings."""
        from glede.channels.sms import line

        if not envelope.text.strip() or len(envelope.text) > BODY_MOST:
            return Refused(is_permanent=True, reason=Reason.CONTENT_REFUSED, words=f"{len(envelope.text)} letters")
        if not envelope.to_address.startswith("+"):
            return Refused(is_permanent=True, reason=Reason.BAD_ADDRESS)
        request = self._client.build_request("POST", self.config.messages_url, data=self.form(envelope))
        try:
            status, body = line.ask(self._client, request, self.config.deadline_seconds)
        except line.NOTHING_LEFT as error:
            return Refused(is_permanent=False, words=_words(error), is_ours=True)
        except line.IN_DOUBT as error:
            return Unknown(_words(error))
        return read_answer(status, body)

    def form(self, envelope: Envelope) -> dict[str, str]:
        """Return the fields of the request."""
        config = self.config
        fields = {"To": envelope.to_address, "Body": envelope.text}
        if config.service_sid:
            fields["MessagingServiceSid"] = config.service_sid
        if config.sender and not config.service_sid:
            fields["From"] = config.sender
        if address := config.status_url(envelope.message_id):
            fields["StatusCallback"] = address
        if envelope.expires_at is not None:
            fields["ValidityPeriod"] = str(valid_seconds(envelope.expires_at, envelope.date))
        return fields

    def close(self) -> None:
        """Hang up."""
        self._client.close()


class TextTransport:
    """Texts by the practice's own account."""

    @property
    def deadline_seconds(self) -> float:
        """The longest one message may take."""
        return deadline_seconds()

    def capabilities(self, practice_id: UUID) -> Capabilities:
        """Each text carries its own id in the address that is called back; the list is asked where no call came."""
        return Capabilities(Resolution.CALL_BACK, tells_arrival=True, hears_answers=True, ends_in_time=True)

    @contextmanager
    def open(self, practice_id: UUID) -> Iterator[TextSession]:
        """One session for a batch."""
        session = TextSession(config_for(practice_id))
        try:
            yield session
        finally:
            session.close()

    def is_configured(self, practice_id: UUID) -> bool:
        """Whether the practice has an account that is open."""
        return is_open(practice_id)


def _words(error: Exception) -> str:
    return type(error).__name__


__all__ = ["TextSession", "TextTransport", "valid_seconds"]
