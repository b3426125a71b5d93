"""The scope of both walls: what a transaction sees."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection

from glede.kernel.actor import SYSTEM
from glede.practices import scope
from glede.practices.models import Practice
from glede.practices.operations import NewPractice, start_practice

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def begin(name: str) -> None:
    start_practice(NewPractice(name, "NO", "nb", "Europe/Oslo", virtual_now=NOW), by=SYSTEM, now=NOW)
    connection.close()


@pytest.mark.parametrize(("read_only", "seen"), [(True, 1), (False, 2)])
def test_who_only_reads_sees_one_moment(own_database: str, *, read_only: bool, seen: int) -> None:
    begin("Solberg Optikk")
    count = scope.asked_once(Practice.objects.count)
    with scope.transaction(read_only=read_only):
        assert Practice.objects.count() == count() == 1
        with ThreadPoolExecutor(1) as other:
            other.submit(begin, "Nordlys Syn").result()
        assert Practice.objects.count() == count() == seen
    assert count() == 2


@pytest.mark.parametrize(("read_only", "times"), [(True, 1), (False, 3)])
def test_a_question_is_asked_once_where_nothing_can_change(own_database: str, *, read_only: bool, times: int) -> None:
    asked: list[tuple[int, bool]] = []

    @scope.asked_once
    def question(number: int, *, loud: bool = False) -> int:
        asked.append((number, loud))
        return number

    with scope.transaction(read_only=read_only):
        assert [question(7), question(7), question(7)] == [7, 7, 7]
        assert asked == [(7, False)] * times
        question(8)
        question(7, loud=True)
        assert asked[times:] == [(8, False), (7, True)]
    with scope.transaction(read_only=read_only):
        question(7)
    assert len(asked) == times + 3
