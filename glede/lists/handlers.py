"""What this room takes part in across rooms: erasing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from glede.kernel.actor import Actor
from glede.ledger import registry
from glede.lists.models import BroughtList, BroughtRow
from glede.lists.values import State


def register() -> None:
    """Register with the rooms below."""
    registry.register("erase", "lists", erase)
    registry.register("export", "lists", export)


def erase(practice_id: UUID, patient_id: UUID, *, by: Actor, now: datetime) -> None:
    """Throw away the reports of all lists, and the lists that wait: their cells may name the person anywhere.

    A row that was refused leads to nobody, so nobody can say which lists to spare. A list that is thrown away can be
    put in again; what was answered about its columns is kept. One that was stopped half-way stays as far as it came.
    """
    lists = BroughtList.objects.filter(practice_id=practice_id)
    gone: dict[str, Any] = {"content": None, "report": None, "theirs": [], "reading": None}
    lists.filter(state=State.STAGED.value).update(state=State.DISCARDED.value, ended_at=now, **gone)
    lists.filter(state=State.STOPPED.value).update(state=State.BROUGHT.value, **gone)
    lists.filter(report__isnull=False).update(report=None)
    BroughtRow.objects.filter(practice_id=practice_id, kind="patient", subject_id=patient_id).update(before={})


def export(practice_id: UUID, patient_id: UUID) -> list[dict[str, Any]]:
    """Return which rows of which lists were about the person."""
    rows = BroughtRow.objects.filter(practice_id=practice_id, kind="patient", subject_id=patient_id)
    told = rows.select_related("list").order_by("id")
    return [
        {
            "what": "row",
            "id": str(row.pk),
            "list": row.list.name,
            "row": row.number,
            "at": row.list.put_in_at.isoformat(),
        }
        for row in told
    ]
