"""E-mail by whichever way a practice has: its own account with a provider, or the mail server of the house."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from glede.channels.email.adapter import SmtpTransport
from glede.channels.mailapi.accounts import has_account
from glede.channels.mailapi.adapter import ApiTransport
from glede.channels.mailapi.sweeping import look_up as ask_the_list
from glede.outbox.transports import Capabilities, Session, Transport


class MailByAccount:
    """The transport of the channel ``email``."""

    def __init__(self) -> None:
        self._smtp, self._api = SmtpTransport(), ApiTransport()

    @property
    def deadline_seconds(self) -> float:
        """The longest one message may take, by either."""
        return max(self._smtp.deadline_seconds, self._api.deadline_seconds)

    def capabilities(self, practice_id: UUID) -> Capabilities:
        """What the practice's way can do."""
        return self._by(practice_id).capabilities(practice_id)

    def open(self, practice_id: UUID) -> AbstractContextManager[Session]:
        """One session for a batch."""
        return self._by(practice_id).open(practice_id)

    def is_configured(self, practice_id: UUID) -> bool:
        """Whether either way stands."""
        return self._by(practice_id).is_configured(practice_id)

    def _by(self, practice_id: UUID) -> Transport:
        return self._api if has_account(practice_id) else self._smtp


def look_up(practice_id: UUID, now: datetime) -> bool:
    """Ask the provider's list about mails whose outcome nobody saw; a plain mail server has none."""
    return has_account(practice_id) and ask_the_list(practice_id, now)
