"""What the diary takes part in across rooms."""

from datetime import datetime
from uuid import UUID

from glede.diary import verifying
from glede.diary.operations.forgetting import forget_patient
from glede.kernel.actor import Actor
from glede.ledger import registry


def register() -> None:
    """Let the diary check itself, and forget a person, when the rooms below ask for it."""
    registry.register("verify", "diary", verifying.verify)
    registry.register("erase", "diary", forget_patient)
    registry.register("merge", "diary", follow_merge)


def follow_merge(practice_id: UUID, keep_id: UUID, merge_id: UUID, *, by: Actor, now: datetime) -> None:
    """Rewrite nothing: a visit stays with the record it was booked for, and queries follow ``merged_into``."""
