"""What somebody does next, from who they are and a seed alone. Pure: the same seed is the same year."""

import random
from dataclasses import dataclass
from datetime import timedelta

from glede.shoes.personas import Habits

NEXT_IN_DAYS = (9, 170)
"""After how many days of a visit somebody who buys comes again: for what was ordered, and for a check."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of a visit: after which part of the wait somebody moves it, and whether they forget it."""

    moves_after: float | None
    forgets: bool


def chance(seed: int, what: str) -> random.Random:
    """Return the dice of one thing of one year: what else happens does not change how they fall."""
    return random.Random(f"{seed}:{what}")  # noqa: S311 - the same year each time


def answer_to_booking(habits: Habits, seed: int, number: int, *, times_moved: int) -> Answer:
    """Return what somebody does about their ``number``-th visit, which they moved so often already."""
    dice = chance(seed, f"visit {number} {times_moved}")
    moves = dice.random() < habits.moves and times_moved == 0
    forgets = dice.random() < habits.forgets
    return Answer(0.2 + dice.random() * 0.6 if moves else None, forgets and not moves)


def confirms_in(habits: Habits, seed: int, number: int, n: int) -> timedelta | None:
    """Return after how long somebody confirms at the ``n``-th message that asks for it; None: they do not."""
    dice = chance(seed, f"confirm {number} {n}")
    if dice.random() >= habits.confirms:
        return None
    return timedelta(minutes=dice.randrange(4, 240))


def picks_up(habits: Habits, seed: int, call: int) -> bool:
    """Return whether somebody answers the ``call``-th time that the desk rings."""
    return chance(seed, f"call {call}").random() < habits.picks_up


def asks_in(seed: int) -> timedelta:
    """Return how long after their first booking somebody writes what they wonder about."""
    return timedelta(minutes=chance(seed, "ask").randrange(300, 2600))


def tells_in(seed: int, number: int) -> timedelta:
    """Return how long after the thanks somebody says how their visit was."""
    return timedelta(minutes=chance(seed, f"tell {number}").randrange(30, 1200))


def answers_in(seed: int, number: int) -> timedelta:
    """Return how long the desk takes for the ``number``-th thing it is asked."""
    return timedelta(minutes=chance(seed, f"reply {number}").randrange(6, 30))


def comes_again_in(habits: Habits, visits: int) -> int | None:
    """Return after how many days somebody who has come so often comes again; None: not this year."""
    return NEXT_IN_DAYS[visits - 1] if habits.buys and 1 <= visits <= len(NEXT_IN_DAYS) else None
