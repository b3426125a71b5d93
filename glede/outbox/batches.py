"""A batch between its claim and its settlement: what leaves, under which fence, and what came of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from glede.outbox.transports import Envelope, Outcome


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message this worker holds a lease on."""

    message_id: UUID
    fence: int
    channel: str
    envelope: Envelope


@dataclass(slots=True)
class Batch:
    """What one claim took. `counts` has what the claim itself ended: skipped, handed, held."""

    practice_id: UUID
    is_live: bool
    lease_until: datetime
    outgoing: list[Outgoing] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    taken: int = 0


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of one message of a batch; `outcome` None: not begun. `was_called`: the channel was asked for it."""

    message_id: UUID
    fence: int
    outcome: Outcome | None
    at: datetime
    channel: str = ""
    was_called: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """What one round of sending did. `taken` 0: nothing was due."""

    taken: int = 0
    accepted: int = 0
    rehearsed: int = 0
    refused: int = 0
    failed: int = 0
    unknown: int = 0
    skipped: int = 0
    handed: int = 0
    held: int = 0
    released: int = 0

    @classmethod
    def of(cls, taken: int, counts: Counter[str]) -> Sent:
        """From counts by name."""
        return cls(taken=taken, **{name: counts[name] for name in counts if name in cls.__dataclass_fields__})
