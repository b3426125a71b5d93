"""How far the ledger was followed, and up to which day calls were shared out."""

from uuid import UUID

from glede.kernel.failpoints import guard
from glede.ledger.models import Cursor
from glede.practices import scope

FOLLOWED = "journeys"
CALLS = "journeys.calls"
"""The day, as its ordinal number, up to which the calls before visits have been shared out."""

AGREED = "journeys.agreed"
"""The day, as its ordinal number, in whose night what patients were told was last held against the book."""


def reached(practice_id: UUID, name: str) -> int:
    """Return how far a cursor is; 0 where it was never moved."""
    with scope.transaction(practice_id):
        held = Cursor.objects.filter(practice_id=practice_id, name=name)
        return held.values_list("seq", flat=True).first() or 0


def locked(practice_id: UUID, name: str) -> Cursor:
    """Lock a cursor for change, made where it was not there. Call it inside an act."""
    cursors = Cursor.objects.select_for_update() if guard("cursor_lock") else Cursor.objects.all()
    held = cursors.filter(practice_id=practice_id, name=name)
    found = held.first()
    if found is None:
        Cursor.objects.bulk_create([Cursor(practice_id=practice_id, name=name)], ignore_conflicts=True)
        found = held.get()
    return found


def pass_by(practice_id: UUID, name: str, *, seen: int, to: int) -> None:
    """Move a cursor past what needs no work, unless another process has moved it since it was ``seen``."""
    with scope.transaction(practice_id):
        standing = Cursor.objects.filter(practice_id=practice_id, name=name, seq=seen)
        if not standing.update(seq=to) and not seen:
            Cursor.objects.bulk_create([Cursor(practice_id=practice_id, name=name, seq=to)], ignore_conflicts=True)
