"""A colleague's own address on a channel, proved by a code; and a try of a channel, which goes to no other address."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext

from glede.channels import events
from glede.channels.letters import plain_address
from glede.channels.models import OwnAddress
from glede.channels.operations.texts import NoAccount, OnlyPretended
from glede.channels.prices import Unusable
from glede.kernel.actor import Actor
from glede.kernel.contact import phone_e164
from glede.kernel.gsm import for_sms
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.outbox.operations.envelopes import message_ref
from glede.outbox.transports import Accepted, Envelope, Outcome, transport_for
from glede.practices import scope
from glede.practices.models import Practice
from glede.practices.queries import practice_by_id

LASTS = timedelta(minutes=30)
TRIES = 5
CHANNELS = ("email", "sms")


class NotProved(Exception):
    """Nobody has typed a code that was sent to an address of theirs on this channel: nothing is tried."""


def ask_own_address(
    *, practice_id: UUID, membership_id: UUID, channel: str, address: str, by: Actor, now: datetime
) -> Outcome:
    """Send a code to an address that a colleague says is theirs, and return what came of it.

    Raises ``Unusable`` for the address, ``NoAccount``, and ``OnlyPretended`` where the clock is moved by hand.
    """
    practice = _real(practice_id)
    found = _address(channel, address, practice)
    code = f"{secrets.randbelow(10**6):06d}"
    with act(practice_id, by=by, now=now) as asking:
        subject = Ref("practice", practice_id)
        asking.lock(subject)
        OwnAddress.objects.update_or_create(
            practice_id=practice_id, membership_id=membership_id, channel=channel,
            defaults={"address": found, "code": _kept(code), "sent_at": now, "tries": 0, "proved_at": None},
        )  # fmt: skip
        asking.record(events.OWN_ADDRESS_ASKED, subject=subject, data={"channel": channel})
    words = gettext("The code is %(code)s. Type it on the page that sent it. It holds for 30 minutes.")
    return _send(practice, channel, found, words % {"code": code}, now)


def prove_own_address(
    *, practice_id: UUID, membership_id: UUID, channel: str, typed: str, by: Actor, now: datetime
) -> bool:
    """Return True for the code that was sent; five wrong ones, or half an hour, and it holds no longer."""
    with act(practice_id, by=by, now=now) as proving:
        subject = Ref("practice", practice_id)
        proving.lock(subject)
        rows = OwnAddress.objects.filter(practice_id=practice_id, membership_id=membership_id, channel=channel)
        row = rows.filter(proved_at=None, tries__lt=TRIES, sent_at__gt=now - LASTS).first()
        if row is None:
            return False
        row.tries += 1
        is_right = hmac.compare_digest(row.code, _kept("".join(filter(str.isdigit, typed))))
        if is_right:
            row.proved_at, row.code = now, ""
            proving.record(events.OWN_ADDRESS_PROVED, subject=subject, data={"channel": channel})
        row.save(update_fields=["tries", "proved_at", "code"])
    return is_right


def try_channel(*, practice_id: UUID, membership_id: UUID, channel: str, by: Actor, now: datetime) -> Outcome:
    """Send one message to a colleague's own proved address, in rehearsal too: it was asked for by hand.

    Raises ``NotProved``, ``NoAccount`` and ``OnlyPretended``.
    """
    practice = _real(practice_id)
    address = proved_address(practice_id, membership_id, channel)
    if not address:
        raise NotProved
    words = gettext("This is a try from %(practice)s. What we send looks like this.") % {"practice": practice.name}
    outcome = _send(practice, channel, address, words, now)
    with act(practice_id, by=by, now=now) as trying:
        subject = Ref("practice", practice_id)
        trying.lock(subject)
        data = {"channel": channel, "accepted": isinstance(outcome, Accepted)}
        trying.record(events.CHANNEL_TRIED, subject=subject, data=data)
    return outcome


def proved_address(practice_id: UUID, membership_id: UUID, channel: str) -> str:
    """Return a colleague's own address on a channel, or "" where no code proved one."""
    with scope.transaction(practice_id):
        rows = OwnAddress.objects.filter(practice_id=practice_id, membership_id=membership_id, channel=channel)
        return rows.filter(proved_at__isnull=False).values_list("address", flat=True).first() or ""


def asked_address(practice_id: UUID, membership_id: UUID, channel: str, now: datetime) -> str:
    """Return the address whose code may still be typed, or ""."""
    with scope.transaction(practice_id):
        rows = OwnAddress.objects.filter(practice_id=practice_id, membership_id=membership_id, channel=channel)
        rows = rows.filter(proved_at=None, tries__lt=TRIES, sent_at__gt=now - LASTS)
        return rows.values_list("address", flat=True).first() or ""


def _real(practice_id: UUID) -> Practice:
    practice = practice_by_id(practice_id)
    if practice.is_virtual:
        raise OnlyPretended
    return practice


def _address(channel: str, address: str, practice: Practice) -> str:
    found = plain_address(address) if channel == "email" else phone_e164(address, practice.country)
    if not found:
        raise Unusable("address" if channel == "email" else "number")
    return found


def _send(practice: Practice, channel: str, address: str, words: str, now: datetime) -> Outcome:
    transport = transport_for(channel, live=True)
    key = new_id()
    envelope = Envelope(
        message_id=key, channel=channel, key=key.hex, message_ref=message_ref(practice, f"{key.hex}.try"),
        to_address=address, to_name="", from_name=practice.name, from_address=practice.email, subject=words[:60],
        text=for_sms(words) if channel == "sms" else words, date=now, language=practice.language,
    )  # fmt: skip
    try:
        with transport.open(practice.pk) as session:
            return session.send(envelope)
    except LookupError as error:
        raise NoAccount from error


def _kept(code: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), b"own address" + code.encode(), sha256).hexdigest()
