"""The chain of who looked: the worker seals the log in batches, and ``verify`` recomputes every seal.

A look is written in a transaction of its own before a page is shown, so it cannot wait for a chain.
A batch is sealed once it is a minute old: by then every look with an earlier id is committed.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from glede.ledger.chain import GENESIS
from glede.ledger.models import Access, AccessSeal

NOBODY = UUID(int=0)
_COLUMNS = ("id", "at", "actor_role", "actor_id", "patient_id", "page")
Row = tuple[Any, ...]


def problems_of_seals(practice_id: UUID) -> list[str]:
    """Return what does not agree between the log of who looked and its seals. Needs a scope."""
    found, after, prev = [], NOBODY, GENESIS
    for seal in AccessSeal.objects.filter(practice_id=practice_id).order_by("number").iterator():
        rows = list(rows_between(practice_id, after, UUID(int=seal.last_id.int + 1)))
        if bytes(seal.prev) != prev or len(rows) != seal.rows or bytes(seal.hash) != seal_hash(prev, rows):
            found.append(f"the log of who looked was changed before its seal {seal.number}")
        after, prev = seal.last_id, bytes(seal.hash)
    return found


def rows_between(practice_id: UUID, after: UUID, before: UUID) -> Iterable[Row]:
    """Return the looks with ids between ``after`` and ``before``, in order. Needs a scope."""
    rows = Access.objects.filter(practice_id=practice_id, id__gt=after, id__lt=before)
    return rows.order_by("id").values_list(*_COLUMNS)


def seal_hash(prev: bytes, rows: Iterable[Row]) -> bytes:
    """Return SHA-256 over the seal before and the hash of each row."""
    digest = hashlib.sha256(prev)
    for row in rows:
        digest.update(hashlib.sha256("|".join(_text(value) for value in row).encode()).digest())
    return digest.digest()


def _text(value: Any) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
