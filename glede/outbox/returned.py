"""Which of our mails another mail speaks of: the one it answers, or the one that came back. Only reads."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from glede.outbox.models import Message
from glede.outbox.rules import WENT, State
from glede.people.queries import owners_of, records_of
from glede.practices import scope


@dataclass(frozen=True, slots=True)
class Mailed:
    """A mail we sent: to whom, about what."""

    message_id: UUID
    patient_id: UUID
    contact_id: UUID | None
    provider_id: str
    subject_kind: str
    subject_id: UUID
    sent_at: datetime | None


def mailed_as(practice_id: UUID, refs: Collection[str], patient_ids: Iterable[UUID]) -> list[Mailed]:
    """Return the mails to these people that have one of these Message-IDs, the newest first."""
    if not refs:
        return []
    with scope.transaction(practice_id):
        rows = _mails(practice_id, patient_ids).filter(message_ref__in=list(refs), fence__gte=1)
        return [_mailed(row) for row in rows.order_by("-intent_at")]


def last_mailed(
    practice_id: UUID, addresses: Collection[str], patient_ids: Iterable[UUID], *, since: datetime
) -> Mailed | None:
    """Return the last mail that went to one of these addresses since a moment, or None."""
    with scope.transaction(practice_id):
        rows = _mails(practice_id, patient_ids).filter(live=True, sent_at__gte=since)
        went = [row for row in rows.order_by("-sent_at") if row.state in WENT and row.contact_id is not None]
        reached = owners_of(practice_id, [row.contact_id for row in went if row.contact_id])
        known = (row for row in went if row.contact_id and reached.get(row.contact_id, ("", ""))[1] in addresses)
        row = next(known, None)
        return _mailed(row) if row else None


def mail_behind(practice_id: UUID, message_id: UUID | None, provider_id: str) -> Mailed | None:
    """Return the mail that a provider means: by our own id where it says it, else by its number; or None."""
    with scope.transaction(practice_id):
        rows = Message.objects.filter(practice_id=practice_id, channel="email", live=True, fence__gte=1)
        if message_id is None and not provider_id:
            return None
        named = rows.filter(pk=message_id) if message_id else rows.filter(provider_id=provider_id)
        row = named.select_related("touch").order_by("-intent_at").first()
        return _mailed(row) if row else None


@dataclass(frozen=True, slots=True)
class AwaitedMail:
    """A mail of which its provider may know more than we do; without a ``provider_id`` it is in doubt."""

    message_id: UUID
    provider_id: str
    intent_at: datetime


def awaited_mails(practice_id: UUID, *, since: datetime) -> list[AwaitedMail]:
    """Return the mails begun since a moment of which more may be told, the oldest first."""
    unsure = Q(state__in=[State.ACCEPTED, State.SENT, State.SENDING, State.UNKNOWN])
    with scope.transaction(practice_id):
        rows = Message.objects.filter(practice_id=practice_id, channel="email", live=True, fence__gte=1)
        begun = rows.filter(unsure, intent_at__gte=since).order_by("intent_at", "id")
        return [AwaitedMail(row.pk, row.provider_id, row.intent_at) for row in begun if row.intent_at is not None]


def _mails(practice_id: UUID, patient_ids: Iterable[UUID]) -> QuerySet[Message]:
    people = records_of(practice_id, patient_ids)
    rows = Message.objects.filter(practice_id=practice_id, channel="email", touch__patient_id__in=people)
    return rows.select_related("touch")


def _mailed(row: Message) -> Mailed:
    touch = row.touch
    return Mailed(
        row.pk, touch.patient_id, row.contact_id, row.provider_id, touch.subject_kind, touch.subject_id, row.sent_at
    )
