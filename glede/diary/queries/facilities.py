"""Rooms and devices: which there are, and which serve for what a visit asks for."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from glede.diary.models import Facility
from glede.practices import scope


@dataclass(frozen=True, slots=True)
class Place:
    """A room or a device, as the book knows it."""

    id: UUID
    kind: str
    name: str
    serves_as: str
    is_ended: bool = False


def facilities(practice_id: UUID, *, including_ended: bool = False) -> list[Place]:
    """Return the rooms and devices, those in use first, in the practice's order."""
    with scope.transaction(practice_id):
        rows = Facility.objects.filter(practice_id=practice_id)
        rows = rows if including_ended else rows.filter(ended_at=None)
        found = [
            Place(row.pk, row.kind, row.name, row.serves_as, row.ended_at is not None)
            for row in rows.order_by("sort", "name", "id")
        ]
    return sorted(found, key=lambda one: one.is_ended)


def by_word(practice_id: UUID) -> dict[str, tuple[Place, ...]]:
    """Return the rooms and devices in use by the word services ask for them with."""
    found: dict[str, list[Place]] = defaultdict(list)
    for one in facilities(practice_id):
        found[one.serves_as].append(one)
    return {word: tuple(some) for word, some in found.items()}
