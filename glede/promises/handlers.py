"""What promises take part in across rooms: a person's export. Forgetting them is an operation of its own."""

from typing import Any
from uuid import UUID

from glede.ledger import registry
from glede.practices.telling import plain
from glede.promises.models import PromiseOutcome
from glede.promises.operations import promises_to


def register() -> None:
    """Take part."""
    registry.register("export", "promises", export)


def export(practice_id: UUID, patient_id: UUID) -> list[dict[str, Any]]:
    """Return everything that was ever promised to a person and how it ended, oldest first."""
    owed = promises_to(practice_id, [patient_id])
    ended = PromiseOutcome.objects.filter(practice_id=practice_id, promise__in=owed).order_by("at", "id")
    return [plain("promise", row, but={"detail"}) for row in owed] + [plain("outcome", row) for row in ended]
