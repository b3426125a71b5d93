"""Whom a colleague is asked about: pairs that may be one person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from glede.people.models import Apart, Likeness
from glede.practices import scope


@dataclass(frozen=True, slots=True)
class Alike:
    """Two people who may be one, and what speaks for it; the one who came first stands first."""

    first: UUID
    second: UUID
    score: float
    verdict: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlikeCount:
    """How many pairs wait for a colleague, and when everybody was last compared (None for never)."""

    waiting: int
    compared_at: datetime | None


def next_alike(practice_id: UUID, *, now: datetime) -> Alike | None:
    """Return the likeliest pair that waits for a colleague; None where none does."""
    with scope.transaction(practice_id):
        row = _waiting(practice_id, now).order_by("-score", "id").first()
        return _alike(row) if row else None


def alike_of(practice_id: UUID, patient_id: UUID, *, now: datetime) -> list[Alike]:
    """Return the pairs one person is in that wait for a colleague, the likeliest first."""
    with scope.transaction(practice_id):
        mine = _waiting(practice_id, now).filter(Q(patient_id=patient_id) | Q(other_id=patient_id))
        return [_alike(row) for row in mine.order_by("-score", "id")]


def count_alike(practice_id: UUID, *, now: datetime) -> AlikeCount:
    """Return how many pairs wait, and when everybody was last compared."""
    with scope.transaction(practice_id):
        last = Likeness.objects.filter(practice_id=practice_id).order_by("-found_at").values_list("found_at", flat=True)
        return AlikeCount(_waiting(practice_id, now).count(), last.first())


def _alike(row: Likeness) -> Alike:
    return Alike(row.patient_id, row.other_id, row.score, row.verdict, tuple(row.reasons))


def _waiting(practice_id: UUID, now: datetime) -> QuerySet[Likeness]:
    apart = Apart.objects.filter(
        practice_id=practice_id, patient_id=OuterRef("patient_id"), other_id=OuterRef("other_id"), ended_at=None
    )
    return (
        Likeness.objects.filter(practice_id=practice_id)
        .filter(Q(not_before=None) | Q(not_before__lte=now))
        .filter(patient__merged_into=None, other__merged_into=None)
        .exclude(patient__guardian_id=F("other_id"))
        .exclude(other__guardian_id=F("patient_id"))
        .exclude(Exists(apart))
    )
