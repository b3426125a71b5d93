"""Many at once for one time, on connections of their own: one has it, the others are told kindly."""

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import time
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import OperationalError, connections

from glede.config.postgres import OWNER, Cluster
from glede.diary import errors, operations
from glede.diary.operations import claims
from glede.diary.operations.holding import HELD_FOR, secret_of
from glede.diary.requests import Slot, TimeToHold
from glede.diary.tests.stories import THURSDAY, book, cancel, fresh, held, oslo, proved, wish
from glede.kernel.actor import STRANGER
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.ledger.queries import events_of, verify
from glede.people.values import PersonForm
from tests.cast import House, add, open_solberg
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


def crowd(house: House, size: int = AT_ONCE) -> list[str]:
    """Add as many people, so that nobody waits for another because they are the same person."""
    names = [f"person {number}" for number in range(size)]
    for name in names:
        add(house, name, PersonForm(given_name="Per", family_name=name.title()))
    return names


def book_ten(house: House, who: str) -> Any:
    return operations.book_appointment(practice_id=house.id, request=wish(house, who), by=house.by(who), now=house.now)


def test_fifty_ask_for_one_time_and_forty_nine_are_offered_three_others(own_database: str) -> None:
    house = open_solberg("kari")
    people = crowd(house)
    for _ in range(count(10)):
        answers = at_once(AT_ONCE, lambda number: book_ten(house, people[number]))
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
    house = open_solberg("kari")
    people = crowd(house)
    with psycopg.connect(cluster.url(OWNER, own_database)) as owner:
        owner.execute("alter table diary_claim drop constraint diary_no_double_booking")
    answers = at_once(AT_ONCE, lambda number: book_ten(house, people[number]))
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
    house = open_solberg("kari")
    clocks = ["09:00", "10:00", "11:00", "12:00", "14:00", "15:00", "16:00"]
    visits = [book(house, who, clock).pk for who, clock in zip(crowd(house, 7), clocks, strict=True)]

    def move(number: int) -> Any:
        return operations.move_appointment(
            practice_id=house.id, appointment_id=visits[number], to=Slot(day=THURSDAY, wall_time=time(13)),
            by=house.by("ingrid"), now=house.now,
        )  # fmt: skip

    answers = at_once(len(visits), move)
    assert sum(isinstance(answer, errors.TimeTaken) for answer in answers) == len(visits) - 1
    assert sum(fresh(house, visit).starts_at == oslo("13:00") for visit in visits) == 1
    assert len(held(house)) == len(visits)
    proved(house)


def change_places(house: House, monkeypatch: pytest.MonkeyPatch, *, patience: float) -> list[Any]:
    """Move two visits onto each other's chair, both stopped where each has let go of its own, if they get there."""
    chairs = [house.chairs["amal"], house.chairs["jon"]]
    whose = zip(("kari", "jonas"), chairs, strict=True)
    visits = [book(house, who, practitioner_id=chair).pk for who, chair in whose]
    meeting, let_go = threading.Barrier(2), claims.release

    def let_go_and_meet(*held: Any) -> None:
        let_go(*held)
        with contextlib.suppress(threading.BrokenBarrierError):
            meeting.wait(patience)

    def swap(number: int) -> Any:
        to = Slot(day=THURSDAY, wall_time=time(10), practitioner_id=chairs[1 - number])
        return operations.move_appointment(
            practice_id=house.id, appointment_id=visits[number], to=to, by=house.by("ingrid"), now=house.now
        )

    with monkeypatch.context() as patched:
        patched.setattr(claims, "release", let_go_and_meet)
        return at_once(2, swap)


def test_two_visits_that_change_places_never_wait_for_each_other(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = open_solberg("kari", "jonas")
    answers = change_places(house, monkeypatch, patience=0.5)
    assert all(isinstance(answer, errors.TimeTaken) for answer in answers), "each still holds what the other wants"
    proved(house)


def test_without_queueing_for_both_chairs_they_would(own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "_held_chairs", lambda *_: set())
    with pytest.raises(OperationalError, match="deadlock"):
        change_places(open_solberg("kari", "jonas"), monkeypatch, patience=20)


def test_moving_round_in_a_ring_never_locks_anybody_out(own_database: str) -> None:
    house = open_solberg("kari")
    chairs = sorted(house.chairs.values())
    pairs = zip(crowd(house, len(chairs)), chairs, strict=True)
    visits = [book(house, who, "10:00", practitioner_id=chair).pk for who, chair in pairs]

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
    house = open_solberg("kari")
    people = crowd(house)

    def ask(number: int) -> Any:
        request = wish(house, people[number], practitioner_id=None)
        return operations.book_appointment(
            practice_id=house.id, request=request, by=house.by(people[number]), now=house.now
        )

    answers = at_once(AT_ONCE, ask)
    won = [answer for answer in answers if not isinstance(answer, errors.Refused)]
    assert {answer.practitioner_id for answer in won} == set(house.chairs.values())
    assert len(won) == len(house.chairs)
    proved(house)


def test_fifty_ask_for_a_time_held_past_its_moment_and_one_ends_the_hold(own_database: str) -> None:
    house = open_solberg("kari")
    people = crowd(house)
    asked = TimeToHold(
        day=THURSDAY, wall_time=time(10), service_id=house.services["eye-test"], practitioner_id=house.chairs["amal"]
    )
    for _ in range(count(10)):
        hold = operations.hold_time(practice_id=house.id, request=asked, by=STRANGER, now=house.now)
        house.now += HELD_FOR
        answers = at_once(AT_ONCE, lambda number: book_ten(house, people[number]))
        won = [answer for answer in answers if not isinstance(answer, errors.Refused)]
        assert (len(won), len([a for a in answers if isinstance(a, errors.TimeTaken)])) == (1, AT_ONCE - 1)
        assert held(house) == [("10:00", "10:45")]
        assert kinds_of(house, hold.pk) == ["diary.hold.taken", "diary.hold.lapsed"]
        proved(house)
        cancel(house, won[0].pk)


def kinds_of(house: House, hold_id: UUID) -> list[str]:
    return [event.kind for event in events_of(house.id, Ref("held_time", hold_id))]


def test_while_fifty_wait_for_a_held_time_its_holder_books_it(own_database: str) -> None:
    house = open_solberg("kari")
    people = crowd(house)
    asked = TimeToHold(
        day=THURSDAY, wall_time=time(10), service_id=house.services["eye-test"], practitioner_id=house.chairs["amal"]
    )
    hold = operations.hold_time(practice_id=house.id, request=asked, by=STRANGER, now=house.now)
    jonas = PersonForm(given_name="Jonas", phones=("912 34 567",))

    def one(number: int) -> Any:
        if number:
            return book_ten(house, people[number])
        return operations.book_held(
            practice_id=house.id, secret=secret_of(hold), person=jonas, by=STRANGER, now=house.now
        )

    answers = at_once(AT_ONCE, one)
    assert [number for number, a in enumerate(answers) if not isinstance(a, errors.Refused)] == [0]
    assert held(house) == [("10:00", "10:45")]
    proved(house)
