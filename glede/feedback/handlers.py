"""What feedback takes part in across rooms: erasing, exporting, merging."""

from datetime import datetime
from typing import Any
from uuid import UUID

from glede.feedback.models import Response
from glede.feedback.queries import responses_of
from glede.kernel.actor import Actor
from glede.ledger import registry


def register() -> None:
    """Register with the rooms below."""
    registry.register("erase", "feedback", erase)
    registry.register("export", "feedback", export)
    registry.register("merge", "feedback", merge)


def erase(practice_id: UUID, patient_id: UUID, *, by: Actor, now: datetime) -> None:
    """Blank what the person wrote; the score stays, for counting."""
    Response.objects.filter(practice_id=practice_id, patient_id=patient_id).exclude(words="").update(words="")


def export(practice_id: UUID, patient_id: UUID) -> list[dict[str, Any]]:
    """Return what the person told, oldest first."""
    told = responses_of(practice_id, [patient_id])
    return [{"at": r.given_at.isoformat(), "score": r.score, "words": r.words} for r in reversed(told)]


def merge(practice_id: UUID, keep_id: UUID, merge_id: UUID, *, by: Actor, now: datetime) -> None:
    """Nothing moves: a response belongs to its visit."""
