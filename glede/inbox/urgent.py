"""How urgent a message is, from its words and from what the writer said of it. Only ever raises. Pure."""

from dataclasses import dataclass
from typing import Final

from glede.inbox.redflags import raise_tier

SAID_SO: Final = "said_new_symptom"
SAME_DAY: Final = 1
MUST_READ: Final = 2
NONE: Final = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """``tier`` 0, 1, 2, or 5 for none; ``must_read_now``: the wide net caught it, a trained person reads it."""

    tier: int
    categories: tuple[str, ...]
    must_read_now: bool
    lexicon_version: str


def read(words: str, *, says_new_symptom: bool = False) -> Reading:
    """Return how urgent ``words`` are. Who says that it is about a new problem is believed: the same day."""
    found = raise_tier(words)
    tier = min(found.urgency, SAME_DAY) if says_new_symptom else found.urgency
    categories = (*found.categories, *((SAID_SO,) if says_new_symptom else ()))
    return Reading(tier, categories, found.must_be_read_now, found.lexicon_version)


def urgency(tier: int, *, must_read_now: bool) -> int:
    """Return the urgency of the promise: the tier, or 2 where only the wide net caught the words."""
    return min(tier, MUST_READ) if must_read_now else tier
