"""How fast the planner is, measured on believable visits (``glede bench plan``)."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from glede.journeys import document
from glede.journeys.document import Document
from glede.journeys.facts import NOTHING, Change, Facts, House, Person, Visit
from glede.journeys.planner import plan
from glede.kernel import clock, ids
from glede.kernel.clock import at_wall
from glede.kernel.periods import Span, WeeklyHours
from glede.outbox.touches import PlannedTouch

PEOPLE = 20_000
START = date(2026, 10, 1)
ZONE = "Europe/Oslo"
ROUNDS = 3
"""The best of so many rounds counts: what else the machine does is not ours."""
TARGET = 50_000
"""Touches planned a second on one core (issue of the foundations)."""


def house() -> House:
    """Return a practice open on weekdays from nine to five."""
    return House(ZONE, WeeklyHours(tuple(Span(day, time(9), time(17)) for day in range(5)), frozenset(), ZONE))


def people(count: int, seed: int = 1) -> Iterator[Facts]:
    """Yield believable people: one visit each, every tenth two, every eighth done, every fifth new."""
    chance, home = random.Random(seed), house()  # noqa: S311 - repeatable on purpose
    with ids.seeded(seed):
        for number in range(count):
            visits = tuple(_visit(chance, number + n) for n in range(2 if number % 10 == 0 else 1))
            person = Person(
                ids.new_id(),
                ZONE,
                hours_from=time(17) if number % 7 == 0 else None,
                channel="sms",
                channel_because="first_choice",
                likes_calls=number % 11 == 0,
            )
            yield Facts(home, person, visits)


def _visit(chance: random.Random, number: int) -> Visit:
    day = START + timedelta(days=chance.randrange(10, 60))
    starts_at = at_wall(day, time(9 + chance.randrange(8), chance.choice((0, 15, 30, 45))), ZONE)
    booked_at = datetime(2026, 9, 20, 8, tzinfo=UTC) + timedelta(minutes=chance.randrange(14_400))
    is_done = number % 8 == 0
    slot = starts_at.isoformat()
    return Visit(
        id=ids.new_id(),
        version=1,
        order=str(number),
        day=day,
        slot=slot,
        zone=ZONE,
        starts_at=starts_at,
        deadline=starts_at,
        is_first=number % 5 == 0,
        state="done" if is_done else "booked",
        changes=(Change("booked", "patient", booked_at, slot),),
        done_at=starts_at + timedelta(minutes=40) if is_done else None,
    )


def measure(count: int = PEOPLE) -> dict[str, float | str | bool]:
    """Plan for ``count`` people and return the figure beside what Python can do at best: the same objects, unplanned.

    ``limit``: the touches of the same run copied one by one, a second; ``ratio``: the figure as a share of it.
    """
    journey, facts = document.default(), list(people(count))
    now = datetime(2026, 9, 20, 8, tzinfo=UTC)
    rounds = [_planned_a_second(journey, facts, now) for _ in range(ROUNDS)]
    planned = [touch for one in facts for touch in plan(journey, one, NOTHING, now)]
    limit = max(_copies_a_second(planned) for _ in range(ROUNDS))
    figure = max(rounds)
    return {
        "bench": "plan",
        "figure": round(figure),
        "unit": "touches/s on one core",
        "target": TARGET,
        "ok": figure >= TARGET,
        "limit": round(limit),
        "limit_words": "the same touches copied one by one",
        "ratio": round(figure / limit, 3),
        "touches": len(planned),
        "people": count,
    }


def _planned_a_second(journey: Document, facts: list[Facts], now: datetime) -> float:
    began, touches = clock.monotonic(), 0
    for one in facts:
        touches += len(plan(journey, one, NOTHING, now))
    return touches / (clock.monotonic() - began)


def _copies_a_second(planned: list[PlannedTouch]) -> float:
    began = clock.monotonic()
    copies = [replace(touch, why=dict(touch.why)) for touch in planned]
    return len(copies) / (clock.monotonic() - began)
