"""How a room below the ledger records its acts: the ledger hands its ``act`` down at the start.

Practices and staff lie below the ledger, yet each of their acts must leave an event in the same
transaction. They call ``act`` here; ``glede.ledger`` provides it.
"""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.ref import Ref


class Act(Protocol):
    """One act: locks, rows, one event for each subject changed, all in one transaction."""

    practice_id: UUID
    by: Actor
    now: datetime

    def lock(self, *refs: Ref) -> None:
        """Lock the subjects, sorted."""

    def record(
        self, kind: str, *, subject: Ref, patient: UUID | None = None, data: dict[str, Any] | None = None
    ) -> None:
        """Record the event."""


class Opener(Protocol):
    """What opens an act."""

    def __call__(self, practice_id: UUID, *, by: Actor, now: datetime) -> AbstractContextManager[Act]:
        """Open it."""


_provided: list[Opener] = []


def provide(opener: Opener) -> None:
    """Let the ledger provide its ``act``; called once at the start."""
    _provided[:] = [opener]


def act(practice_id: UUID, *, by: Actor, now: datetime) -> AbstractContextManager[Act]:
    """Open an act of ``practice_id``. See ``glede.ledger.operations.act``."""
    return _provided[0](practice_id, by=by, now=now)


__all__ = ["Act", "Opener", "act", "provide"]
