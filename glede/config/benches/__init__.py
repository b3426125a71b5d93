"""What is measured at scale: a practice of 50,000 people in a database of its own, and how quick its pages are.

The practice is made by our own operations: a few people live real weeks (``seeds``), are copied many times over
with their history (``copies``), and meet a full present day (``present``). Nothing here runs in a house that works.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

PRESENT = datetime(2026, 11, 24, 8, 12, tzinfo=UTC)
"""Tuesday 24 November 2026, 09:12 on the wall in Oslo: the morning at which everything is measured."""
WEEKS_LIVED = 3


@dataclass(frozen=True)
class Size:
    """How large a practice is made: ``seeds`` people, of whom ``lived`` came to us, each there ``copies`` times."""

    seeds: int
    lived: int
    copies: int
    promises: int
    days_ahead: int
    chairs: int = 4
    visits_a_day: int = 64
    long_history: int = 60

    @property
    def people(self) -> int:
        """How many people it will have."""
        return self.seeds * self.copies

    @property
    def begins_at(self) -> datetime:
        """When its history begins: each copy lived its weeks a week after the one before."""
        monday = PRESENT - timedelta(days=PRESENT.weekday(), hours=1)
        return monday - timedelta(weeks=self.copies + WEEKS_LIVED)


SIZES = {
    "full": Size(seeds=125, lived=90, copies=400, promises=2000, days_ahead=20),
    "people": Size(seeds=250, lived=1, copies=400, promises=50, days_ahead=1, long_history=12),
    "quick": Size(seeds=100, lived=8, copies=500, promises=500, days_ahead=4, long_history=20),
    "small": Size(seeds=50, lived=4, copies=20, promises=100, days_ahead=2, long_history=12),
}
