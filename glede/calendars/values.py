"""What is asked of the calendars, and what they answer. Pure."""

from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

DAYS_AHEAD: Final = 180
"""How far busy times are held: about as far as a practice books. Our own choice."""


@dataclass(frozen=True, slots=True)
class NewCalendar:
    """A calendar to be added: whose it is, what it is called, and an address where it is fetched from one."""

    practitioner_id: UUID
    name: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one file: counts that add up, or the reason why it was refused."""

    calendar_id: UUID
    reason: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    findings: list[dict[str, Any]] = field(default_factory=list)
    held: int = 0
    clashes: int = 0
    vanished: int = 0
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered: a file, that nothing is new, or a failure by its code."""

    content: bytes = b""
    is_same: bool = False
    failure: str = ""
    etag: str = ""
    modified: str = ""
