"""Many presses in one instant, on connections of their own: one message, one answer, nothing lost."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from glede.inbox.operations import Incoming, receive_message, reply
from glede.inbox.queries import conversation_of, stream_of, unanswered
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.ledger.queries import verify
from glede.promises.queries import open_about
from tests.cast import MORNING, House, open_solberg

pytestmark = pytest.mark.slow
OPEN = MORNING + timedelta(hours=2)
AT_ONCE = 12


def at_once(one: Callable[[int], Any]) -> list[Any]:
    gate = threading.Barrier(AT_ONCE)

    def alone(number: int) -> Any:
        try:
            gate.wait(30)
            return one(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(alone, range(AT_ONCE)))


def write(house: House, words: str, command: Any = None) -> Any:
    message = Incoming(patient_id=house.people["kari"], words=words)
    return receive_message(practice_id=house.id, message=message, by=house.by("kari"), now=OPEN, command_id=command)


def test_one_form_pressed_at_once_is_one_message(own_database: str) -> None:
    house, command = open_solberg("kari"), new_id()
    rows = at_once(lambda _: write(house, "hello", command))
    assert len({row.pk for row in rows}) == 1
    assert len(stream_of(house.id, [house.people["kari"]])) == 1
    assert verify(house.id).ok


def test_messages_at_once_count_without_gaps_and_share_one_promise(own_database: str) -> None:
    house = open_solberg("kari")
    rows = at_once(lambda number: write(house, f"message {number}"))
    assert sorted(row.n for row in rows) == list(range(1, AT_ONCE + 1))
    assert len(open_about(house.id, Ref("conversation", rows[0].conversation_id))) == 1
    assert verify(house.id).ok


def test_an_answer_and_new_messages_at_once_leave_nobody_unanswered(own_database: str) -> None:
    house = open_solberg("kari")
    first = write(house, "first")

    def either(number: int) -> Any:
        if number:
            return write(house, f"more {number}")
        return reply(
            practice_id=house.id, conversation_id=first.conversation_id, words="Yes.", answers_to=1,
            by=house.by("ingrid"), now=OPEN,
        )  # fmt: skip

    at_once(either)
    page = conversation_of(house.id, house.people["kari"])
    assert page.last_n == AT_ONCE
    assert [u.last_n for u in unanswered(house.id)] == [AT_ONCE]
    assert page.owed is not None
    assert verify(house.id).ok
