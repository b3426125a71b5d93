"""Takes every message and sends none: the transport of a practice in rehearsal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from glede.channels.rehearsal.config import DEADLINE_SECONDS
from glede.outbox.rules import Resolution
from glede.outbox.transports import Accepted, Capabilities, Envelope, Outcome


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

    deadline_seconds = DEADLINE_SECONDS

    def capabilities(self, practice_id: UUID) -> Capabilities:
        """What was rehearsed once may be rehearsed again, for years."""
        return Capabilities(Resolution.KEY, key_lives=timedelta(days=3650))

    @contextmanager
    def open(self, practice_id: UUID) -> Iterator[RehearsalSession]:
        """Open nothing."""
        yield RehearsalSession()

    def is_configured(self, practice_id: UUID) -> bool:
        """Always."""
        return True
