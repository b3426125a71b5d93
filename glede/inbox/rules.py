"""Decisions about what people write: how urgent, answered by when, and what they get while nobody is here. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from glede.inbox import redflags
from glede.kernel.clock import at_wall, wall
from glede.kernel.periods import NeverOpen, WeeklyHours

URGENT_MINUTES: Final = 15  # our choice, in open minutes
URGENT: Final = frozenset({0, 1})
SAME_DAY: Final = 1
MUST_READ: Final = 2  # the urgency of words that only the wide net caught: a trained person reads them first
CALM: Final = 5
SAFETY_NET_EVERY: Final = timedelta(hours=12)  # our choice
MORNING: Final = time(9, 30)  # our choice: answered by 09:30 of the next open day
FIRST_HALF_HOUR: Final = timedelta(minutes=30)
SAID_SO: Final = "SAID_NEW_SYMPTOM"


@dataclass(frozen=True, slots=True)
class Reading:
    """How urgent a message is: ``tier`` 0, 1, 2, or 5 for all others, which a person reads as well."""

    tier: int
    categories: tuple[str, ...]
    must_be_read_now: bool
    lexicon_version: str


def raise_tier(words: str, *, says_new_symptom: bool = False) -> Reading:
    """Return how urgent ``words`` are. It only ever raises; nothing is called harmless (decision 20).

    Who says that it is about a new problem with their eyes is answered the same day, whatever the words.
    """
    found = redflags.raise_tier(words)
    if not says_new_symptom:
        return Reading(found.urgency, found.categories, found.must_be_read_now, found.lexicon_version)
    return Reading(min(found.urgency, SAME_DAY), (*found.categories, SAID_SO), True, found.lexicon_version)


def urgency_of(tier: int, *, must_be_read_now: bool) -> int:
    """Return in which order a message is answered: by its tier; where the wide net caught it, as T2 at least."""
    return min(tier, MUST_READ) if must_be_read_now else tier


def answer_due(received_at: datetime, hours: WeeklyHours, answer_minutes: int, tier: int) -> datetime:
    """Return the moment (UTC) by which a person owes an answer to what came at ``received_at``.

    ``answer_minutes`` are open minutes; for tiers 0 and 1 they are 15. What comes before the first opening of a day
    or after the last is answered by 09:30 of the next open day, or within half an hour of a later opening, where
    that is sooner. A practice without opening hours owes it in plain minutes: a message is never without a time.
    """
    minutes = min(answer_minutes, URGENT_MINUTES) if tier in URGENT else answer_minutes
    try:
        due = hours.add_open_minutes(received_at, minutes)
        opening = hours.next_open(received_at)
    except NeverOpen:
        return received_at + timedelta(minutes=minutes)
    if opening == received_at or not _is_first_of_day(opening, hours):
        return due
    morning = at_wall(wall(opening, hours.zone).date(), MORNING, hours.zone)
    return min(due, max(morning, opening + FIRST_HALF_HOUR))


def needs_safety_net(now: datetime, hours: WeeklyHours, last_sent_at: datetime | None) -> bool:
    """Return True where a message gets the safety-net reply: out of hours, once in 12 hours for each person."""
    if hours.is_open(now):
        return False
    return last_sent_at is None or now - last_sent_at >= SAFETY_NET_EVERY


def _is_first_of_day(opening: datetime, hours: WeeklyHours) -> bool:
    return hours.periods_on(wall(opening, hours.zone).date())[0].start == opening


def who_wrote(known_by: Sequence[UUID], written_to: Collection[UUID]) -> UUID | None:
    """Return who wrote from a number: the one known by it, or of several the only one we wrote to lately.

    Where that is nobody, or more than one, a colleague says who it was; a guess would put a person's words before
    another's eyes.
    """
    if len(known_by) == 1:
        return known_by[0]
    answering = [person for person in known_by if person in written_to]
    return answering[0] if len(answering) == 1 else None
