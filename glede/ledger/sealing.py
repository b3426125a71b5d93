"""The chain of who looked: the worker seals the log in batches, and ``verify`` recomputes every seal.

A look is written in a transaction of its own before a page is shown, so it cannot wait for a chain.
A batch is sealed once it is a minute old: by then every look with an earlier id is committed.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from glede.kernel.ids import first_id_at
from glede.ledger.chain import GENESIS
from glede.ledger.models import Access, AccessSeal
from glede.practices import scope

SETTLED_AFTER = timedelta(minutes=1)
NOBODY = UUID(int=0)
_COLUMNS = ("id", "at", "actor_role", "actor_id", "patient_id", "page")
Row = tuple[Any, ...]


def seal_accesses(practice_id: UUID, *, moment: datetime) -> int:
    """Seal the looks that are a minute old by the machine's clock ``moment``; return how many.

    Two workers at once: the second finds its number taken, and its transaction is undone.
    """
    with scope.transaction(practice_id):
        last = AccessSeal.objects.filter(practice_id=practice_id).order_by("-number").first()
        after = last.last_id if last else NOBODY
        rows = list(_rows(practice_id, after, first_id_at(moment - SETTLED_AFTER)))
        if not rows:
            return 0
        prev = bytes(last.hash) if last else GENESIS
        AccessSeal.objects.create(
            practice_id=practice_id,
            number=(last.number if last else 0) + 1,
            last_id=rows[-1][0],
            rows=len(rows),
            prev=prev,
            hash=_seal(prev, rows),
        )
    return len(rows)


def problems_of_seals(practice_id: UUID) -> list[str]:
    """Return what does not agree between the log of who looked and its seals. Needs a scope."""
    found, after, prev = [], NOBODY, GENESIS
    for seal in AccessSeal.objects.filter(practice_id=practice_id).order_by("number").iterator():
        rows = list(_rows(practice_id, after, UUID(int=seal.last_id.int + 1)))
        if bytes(seal.prev) != prev or len(rows) != seal.rows or bytes(seal.hash) != _seal(prev, rows):
            found.append(f"the log of who looked was changed before its seal {seal.number}")
        after, prev = seal.last_id, bytes(seal.hash)
    return found


def _rows(practice_id: UUID, after: UUID, before: UUID) -> Iterable[Row]:
    rows = Access.objects.filter(practice_id=practice_id, id__gt=after, id__lt=before)
    return rows.order_by("id").values_list(*_COLUMNS)


def _seal(prev: bytes, rows: Iterable[Row]) -> bytes:
    digest = hashlib.sha256(prev)
    for row in rows:
        digest.update(hashlib.sha256("|".join(_text(value) for value in row).encode()).digest())
    return digest.digest()


def _text(value: Any) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
