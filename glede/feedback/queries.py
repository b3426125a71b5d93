"""What people told about their visits, as pages show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from glede.feedback.models import Response
from glede.practices import scope
from glede.practices.paging import Place, older


@dataclass(frozen=True, slots=True)
class Told:
    """One response. ``score`` 5 very good to 1 very poor, None where none was given."""

    id: UUID
    appointment_id: UUID
    patient_id: UUID
    given_at: datetime
    score: int | None
    score_words: str
    words: str
    is_unhappy: bool
    tier: int


def responses_about(practice_id: UUID, appointment_id: UUID) -> list[Told]:
    """Return what was told about one visit, newest first."""
    with scope.transaction(practice_id):
        return _told(Response.objects.filter(practice_id=practice_id, appointment_id=appointment_id))


def responses_of(
    practice_id: UUID, patient_ids: Iterable[UUID], *, before: Place | None = None, limit: int = 500
) -> list[Told]:
    """Return what a person told about all their visits, newest first, a page at a time."""
    with scope.transaction(practice_id):
        rows = Response.objects.filter(practice_id=practice_id, patient_id__in=list(patient_ids))
        return _told(rows, limit, before)


def count_responses(practice_id: UUID, patient_ids: Iterable[UUID]) -> int:
    """Return how often people told about their visits."""
    with scope.transaction(practice_id):
        return Response.objects.filter(practice_id=practice_id, patient_id__in=list(patient_ids)).count()


def latest_responses(practice_id: UUID, *, limit: int = 100) -> list[Told]:
    """Return the newest responses, good and bad alike."""
    with scope.transaction(practice_id):
        return _told(Response.objects.filter(practice_id=practice_id), limit)


def responses_by_id(practice_id: UUID, ids: Iterable[UUID]) -> dict[UUID, Told]:
    """Return responses by id, for rows that only hold the id."""
    with scope.transaction(practice_id):
        return {t.id: t for t in _told(Response.objects.filter(practice_id=practice_id, pk__in=list(ids)))}


def _told(rows: QuerySet[Response], limit: int = 500, before: Place | None = None) -> list[Told]:
    return [
        Told(
            r.pk, r.appointment_id, r.patient_id, r.given_at, r.score,
            str(r.get_score_display()) if r.score else "", r.words, r.is_unhappy, r.tier,
        )
        for r in older(rows, "given_at", "id", before=before, limit=limit)
    ]  # fmt: skip
