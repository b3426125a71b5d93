"""What recall takes part in across rooms: erasing, exporting and merging a person."""

from datetime import datetime
from typing import Any
from uuid import UUID

from glede.kernel.actor import Actor
from glede.ledger import registry
from glede.recall import timeline
from glede.recall.models import Closing, NextVisit
from glede.recall.operations import take_back_closing


def register() -> None:
    """Register with the rooms below."""
    registry.register("erase", "recall", erase)
    registry.register("export", "recall", export)
    registry.register("merge", "recall", merge)
    registry.register("undo_visit", "recall", undo_visit)
    registry.register("timeline", "recall", timeline.words)
    registry.register("told", "recall", timeline.kinds)


def erase(practice_id: UUID, patient_id: UUID, *, by: Actor, now: datetime) -> None:
    """Forget why somebody was due again, and that they are: the interval stays, as a number without a person."""
    rows = NextVisit.objects.filter(practice_id=practice_id, patient_id=patient_id)
    rows.filter(ended_at=None).update(ended_at=now)
    rows.update(words="", why="")


def export(practice_id: UUID, patient_id: UUID) -> list[dict[str, Any]]:
    """Return every next visit that was ever set for a person and every closing of a visit, oldest first."""
    plans = NextVisit.objects.filter(practice_id=practice_id, patient_id=patient_id).order_by("set_at", "id")
    closings = Closing.objects.filter(practice_id=practice_id, patient_id=patient_id).order_by("closed_at", "id")
    return [
        {
            "what": "next visit",
            "id": str(row.pk),
            "months": row.months,
            "due": row.due_month.isoformat() if row.due_month else None,
            "why": row.why,
            "words": row.words,
            "set_at": row.set_at.isoformat(),
            "ended_at": row.ended_at.isoformat() if row.ended_at else None,
        }
        for row in plans
    ] + [
        {
            "what": "visit closed",
            "id": str(row.pk),
            "at": row.closed_at.isoformat(),
            "drops": row.hold_id is not None,
            "taken_back_at": row.taken_back_at.isoformat() if row.taken_back_at else None,
        }
        for row in closings
    ]


def merge(practice_id: UUID, keep_id: UUID, merge_id: UUID, *, by: Actor, now: datetime) -> None:
    """Nothing moves: a plan stays with the record it was made for, and queries follow the merge."""


def undo_visit(practice_id: UUID, appointment_id: UUID, *, by: Actor, now: datetime) -> None:
    """Take back how a visit was closed: it turned out that it never took place."""
    for row in Closing.objects.filter(practice_id=practice_id, appointment_id=appointment_id, taken_back_at=None):
        take_back_closing(practice_id=practice_id, closing_id=row.pk, by=by, now=now)
