"""What feedback takes part in across rooms: erasing, exporting, merging."""

from datetime import datetime
from typing import Any
from uuid import UUID

from glede.feedback.models import Response
from glede.kernel.actor import Actor
from glede.ledger import registry
from glede.practices.telling import plain


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
    rows = Response.objects.filter(practice_id=practice_id, patient_id=patient_id).order_by("given_at", "id")
    return [plain("response", row) for row in rows]


def merge(practice_id: UUID, keep_id: UUID, merge_id: UUID, *, by: Actor, now: datetime) -> None:
    """Nothing moves: a response belongs to its visit."""
