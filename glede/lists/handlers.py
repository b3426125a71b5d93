"""What this room takes part in across rooms: erasing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from glede.kernel.actor import Actor
from glede.ledger import registry
from glede.lists.models import BroughtList, BroughtRow


def register() -> None:
    """Register with the rooms below."""
    registry.register("erase", "lists", erase)
    registry.register("export", "lists", export)


def erase(practice_id: UUID, patient_id: UUID, *, by: Actor, now: datetime) -> None:
    """Throw away the reports of lists that held the person: rejects and findings repeat cells."""
    mine = BroughtRow.objects.filter(practice_id=practice_id, kind="patient", subject_id=patient_id)
    lists = BroughtList.objects.filter(practice_id=practice_id, pk__in=mine.values("list_id"))
    lists.filter(report__isnull=False).update(report=None)


def export(practice_id: UUID, patient_id: UUID) -> list[dict[str, Any]]:
    """Return which rows of which lists were about the person."""
    rows = BroughtRow.objects.filter(practice_id=practice_id, kind="patient", subject_id=patient_id)
    told = rows.select_related("list").order_by("id")
    return [{"list": row.list.name, "row": row.number, "at": row.list.put_in_at.isoformat()} for row in told]
