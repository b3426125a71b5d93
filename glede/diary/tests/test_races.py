"""Many at once for one time, on connections of their own: one has it, the others are told kindly."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import time
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connections

from glede.config.postgres import OWNER, Cluster
from glede.diary import errors, operations
from glede.diary.requests import Booking, Slot
from glede.diary.tests.stories import THURSDAY, book, cancel, fresh, held, oslo, proved, wish
from glede.kernel.ids import new_id
from glede.ledger.queries import verify
from tests.cast import House, open_solberg
from tests.depth import count

pytestmark = pytest.mark.slow

AT_ONCE = 50


def at_once(tries: int, one: Callable[[int], Any]) -> list[Any]:
    """Run ``one`` that often, all let go in the same instant, each on a connection of its own."""
    gate = threading.Barrier(min(tries, AT_ONCE))

    def alone(number: int) -> Any:
        try:
            gate.wait(30)
            return one(number)
        except errors.Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(alone, range(tries)))


def book_ten(house: House, who: str = "kari") -> Any:
    return operations.book_appointment(
        practice_id=house.id, request=wish(house, who), by=house.by("kari"), now=house.now
    )


def test_fifty_ask_for_one_time_and_forty_nine_are_offered_three_others(own_database: str) -> None:
    house = open_solberg("kari", "jonas")
    for _ in range(count(10)):
        answers = at_once(AT_ONCE, lambda n: book_ten(house, "kari" if n % 2 else "jonas"))
        won = [answer for answer in answers if not isinstance(answer, errors.Refused)]
        told = [answer for answer in answers if isinstance(answer, errors.TimeTaken)]
        assert (len(won), len(told)) == (1, AT_ONCE - 1)
        for refusal in told:
            assert len(refusal.alternatives) == 3
            assert time(10) not in [offer.wall_time for offer in refusal.alternatives]
        assert held(house) == [("10:00", "10:45")]
        proved(house)
        cancel(house, won[0].pk)


def test_without_the_constraint_the_same_fifty_all_sit_on_one_chair(own_database: str, cluster: Cluster) -> None:
    house = open_solberg("kari", "jonas")
    with psycopg.connect(cluster.url(OWNER, own_database)) as owner:
        owner.execute("alter table diary_claim drop constraint diary_no_double_booking")
    answers = at_once(AT_ONCE, lambda _: book_ten(house))
    assert not any(isinstance(answer, errors.Refused) for answer in answers)
    assert any(problem.startswith("two visits hold") for problem in verify(house.id).problems)


def test_one_form_pressed_by_fifty_hands_books_once(own_database: str) -> None:
    house, command = open_solberg("kari"), new_id()
    answers = at_once(
        AT_ONCE,
        lambda _: (
            operations.book_appointment(
                practice_id=house.id,
                request=wish(house, "kari"),
                by=house.by("kari"),
                now=house.now,
                command_id=command,
            ).pk
        ),
    )
    assert len(set(answers)) == 1
    assert held(house) == [("10:00", "10:45")]
    proved(house)


def test_visits_moved_onto_one_time_at_once_leave_all_but_one_where_they_were(own_database: str) -> None:
    house = open_solberg("kari", "jonas")
    clocks = ["09:00", "10:00", "11:00", "12:00", "14:00", "15:00", "16:00"]
    visits = [book(house, "kari", clock).pk for clock in clocks]

    def move(number: int) -> Any:
        return operations.move_appointment(
            practice_id=house.id, appointment_id=visits[number], to=Slot(day=THURSDAY, wall_time=time(13)),
            by=house.by("kari"), now=house.now,
        )  # fmt: skip

    answers = at_once(len(visits), move)
    assert sum(isinstance(answer, errors.TimeTaken) for answer in answers) == len(visits) - 1
    assert sum(fresh(house, visit).starts_at == oslo("13:00") for visit in visits) == 1
    assert len(held(house)) == len(visits)
    proved(house)


def test_two_visits_that_change_places_never_wait_for_each_other(own_database: str) -> None:
    house = open_solberg("kari", "jonas")
    amal, jon = house.chairs["amal"], house.chairs["jon"]
    for _ in range(count(50)):
        visits = [book(house, "kari", practitioner_id=amal).pk, book(house, "jonas", practitioner_id=jon).pk]

        def swap(number: int, visits: list[UUID] = visits) -> Any:
            to = Slot(day=THURSDAY, wall_time=time(10), practitioner_id=[jon, amal][number])
            return operations.move_appointment(
                practice_id=house.id, appointment_id=visits[number], to=to, by=house.by("ingrid"), now=house.now
            )

        answers = at_once(2, swap)
        assert all(isinstance(answer, errors.TimeTaken) for answer in answers), "each still holds what the other wants"
        proved(house)
        for visit in visits:
            cancel(house, visit)


def test_moving_round_in_a_ring_never_locks_anybody_out(own_database: str) -> None:
    house = open_solberg("kari", "jonas")
    chairs = sorted(house.chairs.values())
    visits = [book(house, "kari", "10:00", practitioner_id=chair).pk for chair in chairs]

    def swap(number: int) -> Any:
        here = number % len(visits)
        to = Slot(day=THURSDAY, wall_time=time(10), practitioner_id=chairs[(here + 1 + number // 3) % len(chairs)])
        return operations.move_appointment(
            practice_id=house.id, appointment_id=visits[here], to=to, by=house.by("ingrid"), now=house.now
        )

    answers = at_once(AT_ONCE, swap)
    assert all(isinstance(answer, errors.TimeTaken) or answer.pk in visits for answer in answers)
    assert len(held(house)) == len(visits)
    proved(house)


def test_whoever_asks_for_anybody_gets_a_chair_while_there_is_one(own_database: str) -> None:
    house = open_solberg("kari", "jonas")
    request = Booking(
        patient_id=house.people["kari"], service_id=house.services["eye-test"], day=THURSDAY, wall_time=time(10)
    )
    answers = at_once(
        AT_ONCE,
        lambda _: operations.book_appointment(
            practice_id=house.id, request=request, by=house.by("kari"), now=house.now
        ),
    )
    won = [answer for answer in answers if not isinstance(answer, errors.Refused)]
    assert {answer.practitioner_id for answer in won} == set(house.chairs.values())
    assert len(won) == len(house.chairs)
    proved(house)
