"""A practice's account with a provider of e-mail: found by the practice, or by the key in our address."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from glede.channels.addresses import public_address
from glede.channels.mailapi.config import ADDRESSES, POSTMARK, MailConfig
from glede.channels.mailapi.domain import Record, records_for
from glede.channels.models import MailAccount
from glede.practices import scope
from glede.practices.models import ChannelAccount, Practice
from glede.practices.queries import practice_by_id
from glede.practices.sealing import InvalidToken, unseal

CHANNEL = "email_api"
"""The word of these calls in `ChannelAccount`; what they tell of went as ``email``."""
LATE_REPORTS = timedelta(days=7)
"""How long calls for an account that was replaced are still heard."""


def account_in_force(practice_id: UUID) -> MailAccount | None:
    """Return the account in force. Inside a scope of the practice."""
    return MailAccount.objects.filter(practice_id=practice_id, ended_at=None).first()


def has_account(practice_id: UUID) -> bool:
    """Return True where the practice's mail goes by a provider's interface."""
    with scope.transaction(practice_id):
        return MailAccount.objects.filter(practice_id=practice_id, ended_at=None).exists()


def config_for(practice_id: UUID) -> MailConfig:
    """Return the account ready to use. Raises ``LookupError`` where there is none that can be opened."""
    with scope.transaction(practice_id):
        account = account_in_force(practice_id)
    if account is None:
        raise LookupError("no account for e-mail")
    try:
        return config_of(account, practice_by_id(practice_id))
    except InvalidToken as error:
        raise LookupError("the account was sealed with another master key") from error


def config_of(account: MailAccount, practice: Practice) -> MailConfig:
    """Return an account ready to use. Raises ``InvalidToken`` under another master key."""
    base = public_address(practice)
    called_at = f"{base}/hooks/email/{account.hook_key}/" if base.startswith("https://") else ""
    return MailConfig(
        account.provider, json.loads(unseal(account.sealed_secrets)), account.sender, account.domain,
        ADDRESSES[account.provider, account.region], called_at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Behind:
    """Whose address was called, and by which accounts the call may be proved, the newest first."""

    practice: Practice
    accounts: tuple[tuple[UUID, str, Mapping[str, str]], ...]


def account_behind(hook_key: str, now: datetime) -> Behind | None:
    """Return whose address this is, by `ChannelAccount` alone, or None. ``now`` is real time."""
    entry = ChannelAccount.objects.filter(channel=CHANNEL, endpoint=hook_key).select_related("practice").first()
    if entry is None:
        return None
    with scope.transaction(entry.practice_id):
        rows = MailAccount.objects.filter(practice_id=entry.practice_id, hook_key=hook_key).order_by("-added_at")
        recent = [r for r in rows if r.ended_at is None or r.ended_at > now - LATE_REPORTS]
    return Behind(entry.practice, tuple((row.pk, row.provider, found) for row in recent if (found := _secrets(row))))


def _secrets(account: MailAccount) -> Mapping[str, str]:
    try:
        found: dict[str, str] = json.loads(unseal(account.sealed_secrets))
    except InvalidToken:
        return {}
    return found


@dataclass(frozen=True, slots=True)
class MailCard:
    """What the settings page says of the account. Of its secrets only the password of our own address is shown."""

    provider: str
    region: str
    sender: str
    domain: str
    records: tuple[Record, ...]
    dkim_selector: str
    dkim_record: str
    called_at: str
    hook: str
    swept_at: datetime | None
    looked_at: datetime | None
    found: Mapping[str, Mapping[str, str]]
    forged: int
    forged_at: datetime | None


def mail_card(practice_id: UUID) -> MailCard | None:
    """Return what may be shown of the account in force, or None."""
    with scope.transaction(practice_id):
        row = account_in_force(practice_id)
    if row is None:
        return None
    try:
        config = config_of(row, practice_by_id(practice_id))
        called_at, hook = config.called_at, config.secrets["hook"] if row.provider == POSTMARK else ""
    except InvalidToken:
        called_at, hook = "", ""
    return MailCard(
        row.provider, row.region, row.sender, row.domain,
        records_for(row.provider, row.domain, row.dkim_selector, row.dkim_record), row.dkim_selector, row.dkim_record,
        called_at, hook, row.swept_at, row.looked_at, row.found, row.forged, row.forged_at,
    )  # fmt: skip
