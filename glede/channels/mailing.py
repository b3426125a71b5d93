"""E-mail by whichever way a practice has: its own account with a provider, or the mail server of the house."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from glede.channels.email.adapter import SmtpTransport
from glede.channels.mailapi.accounts import has_account
from glede.channels.mailapi.adapter import ApiTransport
from glede.channels.mailapi.sweeping import look_up as ask_the_list
from glede.channels.ways import ByAccount
from glede.outbox.transports import Transport


class MailByAccount(ByAccount):
    """The transport of the channel ``email``."""

    def __init__(self) -> None:
        self._smtp, self._api = SmtpTransport(), ApiTransport()
        super().__init__(self._smtp, self._api)

    def way_of(self, practice_id: UUID) -> Transport:
        """Return the practice's own provider, else the mail server of the house."""
        return self._api if has_account(practice_id) else self._smtp


def look_up(practice_id: UUID, now: datetime) -> bool:
    """Ask the provider's list about mails whose outcome nobody saw; a plain mail server has none."""
    return has_account(practice_id) and ask_the_list(practice_id, now)
