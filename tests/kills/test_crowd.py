"""A thousand ask the web server for one time: one has it, every other hears that it was just taken, and of others."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time
from functools import partial

import pytest

from glede.config.benches.served import served
from glede.diary.tests.stories import FRIDAY, THURSDAY, held, proved
from glede.diary.tests.test_races import crowd
from glede.portal.tests.test_booking import open_page
from tests.cast import House, open_solberg
from tests.depth import DEPTH, count
from tests.kills.web import Answer, Client, Stranger

pytestmark = pytest.mark.slow

logger = logging.getLogger(__name__)
AT_ONCE = 50
PATIENCE_SECONDS = 2


def ask_all(ask: Callable[[int], Answer], askers: int, at_once: int) -> list[Answer]:
    """Let everybody ask, ``at_once`` at a time, each round let go in the same instant."""
    gate = threading.Barrier(at_once)

    def wait_and_ask(number: int) -> Answer:
        gate.wait(120)
        return ask(number)

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(wait_and_ask, range(askers)))


def assert_one_has_it(answers: list[Answer], had: int, said: str) -> Answer:
    """One was led on, every other one was told ``said`` with three others to press; return the one's answer."""
    told = [answer for answer in answers if answer.status == 409]
    assert sorted({answer.status for answer in answers}) == [had, 409]
    assert len(told) == len(answers) - 1
    assert all(answer.body.count('name="slot"') >= 3 for answer in told), "three others to press"
    assert all(said in answer.body for answer in told)
    return next(answer for answer in answers if answer.status == had)


def desk_asks(client: Client, people: list[str], day: date, number: int) -> Answer:
    return client.book(people[number], day, time(10))


def stranger_asks(house: House, port: int, day: date, number: int) -> Answer:
    return Stranger(house, port, number).hold(day, time(13))


def test_one_of_a_thousand_has_the_time_and_all_others_hear_of_other_times(own_database: str) -> None:
    house = open_solberg("kari", is_virtual=True)
    people = crowd(house, count(1000))
    open_page(house, "eye-test")
    worst: dict[str, float] = {}
    with served() as port:
        client = Client(house, port)
        for at_once, day in [(AT_ONCE, THURSDAY), (len(people), FRIDAY)][: 2 if DEPTH > 1 else 1]:
            answers = ask_all(partial(desk_asks, client, people, day), len(people), at_once)
            assert_one_has_it(answers, 302, "Somebody took that time a moment ago")
            worst[f"desk, {at_once} at once"] = max(answer.seconds for answer in answers)
            answers = ask_all(partial(stranger_asks, house, port, day), len(people), at_once)
            has_it = assert_one_has_it(answers, 303, "Someone took 1pm a moment ago")
            worst[f"strangers, {at_once} at once"] = max(answer.seconds for answer in answers)
            booked = Stranger(house, port, len(people)).book(has_it.location)
            assert (booked.status, booked.location[:3]) == (303, "/t/")
    rounds = len(worst) // 2
    assert held(house) == [("10:00", "10:45"), ("13:00", "13:45")] * rounds
    assert len(client.acknowledged) == rounds
    proved(house)
    for name, seconds in worst.items():
        logger.info("the last to hear, %s: %.2f s", name, seconds)
    # The clock is asked at depth alone: there nothing else runs on the machine.
    at_a_time = [seconds for name, seconds in worst.items() if name.endswith(f" {AT_ONCE} at once")]
    assert DEPTH == 1 or max(at_a_time) <= PATIENCE_SECONDS
