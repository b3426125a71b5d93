"""A practice's account for texts: found by the practice, or by the key in the address that the provider calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from glede.channels.models import TextAccount
from glede.channels.prices import PartPrice
from glede.channels.sms.config import SmsConfig, called_at, config_of
from glede.practices import scope
from glede.practices.models import ChannelAccount, Practice
from glede.practices.queries import practice_by_id
from glede.practices.sealing import InvalidToken, unseal

CHANNEL, TWILIO = "sms", "twilio"
LATE_REPORTS = timedelta(days=7)
"""How long reports signed for an account that was replaced are still heard."""


@dataclass(frozen=True, slots=True)
class AccountCard:
    """What the settings page says of the account. The token is never shown again.

    ``answers_to`` is "" where another provider than Twilio is meant. ``part_price`` is what one part costs, in units of
    ``part_currency``.
    """

    provider: str
    account_sid: str
    sender: str
    service_sid: str
    answers_to: str
    closed_at: datetime | None
    forged: int
    forged_at: datetime | None
    part_price: Decimal | None
    part_currency: str


@dataclass(frozen=True, slots=True)
class Behind:
    """Whose address was called, and with which tokens the call may be signed."""

    practice: Practice
    tokens: tuple[str, ...]


def account_in_force(practice_id: UUID) -> TextAccount | None:
    """Return the account in force, open or closed. Inside a scope of the practice."""
    return TextAccount.objects.filter(practice_id=practice_id, ended_at=None).first()


def account_card(practice_id: UUID) -> AccountCard | None:
    """Return what may be shown of the account, or None."""
    with scope.transaction(practice_id):
        account = account_in_force(practice_id)
    if account is None:
        return None
    is_twilio = account.provider == TWILIO
    answers_to = called_at(practice_by_id(practice_id), account.hook_key) if is_twilio else ""
    return AccountCard(
        account.provider, account.account_sid, account.sender, account.service_sid, answers_to, account.closed_at,
        account.forged, account.forged_at, account.part_price, account.part_currency,
    )  # fmt: skip


def provider_of(practice_id: UUID) -> str:
    """Return by which provider the practice's texts go: ``twilio``, ``http`` for one that is described, or ""."""
    with scope.transaction(practice_id):
        account = account_in_force(practice_id)
    return account.provider if account else ""


def part_price(practice_id: UUID) -> PartPrice | None:
    """Return what one part of a text costs by the account in force, or None where nobody said."""
    with scope.transaction(practice_id):
        account = account_in_force(practice_id)
    return PartPrice(account.part_price, account.part_currency) if account and account.part_price is not None else None


def is_open(practice_id: UUID) -> bool:
    """Return True where the practice can send texts now."""
    with scope.transaction(practice_id):
        return TextAccount.objects.filter(practice_id=practice_id, ended_at=None, closed_at=None).exists()


def config_for(practice_id: UUID) -> SmsConfig:
    """Return the account ready to use. Raises ``LookupError`` where there is none that can be opened."""
    with scope.transaction(practice_id):
        account = account_in_force(practice_id)
    if account is None or account.closed_at is not None or account.provider != TWILIO:
        raise LookupError("no account for texts")
    try:
        return config_of(account, practice_by_id(practice_id))
    except InvalidToken as error:
        raise LookupError("the account was sealed with another master key") from error


def account_behind(hook_key: str, now: datetime) -> Behind | None:
    """Return whose address this is, by `ChannelAccount` alone, or None. ``now`` is real time."""
    entry = ChannelAccount.objects.filter(channel=CHANNEL, endpoint=hook_key).select_related("practice").first()
    if entry is None:
        return None
    with scope.transaction(entry.practice_id):
        rows = TextAccount.objects.filter(practice_id=entry.practice_id, hook_key=hook_key, provider=TWILIO)
        rows = rows.order_by("-added_at")
        recent = [r for r in rows if r.ended_at is None or r.ended_at > now - LATE_REPORTS]
    return Behind(entry.practice, tuple(token for row in recent if (token := _token(row))))


def _token(account: TextAccount) -> str:
    try:
        return unseal(account.sealed_token).decode()
    except InvalidToken:
        return ""
