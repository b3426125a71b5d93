"""Which account texts leave by, where its interface is, and where it calls back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from django.conf import settings

from glede.channels.addresses import public_address
from glede.channels.models import TextAccount
from glede.practices.models import Practice
from glede.practices.sealing import unseal

DEADLINE_SECONDS, MOST_SECONDS = 10.0, 25.0
ACCOUNT_SID = re.compile(r"AC[0-9a-fA-F]{32}")
SERVICE_SID = re.compile(r"MG[0-9a-fA-F]{32}")
ALPHANUMERIC = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class BadAddress(ValueError):
    """The address of the interface cannot be used; the message says what to write."""


@dataclass(frozen=True, slots=True)
class SmsConfig:
    """An account, ready to use. ``called_at`` is our own address as the provider may call it, or ""."""

    account_sid: str
    token: str
    sender: str = ""
    service_sid: str = ""
    called_at: str = ""
    api: str = "https://api.twilio.com"
    deadline_seconds: float = DEADLINE_SECONDS

    def __repr__(self) -> str:
        return f"SmsConfig({self.account_sid}, {self.service_sid or self.sender})"

    @property
    def messages_url(self) -> str:
        """Where messages are made and listed."""
        return f"{self.api}/2010-04-01/Accounts/{self.account_sid}/Messages.json"

    def status_url(self, message_id: UUID) -> str:
        """Where the provider reports on one message; "" where it cannot reach us."""
        return f"{self.called_at}status/{message_id}/" if self.called_at else ""


def api_address() -> str:
    """Return where the provider's interface is. Raises ``BadAddress``: a token never travels in the clear."""
    address = str(settings.GLEDE_SMS_URL).partition("?")[0].rstrip("/")
    if urlsplit(address).scheme != "https" and not is_loopback(address):
        raise BadAddress("GLEDE_SMS_URL begins with https://")
    return address


def deadline_seconds() -> float:
    """Return the longest one call may take: ten seconds, or ``?timeout=`` behind the address."""
    told = parse_qs(urlsplit(settings.GLEDE_SMS_URL).query).get("timeout", [str(DEADLINE_SECONDS)])
    return min(float(told[0]), MOST_SECONDS)


def is_loopback(address: str) -> bool:
    """Return True for an address on this machine."""
    return (urlsplit(address).hostname or "") in _LOOPBACK


def called_at(practice: Practice, hook_key: str) -> str:
    """Return our address for the provider, with a slash at its end; "" without a public one that it can reach."""
    base = public_address(practice)
    reachable = base.startswith("https://") or (is_loopback(base) and is_loopback(settings.GLEDE_SMS_URL))
    return f"{base}/hooks/sms/{hook_key}/" if reachable else ""


def config_of(account: TextAccount, practice: Practice) -> SmsConfig:
    """Return an account ready to use. Raises ``InvalidToken`` under another master key, and ``BadAddress``."""
    return SmsConfig(
        account_sid=account.account_sid,
        token=unseal(account.sealed_token).decode(),
        sender=account.sender,
        service_sid=account.service_sid,
        called_at=called_at(practice, account.hook_key),
        api=api_address(),
        deadline_seconds=deadline_seconds(),
    )
