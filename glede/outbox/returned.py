"""Which of our mails another mail speaks of: the one it answers, or the one that came back. Only reads."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from glede.outbox.models import Message
from glede.outbox.rules import WENT
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


def _mails(practice_id: UUID, patient_ids: Iterable[UUID]) -> QuerySet[Message]:
    people = records_of(practice_id, patient_ids)
    rows = Message.objects.filter(practice_id=practice_id, channel="email", touch__patient_id__in=people)
    return rows.select_related("touch")


def _mailed(row: Message) -> Mailed:
    touch = row.touch
    return Mailed(
        row.pk, touch.patient_id, row.contact_id, row.provider_id, touch.subject_kind, touch.subject_id, row.sent_at
    )
