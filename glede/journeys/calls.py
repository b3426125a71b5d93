"""Whom a colleague rings before the visit, when not everybody can be rung. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from glede.journeys.facts import Person

Key = TypeVar("Key")

WISHES = ("new", "anxious", "complex", "likes_calls")
"""Who is rung first (row 5, docs/journeys.md)."""

NOT_REACHED_TWICE = 2


@dataclass(frozen=True, slots=True)
class Wish(Generic[Key]):
    """One person who ought to be rung. ``rank``: place in ``WISHES``; ``order`` breaks ties the same every time."""

    key: Key
    person_id: UUID
    rank: int
    starts_at: datetime
    order: str


@dataclass(frozen=True, slots=True)
class Allotment(Generic[Key]):
    """Who is rung and who is written to instead, each in order."""

    calls: tuple[Key, ...]
    messages: tuple[Key, ...]


def reasons_to_call(person: Person, who: Iterable[str], *, is_first: bool) -> tuple[str, ...]:
    """Return which of the wanted kinds the person is, in the order of ``WISHES``; the new come for the first time."""
    is_of = {
        "new": is_first,
        "anxious": person.is_anxious,
        "complex": person.is_complex,
        "likes_calls": person.likes_calls,
    }
    wanted = frozenset(who)
    return tuple(kind for kind in WISHES if kind in wanted and is_of[kind])


def rank_of(reasons: Iterable[str]) -> int:
    """Return the rank of a person by the first of their reasons."""
    return min((WISHES.index(reason) for reason in reasons), default=len(WISHES))


def allot_calls(wishes: Iterable[Wish[Key]], *, capacity: int, made: int = 0) -> Allotment[Key]:
    """Share out the calls of one day: the new first, then the anxious, the complex, and those who like calls.

    ``capacity`` is how many calls the practice makes a day, ``made`` how many were promised for that day before.
    A person with two visits is rung once and counts once.
    """
    left = max(0, capacity - made)
    chosen: set[UUID] = set()
    calls: list[Key] = []
    messages: list[Key] = []
    for wish in sorted(wishes, key=lambda w: (w.rank, w.starts_at, w.order, str(w.person_id))):
        if wish.person_id in chosen:
            calls.append(wish.key)
        elif len(chosen) < left:
            chosen.add(wish.person_id)
            calls.append(wish.key)
        else:
            messages.append(wish.key)
    return Allotment(tuple(calls), tuple(messages))
