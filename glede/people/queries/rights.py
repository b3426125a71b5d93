"""What a person asked of their rights, and by which addresses they alone are known."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from glede.people.models import ContactPoint, Patient, RightsRequest
from glede.people.queries.names import head_of, records_of
from glede.practices import scope


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing asked for, and what was answered; ``answered_at`` is None while it is owed."""

    id: UUID
    patient_id: UUID
    kind: str
    field: str
    was: dict[str, Any]
    proposed: dict[str, Any]
    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None
    answer: str
    answer_words: str
    answered_by_id: UUID | None


def own_addresses(practice_id: UUID, patient_id: UUID) -> set[str]:
    """Return every number and address, old ones too, that this person has and nobody else on file."""
    with scope.transaction(practice_id):
        rows = ContactPoint.objects.filter(practice_id=practice_id, patient_id=patient_id)
        mine = {one for pair in rows.values_list("value", "e164", "email_key") for one in pair if one}
        if not mine:
            return set()
        others = ContactPoint.objects.filter(practice_id=practice_id).exclude(patient_id=patient_id)
        held = others.filter(e164__in=mine).values_list("e164", flat=True)
        written = others.filter(email_key__in=mine).values_list("email_key", flat=True)
        return mine - {*held, *written}


def forgotten(practice_id: UUID) -> list[UUID]:
    """Return whom the practice has forgotten, in the order they came."""
    with scope.transaction(practice_id):
        rows = Patient.objects.filter(practice_id=practice_id, erased_at__isnull=False)
        return list(rows.order_by("pk").values_list("pk", flat=True))


def known(practice_id: UUID, patient_ids: Iterable[UUID]) -> set[UUID]:
    """Return which of these the practice has a row of."""
    with scope.transaction(practice_id):
        rows = Patient.objects.filter(practice_id=practice_id, pk__in=list(patient_ids))
        return set(rows.values_list("pk", flat=True))


def requests_of(practice_id: UUID, patient_ids: Iterable[UUID]) -> list[Asked]:
    """Return what these people asked for, newest first, by whichever of their records."""
    with scope.transaction(practice_id):
        heads = [head_of(practice_id, patient_id) or patient_id for patient_id in patient_ids]
        records = records_of(practice_id, heads)
        rows = RightsRequest.objects.filter(practice_id=practice_id, patient_id__in=records)
        return [_asked(row) for row in rows.order_by("-asked_at", "-id")]


def request_for(practice_id: UUID, request_id: UUID) -> Asked | None:
    """Return one request, or None."""
    with scope.transaction(practice_id):
        row = RightsRequest.objects.filter(practice_id=practice_id, pk=request_id).first()
        return _asked(row) if row else None


def _asked(row: RightsRequest) -> Asked:
    return Asked(
        id=row.pk, patient_id=row.patient_id, kind=row.kind, field=row.field, was=row.was, proposed=row.proposed,
        asked_at=row.asked_at, due_at=row.due_at, answered_at=row.answered_at, answer=row.answer,
        answer_words=row.answer_words, answered_by_id=row.answered_by_id,
    )  # fmt: skip
