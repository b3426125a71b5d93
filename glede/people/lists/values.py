"""What reading a list gives, and what bringing it in comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from glede.people.lists.opening import Row


@dataclass(frozen=True, slots=True)
class Finding:
    """A cell that could not be taken as it stands: its row as a spreadsheet counts, its field, its text and a code."""

    row: int
    field: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not taken, and the code of the reason."""

    row: Row
    reason: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a list. Every row is counted once: created, updated, unchanged, a duplicate or a reject."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicates: int = 0
    rejects: tuple[Reject, ...] = ()
    findings: tuple[Finding, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    unmatched: tuple[str, ...] = ()
    not_kept: tuple[str, ...] = ()
    people_created: int = 0

    @property
    def rejected(self) -> int:
        """How many rows were not taken."""
        return len(self.rejects)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows came to what; they add up to ``read``."""
        return {
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "duplicates": self.duplicates,
            "rejected": self.rejected,
        }
