"""What a patient was told of a visit, minus what stands in the book. Values in, values out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

SETTLING: Final = timedelta(minutes=15)
"""How long after a change the news of it may still be on its way into the outbox."""


class Differs(StrEnum):
    """How what was told differs from the book."""

    GONE = "gone"  # the visit is not in the diary any more
    NOWHERE = "nowhere"  # its code leads nowhere
    OTHER = "other"  # it has another code than the one given
    WORDS = "words"  # a message gave the code of something else
    ELSEWHERE = "elsewhere"  # the patient knows another time
    CANCELLED = "cancelled"  # the patient thinks it stands
    STANDS = "stands"  # the patient thinks it is cancelled


@dataclass(frozen=True, slots=True)
class Place:
    """Whether a visit stands, and where: day and hour on the wall as ISO texts; no hour for a visit of the day."""

    stands: bool
    day: str
    hour: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """What the record amounted to after one event of a visit.

    ``is_known``: the patient did or wished it, and their page or the colleague said so; or they were told another way.
    """

    at: datetime
    version: int
    place: Place
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """That the patient was told: the version a message was about; without one, what stood at ``at`` (a call)."""

    at: datetime
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Tale:
    """A visit: its changes in order, what was told of it, the book's place, and whether news is on its way."""

    changes: Sequence[Change]
    tellings: Sequence[Telling]
    book: Place | None
    is_on_the_way: bool = False


def told_place(tale: Tale) -> Place | None:
    """Return where the patient was last told the visit is; None where nobody told them anything."""
    versions = [change.version for change in tale.changes if change.is_known]
    versions += [version for telling in tale.tellings if (version := _version(tale, telling)) is not None]
    if not versions:
        return None
    known = [change.place for change in tale.changes if change.version <= max(versions)]
    return known[-1] if known else None


def _version(tale: Tale, telling: Telling) -> int | None:
    if telling.version is not None:
        return telling.version
    return max((change.version for change in tale.changes if change.at <= telling.at), default=None)


def difference(tale: Tale, now: datetime) -> Differs | None:
    """Return how what was told differs from the book at ``now``; None where it does not, or news is on its way."""
    told = told_place(tale)
    if told is None:
        return None
    if tale.book is None:
        return Differs.GONE
    if tale.is_on_the_way or now - tale.changes[-1].at < SETTLING:
        return None
    if told.stands != tale.book.stands:
        return Differs.CANCELLED if told.stands else Differs.STANDS
    if told.stands and (told.day, told.hour) != (tale.book.day, tale.book.hour):
        return Differs.ELSEWHERE
    return None
