"""Takes every message and sends none: the transport of a practice in rehearsal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from glede.channels.rehearsal.config import DEADLINE_SECONDS
from glede.outbox.rules import Resolution
from glede.outbox.transports import Accepted, Envelope, Outcome


class RehearsalSession:
    """Accepts without sending."""

    def prepare(self, envelope: Envelope) -> None:
        """Nothing to prepare."""

    def forget(self) -> None:
        """Nothing to forget."""

    def send(self, envelope: Envelope) -> Outcome:
        """Say yes: the message's row is what a rehearsal shows."""
        return Accepted()


class RehearsalTransport:
    """Repeating a rehearsed message harms nobody, so a key class serves."""

    resolution = Resolution.KEY
    deadline_seconds = DEADLINE_SECONDS

    @contextmanager
    def open(self, practice_id: UUID) -> Iterator[RehearsalSession]:
        """Open nothing."""
        yield RehearsalSession()

    def is_configured(self, practice_id: UUID) -> bool:
        """Always."""
        return True
