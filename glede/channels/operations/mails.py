"""Keep mails as they came, and what colleagues do with those that are held. Rows are never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from procrastinate.contrib.django import app

from glede.channels import events
from glede.channels.mailbox.values import Came, Kept
from glede.channels.models import RawMail
from glede.inbox.operations import Incoming, NobodyThere, NotAPerson, receive_message
from glede.kernel.actor import Actor
from glede.kernel.ids import new_ids
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act
from glede.people.queries import head_of
from glede.practices import scope
from glede.practices.queries import practice_by_id
from glede.practices.sealing import seal
from glede.promises.operations import keep_promise
from glede.promises.queries import open_about

READING = "channels.read_mails"


class NoSuchMail(LookupError):
    """This practice holds no such mail, or a colleague has seen to it already."""


class NoReason(ValueError):
    """Whoever says that nobody waits for an answer says why."""


def subject_of(mail_id: UUID) -> Ref:
    """Return what the ledger and promises call a mail."""
    return Ref("raw_mail", mail_id)


def store_mails(practice_id: UUID, mailbox_id: UUID, mails: Sequence[Came], now: datetime) -> int:
    """Keep mails before anybody reads them, and wake the reader in the same transaction; return how many are new.

    The same mail brought again changes nothing.
    """
    rows = [
        RawMail(
            id=mail_id, practice_id=practice_id, mailbox_id=mailbox_id, came_by=came.key[:160], form=came.form,
            uidvalidity=came.uidvalidity, uid=came.uid, sha256=sha256(came.raw).hexdigest(), sealed=seal(came.raw),
            size=came.size, is_cut=came.is_cut, came_at=min(came.came_at, now), stored_at=now,
        )
        for mail_id, came in zip(new_ids(len(mails)), mails, strict=True)
    ]  # fmt: skip
    with scope.transaction(practice_id):
        RawMail.objects.bulk_create(rows, ignore_conflicts=True)
        new = RawMail.objects.filter(practice_id=practice_id, pk__in=[row.pk for row in rows]).count()
        if new:
            app.configure_task(READING, queue="channels").defer(practice_id=str(practice_id))
    return new


def open_mail(*, practice_id: UUID, mail_id: UUID, by: Actor, now: datetime) -> None:
    """Note that a colleague opens a mail to read it. Raises ``NoSuchMail``."""
    with act(practice_id, by=by, now=now) as opening:
        row = RawMail.objects.filter(practice_id=practice_id, pk=mail_id).exclude(state=Kept.STORED.value).first()
        if row is None:
            raise NoSuchMail(str(mail_id))
        subject = subject_of(mail_id)
        opening.lock(subject)
        opening.record(events.MAIL_OPENED, subject=subject, patient=row.patient_id)


def place_mail(*, practice_id: UUID, mail_id: UUID, patient_id: UUID, by: Actor, now: datetime) -> UUID:
    """Say whose words a held mail holds: that person is owed an answer from when it came. Returns the message.

    Raises ``NoSuchMail``, ``NobodyThere``, ``NotAPerson``.
    """
    from glede.channels.mailbox.wording import words_of

    practice = practice_by_id(practice_id)
    with act(practice_id, by=by, now=now) as placing:
        row = _held(practice_id, mail_id, by)
        person = head_of(practice_id, patient_id)
        if person is None:
            raise NobodyThere(str(patient_id))
        words = words_of(row, practice)
        incoming = Incoming(patient_id=person, words=words, channel="email", came_at=row.came_at)
        message = receive_message(practice_id=practice_id, message=incoming, by=by, now=now)
        row.patient_id, row.message_id = person, message.pk
        _settle(placing, row, events.MAIL_PLACED, Ref("message", message.pk))
    return message.pk


def close_mail(*, practice_id: UUID, mail_id: UUID, note: str, by: Actor, now: datetime) -> None:
    """Say that a held mail needs no answer, and why. Raises ``NoSuchMail``, ``NoReason``, ``NotAPerson``."""
    if not note.strip():
        raise NoReason
    with act(practice_id, by=by, now=now) as closing:
        row = _held(practice_id, mail_id, by)
        row.note = note.strip()
        _settle(closing, row, events.MAIL_CLOSED, subject_of(row.pk))


def _held(practice_id: UUID, mail_id: UUID, by: Actor) -> RawMail:
    if by.role != "staff" or by.id is None:
        raise NotAPerson(by.role)
    rows = RawMail.objects.select_for_update(of=("self",), no_key=True)
    row = rows.filter(practice_id=practice_id, pk=mail_id, state=Kept.HELD.value, settled_at=None).first()
    if row is None:
        raise NoSuchMail(str(mail_id))
    return row


def _settle(settling: Act, row: RawMail, event: str, evidence: Ref) -> None:
    row.settled_at, row.settled_by = settling.now, settling.by.id
    row.save(update_fields=["settled_at", "settled_by", "note", "patient_id", "message_id"])
    subject = subject_of(row.pk)
    for owed in open_about(row.practice_id, subject):
        keep_promise(
            practice_id=row.practice_id, promise_id=owed.id, evidence=evidence, reason=event.rpartition(".")[2],
            by=settling.by, now=settling.now,
        )  # fmt: skip
    settling.lock(subject)
    settling.record(event, subject=subject, patient=row.patient_id)
