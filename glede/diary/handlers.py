"""What the diary takes part in across rooms: the proof, a person's erasure, merging and export, the stream."""

from datetime import datetime
from typing import Any
from uuid import UUID

from glede.diary import timeline, verifying
from glede.diary.models import Appointment, Remark, Series
from glede.diary.queries.visits import history_of
from glede.kernel.actor import Actor
from glede.ledger import registry
from glede.practices.telling import plain

EXPORTED = (
    "day", "wall_time", "zone", "starts_at", "ends_at", "minutes", "state", "booked_at", "confirmed_at", "arrived_at",
    "done_at", "missed_at", "cancelled_at", "cancelled_by", "cancel_reason", "late_minutes", "delay_minutes", "source",
    "external_id", "more_time",
)  # fmt: skip


def register() -> None:
    """Take part."""
    registry.register("verify", "diary", verifying.verify)
    registry.register("erase", "diary", erase)
    registry.register("merge", "diary", merge)
    registry.register("export", "diary", export)
    registry.register("timeline", "diary", timeline.words)
    registry.register("told", "diary", timeline.kinds)


def erase(practice_id: UUID, patient_id: UUID, *, by: Actor, now: datetime) -> None:
    """Blank what was said with a person's visits, and the numbers a list knew them by.

    The visits stay, as times on which somebody came: with the name gone they tell nothing else.
    """
    Remark.objects.filter(practice_id=practice_id, appointment__patient_id=patient_id).update(words="")
    Appointment.objects.filter(practice_id=practice_id, patient_id=patient_id).update(
        external_id="", list_said=None, more_time=[]
    )


def merge(practice_id: UUID, keep_id: UUID, merge_id: UUID, *, by: Actor, now: datetime) -> None:
    """Nothing: a visit stays with the record it was booked for, and queries follow the merge."""


def export(practice_id: UUID, patient_id: UUID) -> list[dict[str, Any]]:
    """Every visit of a person with everything that happened to it, oldest first."""
    rows = Appointment.objects.filter(practice_id=practice_id, patient_id=patient_id)
    return [
        {
            "what": "visit",
            "id": str(row.pk),
            **{name: getattr(row, name) for name in EXPORTED},
            "service": row.service.code if row.service else None,
            "practitioner": row.practitioner.display_name if row.practitioner else None,
            "history": [
                {"at": line.at, "what": str(line.change), "by": line.by.role, "why": line.reason, "words": line.words}
                for line in history_of(practice_id, row.pk)
            ],
        }
        for row in rows.select_related("service", "practitioner").order_by("starts_at", "id")
    ] + [plain("series", row) for row in Series.objects.filter(practice_id=practice_id, patient_id=patient_id)]
