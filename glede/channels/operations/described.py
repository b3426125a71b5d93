"""Set a practice's account for texts with a provider that is described (docs/channels.md#a-described-provider)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from glede.channels import events
from glede.channels.http.accounts import PROVIDER, written
from glede.channels.http.description import Description, Proof
from glede.channels.models import TextAccount
from glede.channels.operations.endpoints import hook_key
from glede.channels.prices import PartPrice, Unusable, checked_price
from glede.channels.sms.accounts import CHANNEL, account_in_force
from glede.channels.sms.config import ALPHANUMERIC
from glede.kernel.actor import Actor
from glede.kernel.contact import phone_e164
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.outbox.reading import BadPolicy
from glede.practices.queries import practice_by_id
from glede.practices.sealing import InvalidToken, seal, unseal

SECRET_MOST = 500


class BadDescription(Unusable):
    """The description cannot be used; ``trouble`` says where and why, in the description's own words."""

    def __init__(self, trouble: str) -> None:
        super().__init__("description")
        self.trouble = trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDescribedAccount:
    """An account as typed: ``description`` is YAML or JSON, ``secrets`` are by name.

    A blank secret keeps the one there is, as long as it goes to the same address.
    """

    description: str
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    sender: str
    price: PartPrice | None = None


def set_described_account(*, practice_id: UUID, account: NewDescribedAccount, by: Actor, now: datetime) -> TextAccount:
    """Let texts leave by a described provider from now on; the account before is ended.

    Raises ``Unusable`` for the sender, the price and the secret that is missing, and ``BadDescription``.
    """
    try:
        raw, said = written(account.description)
    except BadPolicy as error:
        raise BadDescription(str(error)) from error
    sender = _sender(account.sender, practice_by_id(practice_id).country)
    amount, currency = checked_price(account.price)
    with act(practice_id, by=by, now=now) as setting:
        subject = Ref("practice", practice_id)
        setting.lock(subject)
        kept = _secrets(said, account.secrets, account_in_force(practice_id))
        TextAccount.objects.filter(practice_id=practice_id, ended_at=None).update(ended_at=now)
        row = TextAccount.objects.create(
            practice_id=practice_id, provider=PROVIDER, hook_key=hook_key(practice_id, CHANNEL), description=raw,
            sealed_token=seal(json.dumps(kept).encode()), sender=sender, part_price=amount, part_currency=currency,
            added_at=now,
        )  # fmt: skip
        setting.record(events.ACCOUNT_SET, subject=subject, data={"account": row.pk})
    return row


def _sender(text: str, country: str) -> str:
    words = " ".join(text.split())
    number = phone_e164(words, country)
    if number is None and not ALPHANUMERIC.fullmatch(words):
        raise Unusable("sender")
    return number or words


def _secrets(said: Description, typed: Mapping[str, str], before: TextAccount | None) -> dict[str, str]:
    """Return every secret the description needs: as typed, else as it was; what stands in our address we make."""
    kept = _kept(before, said.request.url)
    found = {}
    for name in said.needs:
        secret = typed.get(name, "").strip() or kept.get(name, "")
        if not secret and said.secured is not None and (said.secured.secret, said.secured.by) == (name, Proof.QUERY):
            secret = secrets.token_urlsafe(24)
        if not secret or len(secret) > SECRET_MOST or not (secret.isascii() and secret.isprintable()):
            raise Unusable(f"secret_{name}")
        found[name] = secret
    return found


def _kept(before: TextAccount | None, url: str) -> dict[str, str]:
    if before is None or before.provider != PROVIDER or before.description["request"]["url"] != url:
        return {}
    try:
        found: dict[str, str] = json.loads(unseal(before.sealed_token))
    except InvalidToken:
        return {}
    return found
