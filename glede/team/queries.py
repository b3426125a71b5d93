"""Who thanked whom, the newest first. Nothing here counts people."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from glede.practices import scope
from glede.team.models import Thanks

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Thanked:
    """One colleague's thanks to another (memberships), and the patient they are about, where there is one."""

    id: UUID
    from_id: UUID
    to_id: UUID
    words: str
    patient_id: UUID | None
    given_at: datetime


def last_thanks(practice_id: UUID, *, limit: int = SHOWN) -> list[Thanked]:
    """Return the last thanks, the newest first."""
    with scope.transaction(practice_id):
        return [_thanked(row) for row in _standing(practice_id).order_by("-given_at", "-id")[:limit]]


def unseen_thanks(practice_id: UUID, membership_id: UUID) -> list[Thanked]:
    """Return what a colleague was thanked for and has not read yet, the oldest first."""
    with scope.transaction(practice_id):
        rows = _standing(practice_id).filter(to_id=membership_id, seen_at=None)
        return [_thanked(row) for row in rows.order_by("given_at", "id")]


def _standing(practice_id: UUID) -> QuerySet[Thanks]:
    return Thanks.objects.filter(practice_id=practice_id, withdrawn_at=None).exclude(words="")


def _thanked(row: Thanks) -> Thanked:
    return Thanked(row.pk, row.from_id, row.to_id, row.words, row.patient_id, row.given_at)
