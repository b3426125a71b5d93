"""Texts by whichever account a practice has: Twilio's interface, or a provider that is described."""

from __future__ import annotations

from uuid import UUID

from glede.channels.http.adapter import HttpTransport
from glede.channels.sms.accounts import provider_of
from glede.channels.sms.adapter import TextTransport
from glede.channels.ways import ByAccount
from glede.outbox.transports import Transport


class TextsByAccount(ByAccount):
    """The transport of the channel ``sms``."""

    def __init__(self) -> None:
        self._twilio, self._described = TextTransport(), HttpTransport()
        super().__init__(self._twilio, self._described)

    def way_of(self, practice_id: UUID) -> Transport:
        """Return the described provider where the practice has one, else Twilio."""
        return self._described if provider_of(practice_id) == "http" else self._twilio
