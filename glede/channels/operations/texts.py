"""Set, end, close and open a practice's account for texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from glede.channels import events
from glede.channels.models import TextAccount
from glede.channels.operations.endpoints import hook_key
from glede.channels.prices import PartPrice, Unusable, checked_price
from glede.channels.sms.accounts import CHANNEL, account_in_force
from glede.channels.sms.config import ACCOUNT_SID, ALPHANUMERIC, SERVICE_SID
from glede.kernel.actor import Actor
from glede.kernel.contact import phone_e164
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.practices import scope
from glede.practices.queries import practice_by_id
from glede.practices.sealing import seal


class NoAccount(LookupError):
    """The practice has no account for texts."""


class OnlyPretended(Exception):
    """This practice has a clock that is moved by hand: nothing ever leaves it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTextAccount:
    """An account as typed. ``sender`` is a number, up to 11 letters and digits, or a messaging service (MG…).

    A blank ``token`` keeps the one there is.
    """

    account_sid: str
    token: str = ""
    sender: str
    price: PartPrice | None = None

    def __repr__(self) -> str:
        return f"NewTextAccount({self.account_sid}, {self.sender})"


def set_text_account(*, practice_id: UUID, account: NewTextAccount, by: Actor, now: datetime) -> TextAccount:
    """Let texts leave by this account from now on; the one before is ended. Raises ``Unusable``."""
    practice = practice_by_id(practice_id)
    service_sid, sender = _sender(account.sender, practice.country)
    if not ACCOUNT_SID.fullmatch(account.account_sid.strip()):
        raise Unusable("account_sid")
    amount, currency = checked_price(account.price)
    with act(practice_id, by=by, now=now) as setting:
        subject = Ref("practice", practice_id)
        setting.lock(subject)
        before = account_in_force(practice_id)
        if not account.token.strip() and (before is None or before.account_sid != account.account_sid.strip()):
            raise Unusable("token")
        TextAccount.objects.filter(practice_id=practice_id, ended_at=None).update(ended_at=now)
        sealed = (
            seal(account.token.strip().encode()) if account.token.strip() or before is None else before.sealed_token
        )
        row = TextAccount.objects.create(
            practice_id=practice_id, hook_key=hook_key(practice_id, CHANNEL), account_sid=account.account_sid.strip(),
            sealed_token=sealed, service_sid=service_sid, sender=sender, added_at=now, part_price=amount,
            part_currency=currency,
        )  # fmt: skip
        setting.record(events.ACCOUNT_SET, subject=subject, data={"account": row.pk})
    return row


def _sender(text: str, country: str) -> tuple[str, str]:
    """Return the messaging service and the sender, one of them blank."""
    words = " ".join(text.split())
    if SERVICE_SID.fullmatch(words):
        return words, ""
    number = phone_e164(words, country)
    if number is not None:
        return "", number
    if ALPHANUMERIC.fullmatch(words):
        return "", words
    raise Unusable("sender")


def end_text_account(*, practice_id: UUID, by: Actor, now: datetime) -> None:
    """Send no more texts; what waits goes by each person's next channel. Ending it twice changes nothing."""
    with act(practice_id, by=by, now=now) as ending:
        subject = Ref("practice", practice_id)
        ending.lock(subject)
        if TextAccount.objects.filter(practice_id=practice_id, ended_at=None).update(ended_at=now):
            ending.record(events.ACCOUNT_ENDED, subject=subject)


def close_texts(*, practice_id: UUID, reason: str, by: Actor, now: datetime) -> bool:
    """Send no texts until a colleague opens them again, because they are blocked on the way. False: closed already."""
    with act(practice_id, by=by, now=now) as closing:
        subject = Ref("practice", practice_id)
        closing.lock(subject)
        standing = TextAccount.objects.filter(practice_id=practice_id, ended_at=None, closed_at=None)
        if not standing.update(closed_at=now, closed_for=reason):
            return False
        closing.record(events.CLOSED, subject=subject, data={"reason": reason})
    return True


def open_texts(*, practice_id: UUID, by: Actor, now: datetime) -> None:
    """Let texts go again."""
    with act(practice_id, by=by, now=now) as opening:
        subject = Ref("practice", practice_id)
        opening.lock(subject)
        closed = TextAccount.objects.filter(practice_id=practice_id, ended_at=None, closed_at__isnull=False)
        if closed.update(closed_at=None, closed_for=""):
            opening.record(events.OPENED, subject=subject)


def note_forged(practice_id: UUID, now: datetime) -> None:
    """Count a call to our address that the provider had not signed. ``now`` is real time."""
    with scope.transaction(practice_id):
        standing = TextAccount.objects.filter(practice_id=practice_id, ended_at=None)
        standing.update(forged=F("forged") + 1, forged_at=now)


def note_swept(practice_id: UUID, now: datetime) -> None:
    """Remember how far the provider's list was read."""
    with scope.transaction(practice_id):
        TextAccount.objects.filter(practice_id=practice_id, ended_at=None).update(swept_at=now)
