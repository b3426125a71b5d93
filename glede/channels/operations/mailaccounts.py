"""Set and end a practice's account with a provider of e-mail, and note what its domain's DNS says."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from glede.channels import events
from glede.channels.letters import plain_address
from glede.channels.mailapi.accounts import CHANNEL, account_in_force
from glede.channels.mailapi.config import ADDRESSES, NEEDS, POSTMARK
from glede.channels.mailapi.domain import SELECTOR
from glede.channels.models import MailAccount
from glede.channels.operations.endpoints import hook_key
from glede.channels.prices import Unusable
from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.practices.sealing import InvalidToken, seal, unseal

SECRET_MOST = 500
KEY_MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMailAccount:
    """An account as typed. A blank secret keeps the one there is, at the same provider. ``region``: Mailgun's.

    ``dkim_selector`` is the name of the domain's key as the provider shows it, whole or as its first part;
    ``dkim_record`` the key itself, where somebody copied it.
    """

    provider: str
    region: str = ""
    sender: str
    dkim_selector: str = ""
    dkim_record: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


def set_mail_account(*, practice_id: UUID, account: NewMailAccount, by: Actor, now: datetime) -> MailAccount:
    """Let mail leave by this account from now on; the one before is ended. Raises ``Unusable`` with the field."""
    sender = plain_address(account.sender.lower())
    if (account.provider, account.region) not in ADDRESSES:
        raise Unusable("provider")
    if sender is None:
        raise Unusable("mail_sender")
    selector = account.dkim_selector.strip().lower().partition("._domainkey")[0]
    key = " ".join(account.dkim_record.replace('"', " ").split())
    if selector and not SELECTOR.fullmatch(selector):
        raise Unusable("dkim_selector")
    if len(key) > KEY_MOST or (key and "p=" not in key):
        raise Unusable("dkim_record")
    with act(practice_id, by=by, now=now) as setting:
        subject = Ref("practice", practice_id)
        setting.lock(subject)
        kept = _secrets(account, account_in_force(practice_id))
        MailAccount.objects.filter(practice_id=practice_id, ended_at=None).update(ended_at=now)
        row = MailAccount.objects.create(
            practice_id=practice_id, provider=account.provider, region=account.region,
            hook_key=hook_key(practice_id, CHANNEL), sealed_secrets=seal(json.dumps(kept).encode()), sender=sender,
            domain=sender.rpartition("@")[2], dkim_selector=selector, dkim_record=key, added_at=now,
        )  # fmt: skip
        setting.record(events.MAIL_ACCOUNT_SET, subject=subject, data={"account": row.pk})
    return row


def _secrets(account: NewMailAccount, before: MailAccount | None) -> dict[str, str]:
    kept = _kept(before) if before and (before.provider, before.region) == (account.provider, account.region) else {}
    found = {}
    for name in NEEDS[account.provider]:
        secret = account.secrets.get(name, "").strip() or kept.get(name, "")
        if not secret and (account.provider, name) == (POSTMARK, "hook"):
            secret = secrets.token_urlsafe(24)
        if not secret or len(secret) > SECRET_MOST or not (secret.isascii() and secret.isprintable()):
            raise Unusable(f"secret_{name}")
        found[name] = secret
    return found


def _kept(before: MailAccount) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads(unseal(before.sealed_secrets))
    except InvalidToken:
        return {}
    return found


def end_mail_account(*, practice_id: UUID, by: Actor, now: datetime) -> None:
    """Let no more mail leave by it; then the mail server of the house sends, where there is one."""
    with act(practice_id, by=by, now=now) as ending:
        subject = Ref("practice", practice_id)
        ending.lock(subject)
        if MailAccount.objects.filter(practice_id=practice_id, ended_at=None).update(ended_at=now):
            ending.record(events.MAIL_ACCOUNT_ENDED, subject=subject)


def note_domain(*, practice_id: UUID, found: Mapping[str, Any], by: Actor, now: datetime) -> None:
    """Keep what the DNS of the account's domain said."""
    with act(practice_id, by=by, now=now) as looking:
        subject = Ref("practice", practice_id)
        looking.lock(subject)
        standing = MailAccount.objects.filter(practice_id=practice_id, ended_at=None)
        if standing.update(found=dict(found), looked_at=now):
            looking.record(events.DOMAIN_LOOKED_AT, subject=subject)
