"""A week at two desks: whatever comes in, in whatever order, is answered or handed over by name when the day ends."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from glede.inbox import operations as inbox
from glede.inbox.queries import last_closing, standing_at_closing
from glede.journeys.operations import advance
from glede.kernel.actor import SYSTEM
from glede.ledger.queries import verify
from tests.depth import DEPTH, seeds
from tests.weeks import counting
from tests.weeks.desks import Desk, two_desks
from tests.weeks.world import World, people

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# At depth 10 the week that was promised: five days, 25 visits and 40 messages a day, four at work. At depth 1 a day.
WHOLE = DEPTH >= 10
DAYS, MESSAGES, VISITS, PEOPLE = (5, 40, 25, 40) if WHOLE else (1, 12, 4, 6)
CLOSING = timedelta(hours=7, minutes=50)  # after 08:40: 16:30 on the wall
STEP = timedelta(minutes=10)

Moments = list[tuple[datetime, str]]


def a_day(morning: datetime, dice: Random) -> Moments:
    """Return what happens in a day from 08:40 on and when, in random order: words, bookings, what colleagues do."""

    def some(n: int, what: str, hours: float = 7.5) -> Iterator[tuple[datetime, str]]:
        for _ in range(n):
            yield morning + timedelta(minutes=dice.randrange(1, int(hours * 60))), what

    return sorted([*some(MESSAGES, "says"), *some(VISITS, "books"), *some(2 * MESSAGES, "acts")])


def live_a_day(world: World, desks: list[Desk], morning: datetime, dice: Random) -> None:
    """Play one day step by step, counting after each, and close the desk at its end."""
    at = morning
    for moment, what in a_day(morning, dice):
        while at + STEP <= moment:
            at += STEP
            inbox.return_promises(practice_id=world.house.id, by=SYSTEM, now=at)
        advance(world.house.id, to=moment, is_counted=False)
        if what == "acts":
            dice.choice(desks).acts(moment)
        else:
            getattr(world, what)(moment)
        counting.nothing_is_lost(world)
    evening = morning + CLOSING
    advance(world.house.id, to=evening, is_counted=False)
    close(world, desks, evening)


def close(world: World, desks: list[Desk], evening: datetime) -> None:
    """Close the desk: refused while anybody waits, done when nobody does."""
    if standing_at_closing(world.house.id, now=evening).waiting:
        with pytest.raises(inbox.StillWaiting):
            inbox.close_desk(practice_id=world.house.id, by=world.house.by("ingrid"), now=evening)
    desks[0].closes(evening)
    closed = last_closing(world.house.id)
    assert closed is not None
    assert closed.at == evening
    counting.nothing_is_lost(world)
    counting.the_desk_is_clear(world, evening)


def a_week(seed: int) -> World:
    """Live a week, and return the world it was lived in."""
    dice = Random(seed)
    world = World(people(PEOPLE), dice)
    desks = two_desks(world.house, dice)
    for day in range(DAYS):
        morning = world.house.now + timedelta(days=day + (2 if day > 3 else 0))  # from Tuesday on, over the weekend
        if day:
            advance(world.house.id, to=morning, is_counted=False)
        live_a_day(world, desks, morning, dice)
    return world


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", seeds(5))
def test_every_day_ends_with_an_answer_or_a_name(seed: int) -> None:
    world = a_week(seed)
    ended = counting.every_promise_ended_or_stands(world)
    counting.what_was_received_is_in_the_record(world)
    assert sum(world.sent.values()) == DAYS * MESSAGES
    assert ended["kept"] > 0
    assert verify(world.house.id).ok


def lose(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """Let every third of something vanish."""
    from importlib import import_module

    module, name = what.rsplit(".", 1)
    whole, told = getattr(import_module(module), name), [0]

    def now_and_then(*given: Any, **named: Any) -> Any:
        told[0] += 1
        return None if told[0] % 3 == 0 else whole(*given, **named)

    monkeypatch.setattr(what, now_and_then)


@pytest.mark.parametrize(
    "what",
    ["glede.inbox.operations.talking._promise_answer", "glede.inbox.operations.receive_message"],
    ids=["a promise is not made", "a message is dropped"],
)
def test_what_loses_a_message_is_seen_at_the_next_step(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    dice = Random(1)
    world = World(people(4), dice)
    lose(monkeypatch, what)

    def write() -> None:
        for minute in range(1, 40):
            world.says(world.house.now + timedelta(minutes=minute))
            counting.nothing_is_lost(world)

    with pytest.raises(AssertionError):
        write()


def test_a_day_that_is_closed_over_somebody_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = Random(1)
    world = World(people(4), dice)
    for minute in range(1, 6):
        world.says(world.house.now + timedelta(minutes=minute))
    inbox.return_promises(practice_id=world.house.id, by=SYSTEM, now=world.house.now + timedelta(hours=3))
    with pytest.raises(AssertionError, match="nobody"):
        counting.the_desk_is_clear(world, world.house.now + timedelta(hours=3))


def test_a_week_begins_on_a_tuesday_and_never_falls_on_a_closed_day() -> None:
    house = people(2)
    days = [house.now + timedelta(days=day + (2 if day > 3 else 0)) for day in range(5)]
    assert [moment.date() for moment in days] == [date(2026, 11, day) for day in (24, 25, 26, 27, 30)]
    assert all(World(house, Random(0)).is_open(moment + timedelta(hours=1)) for moment in days)
