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
    with scope.transaction(read_only=read_only):
        assert Practice.objects.count() == 1
        with ThreadPoolExecutor(1) as other:
            other.submit(begin, "Nordlys Syn").result()
        assert Practice.objects.count() == seen
