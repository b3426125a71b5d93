"""Who reads a response's words for signs of urgency.

The lexicon of red flags belongs to ``inbox``, which this room may not import; a room above both
registers its reader here when the process starts.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """How urgent words are (0, 1, 2 or 5 for none) and the categories that say why."""

    tier: int
    categories: tuple[str, ...]


class NobodyReads(Exception):
    """No reader is registered: an answer must not be taken when nobody would see a red flag in it."""


_readers: list[Callable[[str], Reading]] = []


def register(reader: Callable[[str], Reading]) -> None:
    """Make ``reader`` the one that reads every response."""
    _readers[:] = [reader]


def read(words: str) -> Reading:
    """Return how urgent ``words`` are. Raises ``NobodyReads`` where nobody was registered."""
    if not _readers:
        raise NobodyReads
    return _readers[0](words)
