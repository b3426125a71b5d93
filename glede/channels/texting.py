"""Texts by whichever account a practice has: Twilio's interface, or a provider that is described."""

from __future__ import annotations

from contextlib import AbstractContextManager
from uuid import UUID

from glede.channels.http.adapter import HttpTransport
from glede.channels.sms.accounts import provider_of
from glede.channels.sms.adapter import TextTransport
from glede.outbox.transports import Capabilities, Session, Transport


class TextsByAccount:
    """The transport of the channel ``sms``."""

    def __init__(self) -> None:
        self._twilio, self._described = TextTransport(), HttpTransport()

    @property
    def deadline_seconds(self) -> float:
        """The longest one message may take, by either."""
        return max(self._twilio.deadline_seconds, self._described.deadline_seconds)

    def capabilities(self, practice_id: UUID) -> Capabilities:
        """What the practice's account can do."""
        return self._by(practice_id).capabilities(practice_id)

    def open(self, practice_id: UUID) -> AbstractContextManager[Session]:
        """One session for a batch."""
        return self._by(practice_id).open(practice_id)

    def is_configured(self, practice_id: UUID) -> bool:
        """Whether the practice has an account that is open."""
        return self._by(practice_id).is_configured(practice_id)

    def _by(self, practice_id: UUID) -> Transport:
        return self._described if provider_of(practice_id) == "http" else self._twilio
