"""One channel by several ways, of which each practice has one: its own account, or the house's."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from uuid import UUID

from glede.outbox.transports import Capabilities, Session, Transport


class ByAccount(ABC):
    """A transport that hands each practice's messages to the way it has; who says ``way_of`` says which."""

    def __init__(self, *ways: Transport) -> None:
        self._ways = ways

    @abstractmethod
    def way_of(self, practice_id: UUID) -> Transport:
        """Return the way a practice has."""

    @property
    def deadline_seconds(self) -> float:
        """The longest one message may take, by any."""
        return max(way.deadline_seconds for way in self._ways)

    def capabilities(self, practice_id: UUID) -> Capabilities:
        """What the practice's way can do."""
        return self.way_of(practice_id).capabilities(practice_id)

    def open(self, practice_id: UUID) -> AbstractContextManager[Session]:
        """One session for a batch."""
        return self.way_of(practice_id).open(practice_id)

    def is_configured(self, practice_id: UUID) -> bool:
        """Whether the practice's way is open."""
        return self.way_of(practice_id).is_configured(practice_id)
