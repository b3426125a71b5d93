"""A practice whose mailbox is read, and what its tests ask of it."""

from __future__ import annotations

import hmac
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.test import Client

from glede.channels.mailbox.fetching import Looked, look_into_mailbox, try_mailbox
from glede.channels.mailbox.kept import waiting
from glede.channels.mailbox.tests.imapserver import PASSWORD, USER, Mailserver
from glede.channels.mailbox.values import Came
from glede.channels.models import Mailbox, RawMail
from glede.channels.operations.mailboxes import NewMailbox, open_mail_address, set_mailbox, switch_on_mailbox
from glede.channels.operations.mails import store_mails
from glede.channels.tasks import read_or_hold
from glede.inbox.models import StrayMessage
from glede.inbox.queries import conversation_of
from glede.kernel.actor import SYSTEM
from glede.outbox.models import Message
from glede.outbox.sending import send_due
from glede.outbox.tests.scenes import NOON, a_touch, make_live, planned
from glede.practices import scope
from glede.promises.queries import open_promises
from tests.cast import House


def with_mailbox(house: House, server: Mailserver, *, is_on: bool = True, **changes: Any) -> Mailbox:
    """Give a house its mailbox, switched on."""
    new = NewMailbox(
        **{"host": "127.0.0.1", "port": server.port, "tls": "no", "user": USER, "password": PASSWORD, **changes}
    )
    row = set_mailbox(practice_id=house.id, mailbox=new, by=SYSTEM, now=house.now)
    if is_on:
        switch_on(house)
    return row


def switch_on(house: House, now: datetime | None = None) -> None:
    """Try the mailbox and switch it on, as the page does."""
    found = try_mailbox(house.id)
    switch_on_mailbox(practice_id=house.id, found=found, by=SYSTEM, now=now or house.now)


def with_address(house: House) -> Mailbox:
    """Give a house an address of its own for mail, for tests that need no server."""
    open_mail_address(practice_id=house.id, by=SYSTEM, now=house.now)
    with scope.transaction(house.id):
        return Mailbox.objects.get(way="hook", ended_at=None)


def look(house: House, now: datetime | None = None) -> Looked | None:
    """Look into the mailbox once."""
    return look_into_mailbox(house.id, lambda: now or house.now)


def read(house: House) -> None:
    """Read what is kept, as the worker does."""
    for mail_id in waiting(house.id, limit=1000):
        read_or_hold(house.id, mail_id)


def bring(house: House, *raws: bytes, now: datetime | None = None) -> list[RawMail]:
    """Let mails come by our own address, and read them; return them in order."""
    with scope.transaction(house.id):
        box = Mailbox.objects.filter(way="hook", ended_at=None).first()
    box = box or with_address(house)
    at = now or house.now
    before = len(mails(house))
    for n, raw in enumerate(raws, start=before):
        store_mails(house.id, box.pk, [Came(key=f"test:{n:05}", raw=raw, size=len(raw), came_at=at)], at)
    read(house)
    return mails(house)[before:]


def written_to(house: House, name: str, **changes: Any) -> str:
    """Send somebody a mail at noon, and return its Message-ID."""
    make_live(house)
    planned(house, a_touch(house, name, **changes))
    send_due(house.id, now=NOON)
    with scope.transaction(house.id):
        return Message.objects.filter(touch__patient_id=house.people[name]).latest("intent_at").message_ref


def mails(house: House) -> list[RawMail]:
    """Every mail that is kept, in order."""
    with scope.transaction(house.id):
        return list(RawMail.objects.order_by("stored_at", "uid", "came_by"))


def said(house: House, name: str) -> list[str]:
    """What a person wrote."""
    pieces = conversation_of(house.id, house.people[name]).pieces
    return [piece.words for piece in pieces if piece.kind == "said"]


def strays(house: House) -> list[StrayMessage]:
    """Words nobody has placed yet."""
    with scope.transaction(house.id):
        return list(StrayMessage.objects.order_by("received_at", "id"))


def owed(house: House) -> list[tuple[str, str, UUID | None]]:
    """What is promised: its kind, its cause, and to whom."""
    return [(p.kind, p.cause, p.patient_id) for p in open_promises(house.id) if p.kind != "follow_up"]


def key_of(house: House) -> str:
    """The practice's part of our address for mail."""
    with scope.transaction(house.id):
        return Mailbox.objects.get(way="hook", ended_at=None).hook_key


def post_mail(key: str, body: bytes, secret: str, *, kind: str = "message/rfc822", **headers: str) -> int:
    """Call our address as a provider does, signed or with other headers; the status of the answer is returned."""
    signature = "sha256=" + hmac.new(secret.encode(), body, sha256).hexdigest()
    given = headers or {"X-Glede-Signature": signature}
    return int(Client().post(f"/hooks/mail/{key}/", body, content_type=kind, headers=given).status_code)
