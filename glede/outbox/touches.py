"""What the practice owes a person, as a value: the planner's word to the outbox. No Django."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from glede.kernel.ref import Ref

ASSUMES = "assumes"
"""Where in a touch's why it stands on what it rests that nobody said: "attended" or "not reached"."""


@dataclass(frozen=True, slots=True)
class TouchKey:
    """What makes a touch *the same*: channel and address are not in it (decision 8)."""

    row: str
    subject: Ref
    subject_version: int
    occurrence: int = 1


@dataclass(frozen=True, slots=True)
class PlannedTouch:
    """One touch that a journey row owes a person.

    `act` is "message" or "call" (a call becomes a colleague's promise when due). `channel` is the planner's
    guess for the board ("email", "sms", "call", or "" for none): the claim chooses afresh. `answers_at` is the
    moment of the person's own act that this answers, if any: such a touch is never held while that act is less
    than ten minutes old. `late_after` is the moment after which a message is worse than a call; for a call it is
    the moment the call is due by. `why` holds codes, ids and times, never names or free text.
    """

    row: str
    journey_version: int
    subject: Ref
    subject_version: int
    patient_id: UUID
    purpose: str
    lane: str
    due_at: datetime
    occurrence: int = 1
    act: str = "message"
    channel: str = ""
    late_after: datetime | None = None
    answers_at: datetime | None = None
    why: Mapping[str, object] = field(default_factory=dict)

    @property
    def key(self) -> TouchKey:
        """The unique key of this touch within its practice and mode."""
        return TouchKey(self.row, self.subject, self.subject_version, self.occurrence)


def provider_key(practice_id: UUID, key: TouchKey, *, live: bool, n: int) -> str:
    """The key that goes to a provider: SHA-256 over touch | n, in hex."""
    parts = (
        practice_id.hex,
        key.row,
        key.subject.kind,
        key.subject.id.hex,
        str(key.subject_version),
        str(key.occurrence),
        "live" if live else "rehearsal",
        str(n),
    )
    return hashlib.sha256("|".join(parts).encode()).hexdigest()
