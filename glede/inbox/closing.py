"""When a conversation may be closed without a written answer, and the desk for the day. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

NO_TIER: Final = 5
# A red flag is only ever lowered by a person who spoke with the patient (decision 20).
_SPOKEN: Final = frozenset({"rang", "in_person"})
_REASONS: Final = _SPOKEN | {"thanks_only", "not_for_us"}
NEEDS_A_NOTE: Final[Mapping[str, bool]] = {"rang": True, "in_person": True, "thanks_only": False, "not_for_us": True}


class NotClosable(Exception):
    """Somebody still waits: this reason does not answer them. ``code`` is stable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_closable(reason: str, note: str, tier: int) -> None:
    """Raise ``NotClosable`` unless ``reason`` and ``note`` show that nobody is left without an answer.

    ``tier`` is the most urgent of the open messages. Codes: ``unknown_reason``, ``note_missing``,
    ``red_flag`` (T0 to T2 need a spoken answer).
    """
    if reason not in _REASONS:
        raise NotClosable("unknown_reason")
    if tier < NO_TIER and reason not in _SPOKEN:
        raise NotClosable("red_flag")
    if NEEDS_A_NOTE[reason] and not note.strip():
        raise NotClosable("note_missing")


class Handed(Protocol):
    """How something owed was last handed over."""

    @property
    def by(self) -> UUID | None:
        """Who handed it; None where a machine did."""

    @property
    def to(self) -> UUID | None:
        """To whom; None is everybody."""

    @property
    def reason(self) -> str:
        """Why, where no colleague chose it."""


def is_handed_by_name(owner_id: UUID | None, handed: Handed | None, due_at: datetime, now: datetime) -> bool:
    """Return True where a colleague gave an answer to a named one, for a time that is still to come.

    Whoever the rota or a draft made the owner was not named by anybody: that does not end a day.
    """
    if owner_id is None or handed is None or handed.reason or due_at <= now:
        return False
    return handed.by is not None and handed.to == owner_id


def why_late(handed: Handed | None) -> str:
    """Return the cause of an answer that came after its time, as counted: how it last changed hands, if it did."""
    if handed is None:
        return "not_in_time"
    return handed.reason or "handed_over"
