"""Twilio's interface as a transport: what is certain, what is refused, and what nobody can know.

Until a connection stands nothing has left. From the moment the request is on the line until its answer the outcome
is in doubt: then `Unknown`, never a second try; the call-back or the list settles it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import httpx

from glede.channels.sms.accounts import config_for, is_open
from glede.channels.sms.config import SmsConfig, deadline_seconds, is_loopback
from glede.channels.sms.reading import read_answer
from glede.kernel import clock
from glede.outbox.rules import Reason, Resolution
from glede.outbox.transports import Envelope, Outcome, Refused, Unknown

CONNECT_SHARE = 0.4
BODY_MOST = 1_600
ANSWER_MOST = 256 * 1024
VALID_LEAST, VALID_MOST, VALID_SPARE = 5, 36_000, 600
_NOTHING_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


class TooSlow(httpx.TransportError):
    """The whole answer took longer than a message may take."""


def client_for(config: SmsConfig) -> httpx.Client:
    """Return a client of the provider's interface: it follows nothing elsewhere and waits no longer than it may."""
    connect = config.deadline_seconds * CONNECT_SHARE
    patience = httpx.Timeout(config.deadline_seconds - connect, connect=connect)
    return httpx.Client(
        auth=(config.account_sid, config.token), timeout=patience, trust_env=not is_loopback(config.api),
        limits=httpx.Limits(max_connections=1), headers={"Accept": "application/json", "User-Agent": "Glede"},
    )  # fmt: skip


def ask(
    client: httpx.Client, request: httpx.Request, deadline_seconds: float, *, most: int = ANSWER_MOST
) -> tuple[int, bytes]:
    """Return an answer's status and body, within the deadline and of a sane length. Raises what httpx raises."""
    ends_at = clock.monotonic() + deadline_seconds
    answer = client.send(request, stream=True)
    try:
        body = b""
        for piece in answer.iter_bytes():
            body += piece
            if len(body) > most or clock.monotonic() > ends_at:
                raise TooSlow("the answer does not end")
        return answer.status_code, body
    finally:
        answer.close()


def valid_seconds(expires_at: datetime, now: datetime) -> int:
    """Return how long the provider may hold a message: less than is left, with ten minutes to spare where it can."""
    left = int((expires_at - now).total_seconds())
    return max(VALID_LEAST, min(VALID_MOST, left - min(VALID_SPARE, left // 2)))


class TextSession:
    """One client for a batch; it connects at the first message."""

    def __init__(self, config: SmsConfig) -> None:
        self.config = config
        self._client = client_for(config)

    def prepare(self, envelope: Envelope) -> None:
        """Nothing to prepare: a request is one piece."""

    def forget(self) -> None:
        """Nothing to forget."""

    def send(self, envelope: Envelope) -> Outcome:
        """Send one text to one person, within the deadline. Never raises for the provider's doings."""
        if not envelope.text.strip() or len(envelope.text) > BODY_MOST:
            return Refused(is_permanent=True, reason=Reason.CONTENT_REFUSED, words=f"{len(envelope.text)} letters")
        if not envelope.to_address.startswith("+"):
            return Refused(is_permanent=True, reason=Reason.BAD_ADDRESS)
        request = self._client.build_request("POST", self.config.messages_url, data=self.form(envelope))
        try:
            status, body = ask(self._client, request, self.config.deadline_seconds)
        except _NOTHING_LEFT as error:
            return Refused(is_permanent=False, words=_words(error), is_ours=True)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
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

    resolution = Resolution.CALL_BACK

    @property
    def deadline_seconds(self) -> float:
        """The longest one message may take."""
        return deadline_seconds()

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


__all__ = ["TextSession", "TextTransport", "ask", "client_for", "valid_seconds"]
