"""A practice's mailboxes: found by the practice, or by the key in the address that a provider calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from glede.channels.mailbox.imap import BoxConfig
from glede.channels.mailbox.values import HOOK, IMAP
from glede.channels.models import Mailbox
from glede.practices import scope
from glede.practices.models import ChannelAccount, Practice
from glede.practices.queries import public_base
from glede.practices.sealing import InvalidToken, unseal

CHANNEL = "mail"


@dataclass(frozen=True, slots=True)
class MailboxCard:
    """What the settings page says of a mailbox. Password and secret are never shown again."""

    id: UUID
    host: str
    port: int
    tls: str
    user: str
    folder: str
    is_on: bool
    looked_at: datetime | None
    failing_since: datetime | None
    failure: str
    missing: int


@dataclass(frozen=True, slots=True)
class HookCard:
    """What the settings page says of our own address for mail."""

    address: str
    is_on: bool
    forged: int
    forged_at: datetime | None


@dataclass(frozen=True, slots=True)
class Behind:
    """Whose address was called, where what comes is kept, and what a call is signed with."""

    practice: Practice
    mailbox_id: UUID
    secret: str


def mailbox_in_force(practice_id: UUID, way: str = IMAP) -> Mailbox | None:
    """Return the mailbox in force, on or off. Inside a scope of the practice."""
    return Mailbox.objects.filter(practice_id=practice_id, way=way, ended_at=None).first()


def mailbox_card(practice_id: UUID) -> MailboxCard | None:
    """Return what may be shown of the mailbox, or None."""
    with scope.transaction(practice_id):
        row = mailbox_in_force(practice_id)
    if row is None:
        return None
    return MailboxCard(
        row.pk, row.host, row.port, row.tls, row.user, row.folder, row.on_at is not None, row.looked_at,
        row.failing_since, row.failure, row.missing,
    )  # fmt: skip


def hook_card(practice: Practice) -> HookCard | None:
    """Return what may be shown of our own address for mail, or None."""
    with scope.transaction(practice.pk):
        row = mailbox_in_force(practice.pk, HOOK)
    if row is None:
        return None
    return HookCard(hook_address(practice, row.hook_key), row.on_at is not None, row.forged, row.forged_at)


def hook_address(practice: Practice, key: str) -> str:
    """Return the address a provider calls; "" while we have none on the open net."""
    base = public_base(practice)
    return f"{base}/hooks/mail/{key}/" if base else ""


def is_on(practice_id: UUID) -> bool:
    """Return True where a colleague has switched the practice's mailbox on."""
    with scope.transaction(practice_id):
        rows = Mailbox.objects.filter(practice_id=practice_id, way=IMAP, ended_at=None, on_at__isnull=False)
        return rows.exists()


def config_of(row: Mailbox) -> BoxConfig:
    """Return a mailbox ready to be opened. Raises ``InvalidToken`` under another master key."""
    return BoxConfig(row.host, row.port, row.tls, row.user, unseal(row.sealed_secret).decode(), row.folder)


def mailbox_behind(hook_key: str) -> Behind | None:
    """Return whose address this is, by ``ChannelAccount`` alone, where it is switched on; else None."""
    entry = ChannelAccount.objects.filter(channel=CHANNEL, endpoint=hook_key).select_related("practice").first()
    if entry is None:
        return None
    with scope.transaction(entry.practice_id):
        row = mailbox_in_force(entry.practice_id, HOOK)
    if row is None or row.on_at is None or row.hook_key != hook_key:
        return None
    try:
        return Behind(entry.practice, row.pk, unseal(row.sealed_secret).decode())
    except InvalidToken:
        return None
