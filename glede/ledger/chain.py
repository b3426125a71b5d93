"""The bytes of an event and the chain over them. Pure."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.ref import Ref

FORMAT = 1
GENESIS = bytes(32)


@dataclass(frozen=True, slots=True)
class Draft:
    """An event before it has its place in the chain."""

    id: UUID
    at: datetime
    kind: str
    by: Actor
    subject: Ref
    patient: UUID | None
    version: int
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """An event's place in the chain."""

    seq: int
    body: bytes
    prev: bytes
    hash: bytes


def body_of(practice: UUID, draft: Draft) -> bytes:
    """Return the canonical bytes of an event: JSON, sorted keys, no blanks, UTC times."""
    facts = {
        "v": FORMAT,
        "practice": str(practice),
        "id": str(draft.id),
        "at": draft.at.astimezone(UTC).isoformat(),
        "kind": draft.kind,
        "actor": [draft.by.role, str(draft.by.id) if draft.by.id else None],
        "subject": [draft.subject.kind, str(draft.subject.id)],
        "patient": str(draft.patient) if draft.patient else None,
        "version": draft.version,
        "data": draft.data,
    }
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=_plain).encode("ascii")


def _plain(value: Any) -> str:
    # Only values that name or measure may stand in an event; anything else is a programming error.
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    raise TypeError(f"An event carries ids, codes, numbers and ISO times, not {type(value).__name__}")


def leaf(practice: UUID, seq: int, body: bytes) -> bytes:
    """Return SHA-256(0x00 ‖ practice ‖ seq ‖ body), the leaf of RFC 6962 with its place bound in."""
    return hashlib.sha256(b"\x00" + practice.bytes + seq.to_bytes(8, "big") + body).digest()


def link_hash(prev: bytes, leaf_hash: bytes) -> bytes:
    """Return SHA-256(prev ‖ leaf)."""
    return hashlib.sha256(prev + leaf_hash).digest()


def link_up(practice: UUID, seq: int, prev: bytes, bodies: Iterable[bytes]) -> Iterator[Link]:
    """Yield the places of ``bodies`` in the chain that ends at (``seq``, ``prev``)."""
    for body in bodies:
        seq += 1
        digest = link_hash(prev, leaf(practice, seq, body))
        yield Link(seq, body, prev, digest)
        prev = digest
