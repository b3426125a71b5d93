"""What the team takes part in across rooms: erasing, exporting, merging."""

from datetime import datetime
from typing import Any
from uuid import UUID

from glede.kernel.actor import Actor
from glede.ledger import registry
from glede.team.models import Thanks


def register() -> None:
    """Register with the rooms below."""
    registry.register("erase", "team", erase)
    registry.register("export", "team", export)
    registry.register("merge", "team", merge)


def erase(practice_id: UUID, patient_id: UUID, *, by: Actor, now: datetime) -> None:
    """Blank what colleagues said to one another about the person: it may name them."""
    Thanks.objects.filter(practice_id=practice_id, patient_id=patient_id).exclude(words="").update(words="")


def export(practice_id: UUID, patient_id: UUID) -> list[dict[str, Any]]:
    """Return what colleagues thanked one another for about the person, oldest first."""
    rows = Thanks.objects.filter(practice_id=practice_id, patient_id=patient_id, withdrawn_at=None).exclude(words="")
    return [
        {"what": "thanks", "id": str(row.pk), "at": row.given_at.isoformat(), "words": row.words}
        for row in rows.order_by("given_at", "id")
    ]


def merge(practice_id: UUID, keep_id: UUID, merge_id: UUID, *, by: Actor, now: datetime) -> None:
    """Nothing moves: thanks lead to the person's page, and that leads on to the one they were merged into."""
