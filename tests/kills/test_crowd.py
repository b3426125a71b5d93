"""A thousand ask the web server for one time: one has it, every other hears that it was just taken, and of others."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time

import pytest

from glede.config.benches.served import served
from glede.diary.tests.stories import FRIDAY, THURSDAY, held, proved
from glede.diary.tests.test_races import crowd
from tests.cast import open_solberg
from tests.depth import DEPTH, count
from tests.kills.web import Answer, Client

pytestmark = pytest.mark.slow

logger = logging.getLogger(__name__)
AT_ONCE = 50
PATIENCE_SECONDS = 2


def ask_all(client: Client, people: list[str], day: date, at_once: int) -> list[Answer]:
    """Let everybody ask for ten o'clock, ``at_once`` at a time, each round let go in the same instant."""
    gate = threading.Barrier(at_once)

    def ask(who: str) -> Answer:
        gate.wait(120)
        return client.book(who, day, time(10))

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(ask, people))


def assert_one_has_it(answers: list[Answer]) -> None:
    told = [answer for answer in answers if answer.status == 409]
    assert sorted({answer.status for answer in answers}) == [302, 409]
    assert len(told) == len(answers) - 1
    assert all(answer.body.count('name="slot"') >= 3 for answer in told), "three others to press"
    assert all("Somebody took that time a moment ago" in answer.body for answer in told)


def test_one_of_a_thousand_has_the_time_and_all_others_hear_of_other_times(own_database: str) -> None:
    house = open_solberg("kari", is_virtual=True)
    people = crowd(house, count(1000))
    with served() as port:
        client = Client(house, port)
        answers = ask_all(client, people, THURSDAY, AT_ONCE)
        assert_one_has_it(answers)
        worst = {"fifty at a time": max(answer.seconds for answer in answers)}
        if DEPTH > 1:
            answers = ask_all(client, people, FRIDAY, len(people))
            assert_one_has_it(answers)
            worst["all at once"] = max(answer.seconds for answer in answers)
    assert held(house) == [("10:00", "10:45")] * len(worst)
    assert len(client.acknowledged) == len(worst)
    proved(house)
    for name, seconds in worst.items():
        logger.info("the last to hear, %s: %.2f s", name, seconds)
    # The clock is asked at depth alone: there nothing else runs on the machine.
    assert DEPTH == 1 or worst["fifty at a time"] <= PATIENCE_SECONDS
