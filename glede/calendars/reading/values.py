"""What reading a calendar gives: busy times, what was odd, and counts that add up. Pure."""

from dataclasses import dataclass, field
from datetime import datetime


class Unreadable(Exception):
    """The file is no calendar that can be read. The argument is a code."""


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when busy times are asked for (UTC), and the zone of the practice for times that name none."""

    from_: datetime
    until: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Busy:
    """One stretch of busy time (UTC). ``key`` is a digest of the event's own id and its place in the series."""

    key: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd: a code, at which line of the file (0 where none), and a technical word like a zone's name."""

    code: str
    line: int = 0
    word: str = ""


@dataclass(slots=True)
class Read:
    """What a calendar says. ``events`` is the sum of busy, free, outside and refused events."""

    busy: list[Busy] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    events: int = 0
    busy_events: int = 0
    free_events: int = 0
    outside_events: int = 0
    refused_events: int = 0
    others: int = 0

    def counts(self) -> dict[str, int]:
        """Return the counts by name."""
        return {
            "events": self.events, "busy": self.busy_events, "free": self.free_events, "outside": self.outside_events,
            "refused": self.refused_events, "others": self.others, "times": len(self.busy),
            "findings": len(self.findings),
        }  # fmt: skip
