"""Set up a practice's mailbox, switch it on and off, and note how reading it went."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q

from glede.channels import events
from glede.channels.mailbox.accounts import CHANNEL, mailbox_in_force
from glede.channels.mailbox.imap import Found
from glede.channels.mailbox.values import HOOK, IMAP, LOOPBACK, PORTS, TLS, pause_after
from glede.channels.models import Mailbox
from glede.channels.operations.endpoints import hook_key
from glede.channels.operations.texts import NoAccount
from glede.channels.prices import Unusable
from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.practices import scope
from glede.practices.sealing import seal

LEASE = timedelta(minutes=3)
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,198}[A-Za-z0-9])?|::1")
_PLAIN = re.compile(r"[\x20-\x7e]{1,254}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMailbox:
    """A mailbox as typed. A blank ``password`` keeps the one there is; ``port`` 0 is the usual one."""

    host: str
    user: str
    password: str = ""
    port: int = 0
    tls: str = "tls"
    folder: str = "INBOX"

    def __repr__(self) -> str:
        return f"NewMailbox({self.host})"


def set_mailbox(*, practice_id: UUID, mailbox: NewMailbox, by: Actor, now: datetime) -> Mailbox:
    """Keep a mailbox, switched off. The same one with another password stays where it was read to. Raises ``Unusable``.

    ``Unusable`` names the field: a password never travels in the clear but on this machine.
    """
    new = _checked(mailbox)
    with act(practice_id, by=by, now=now) as setting:
        subject = Ref("practice", practice_id)
        setting.lock(subject)
        before = mailbox_in_force(practice_id)
        is_same = before is not None and (before.host, before.user, before.folder) == (new.host, new.user, new.folder)
        if not new.password and not is_same:
            raise Unusable("password")
        if before is not None and is_same:
            before.port, before.tls = new.port, new.tls
            if new.password:
                before.sealed_secret = seal(new.password.encode())
            before.failing_since, before.failure, before.failures = None, "", 0
            before.save(update_fields=["port", "tls", "sealed_secret", "failing_since", "failure", "failures"])
            row = before
        else:
            _end(practice_id, IMAP, now)
            row = Mailbox.objects.create(
                practice_id=practice_id, way=IMAP, host=new.host, port=new.port, tls=new.tls, user=new.user,
                folder=new.folder, sealed_secret=seal(new.password.encode()), added_at=now,
            )  # fmt: skip
        setting.record(events.MAILBOX_SET, subject=subject, data={"mailbox": row.pk, "way": IMAP})
    return row


def _checked(typed: NewMailbox) -> NewMailbox:
    host, user, folder = typed.host.strip().lower(), typed.user.strip(), typed.folder.strip() or "INBOX"
    if typed.tls not in TLS or (typed.tls == "no" and host not in LOOPBACK):
        raise Unusable("tls")
    for field, text, form in (("host", host, _HOST), ("user", user, _PLAIN), ("folder", folder, _PLAIN)):
        if not form.fullmatch(text):
            raise Unusable(field)
    if not 0 <= typed.port <= 65_535:
        raise Unusable("port")
    return NewMailbox(
        host=host, user=user, password=typed.password, port=typed.port or PORTS[typed.tls], tls=typed.tls,
        folder=folder[:100],
    )  # fmt: skip


def switch_on_mailbox(*, practice_id: UUID, found: Found, by: Actor, now: datetime) -> None:
    """Read from now on what comes into the mailbox; what lies there already is left alone.

    ``found`` is what ``try_mailbox`` saw there a moment ago. Raises ``NoAccount``.
    """
    with act(practice_id, by=by, now=now) as switching:
        subject = Ref("practice", practice_id)
        switching.lock(subject)
        row = mailbox_in_force(practice_id)
        if row is None:
            raise NoAccount
        if row.on_at is not None:
            return
        row.on_at = row.looked_at = now
        row.failing_since, row.failure, row.failures = None, "", 0
        if row.uidvalidity != found.uidvalidity:
            row.uidvalidity, row.uid, row.began_uid = found.uidvalidity, found.uidnext - 1, found.uidnext
        row.save(
            update_fields=[
                "on_at", "looked_at", "failing_since", "failure", "failures", "uidvalidity", "uid", "began_uid",
            ]
        )  # fmt: skip
        switching.record(events.MAILBOX_ON, subject=subject, data={"mailbox": row.pk, "way": IMAP})


def switch_off_mailbox(*, practice_id: UUID, by: Actor, now: datetime) -> None:
    """Look into the mailbox no more until it is switched on again; what came meanwhile is read then."""
    with act(practice_id, by=by, now=now) as switching:
        subject = Ref("practice", practice_id)
        switching.lock(subject)
        on = Mailbox.objects.filter(practice_id=practice_id, way=IMAP, ended_at=None, on_at__isnull=False)
        if on.update(on_at=None, failing_since=None, failure="", failures=0):
            switching.record(events.MAILBOX_OFF, subject=subject, data={"way": IMAP})


def open_mail_address(*, practice_id: UUID, by: Actor, now: datetime) -> str:
    """Have mail brought to an address of ours, and return the new secret that calls are signed with; it is shown once.

    Opened again, it gets a new secret and keeps its address.
    """
    secret = secrets.token_urlsafe(32)
    with act(practice_id, by=by, now=now) as opening:
        subject = Ref("practice", practice_id)
        opening.lock(subject)
        row = mailbox_in_force(practice_id, HOOK)
        if row is None:
            row = Mailbox.objects.create(
                practice_id=practice_id, way=HOOK, hook_key=hook_key(practice_id, CHANNEL),
                sealed_secret=seal(secret.encode()), added_at=now, on_at=now,
            )  # fmt: skip
        else:
            row.sealed_secret, row.on_at = seal(secret.encode()), now
            row.save(update_fields=["sealed_secret", "on_at"])
        opening.record(events.MAILBOX_ON, subject=subject, data={"mailbox": row.pk, "way": HOOK})
    return secret


def close_mail_address(*, practice_id: UUID, by: Actor, now: datetime) -> None:
    """Take no more mail at our own address."""
    with act(practice_id, by=by, now=now) as closing:
        subject = Ref("practice", practice_id)
        closing.lock(subject)
        if _end(practice_id, HOOK, now):
            closing.record(events.MAILBOX_ENDED, subject=subject, data={"way": HOOK})


def _end(practice_id: UUID, way: str, now: datetime) -> int:
    standing = Mailbox.objects.filter(practice_id=practice_id, way=way, ended_at=None)
    return standing.update(ended_at=now, on_at=None, failing_since=None, failure="", failures=0)


def take_turn(practice_id: UUID, now: datetime) -> Mailbox | None:
    """Return the mailbox where it is our turn to look into it: it is on, nobody else is at it, no pause runs."""
    with scope.transaction(practice_id):
        free = Q(leased_until=None) | Q(leased_until__lt=now)
        rows = Mailbox.objects.filter(free, practice_id=practice_id, way=IMAP, ended_at=None, on_at__isnull=False)
        row = rows.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
        if row is None or (row.looked_at is not None and now < row.looked_at + _pause(row)):
            return None
        row.leased_until = now + LEASE
        row.save(update_fields=["leased_until"])
    return row


def _pause(row: Mailbox) -> timedelta:
    return pause_after(row.failures)


def end_turn(
    practice_id: UUID, mailbox_id: UUID, now: datetime, failure: str = "", stuck_uid: int | None = None
) -> int:
    """Note that a mailbox was looked into, or why not; return how often in a row it failed.

    ``stuck_uid`` is the mail at which the connection broke.
    """
    with scope.transaction(practice_id):
        row = Mailbox.objects.select_for_update(of=("self",), no_key=True).get(practice_id=practice_id, pk=mailbox_id)
        row.leased_until, row.looked_at = None, now
        row.failures = row.failures + 1 if failure else 0
        row.failing_since = (row.failing_since or now) if failure else None
        row.failure = failure
        is_again = stuck_uid is not None and row.stuck_uid == stuck_uid
        row.stuck_times = row.stuck_times + 1 if is_again else int(stuck_uid is not None)
        row.stuck_uid = stuck_uid
        row.save(
            update_fields=[
                "leased_until", "looked_at", "failures", "failing_since", "failure", "stuck_uid", "stuck_times",
            ]
        )  # fmt: skip
        return row.failures


def note_read_to(practice_id: UUID, mailbox_id: UUID, uid: int) -> None:
    """Move the cursor of a mailbox; never back."""
    with scope.transaction(practice_id):
        Mailbox.objects.filter(practice_id=practice_id, pk=mailbox_id, uid__lt=uid).update(uid=uid)


def begin_again(practice_id: UUID, mailbox: Mailbox, found: Found, from_uid: int, now: datetime) -> Mailbox:
    """Begin anew with a mailbox whose server numbered its mails anew, or went back, and return what is in force now.

    It is read from ``from_uid`` on; the row that knew the old numbers is ended, so that no old one is taken for a new.
    """
    with scope.transaction(practice_id):
        Mailbox.objects.filter(practice_id=practice_id, pk=mailbox.pk).update(ended_at=now, on_at=None)
        return Mailbox.objects.create(
            practice_id=practice_id, way=IMAP, host=mailbox.host, port=mailbox.port, tls=mailbox.tls,
            user=mailbox.user, folder=mailbox.folder, sealed_secret=mailbox.sealed_secret, added_at=now,
            on_at=mailbox.on_at, uidvalidity=found.uidvalidity, uid=from_uid - 1, began_uid=from_uid,
            leased_until=mailbox.leased_until, looked_at=mailbox.looked_at, missing=mailbox.missing,
        )  # fmt: skip


def note_counted(practice_id: UUID, mailbox_id: UUID, missing: int, now: datetime) -> None:
    """Note that the server's mails were counted against ours."""
    with scope.transaction(practice_id):
        Mailbox.objects.filter(practice_id=practice_id, pk=mailbox_id).update(counted_at=now, missing=missing)


def note_forged_mail(practice_id: UUID, now: datetime) -> None:
    """Count a call to our address for mail that was not signed with its secret. ``now`` is real time."""
    with scope.transaction(practice_id):
        standing = Mailbox.objects.filter(practice_id=practice_id, way=HOOK, ended_at=None)
        standing.update(forged=F("forged") + 1, forged_at=now)
