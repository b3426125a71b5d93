"""Moments out of the database: as psycopg reads them, in UTC."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DataError, connection
from psycopg import DataError as Unreadable

pytestmark = pytest.mark.django_db


def read(words: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("select %s::timestamptz", [words])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("2026-11-24 08:12:00+00", datetime(2026, 11, 24, 8, 12, tzinfo=UTC)),
        ("2026-11-24 08:12:00.5+00", datetime(2026, 11, 24, 8, 12, 0, 500_000, tzinfo=UTC)),
        ("2026-11-24 08:12:00.000017+00", datetime(2026, 11, 24, 8, 12, 0, 17, tzinfo=UTC)),
        ("0001-01-01 00:00:00+00", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31 23:59:59.999999+00", datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_whole(words: str, moment: datetime) -> None:
    found = read(words)
    assert found == moment
    assert found.tzinfo is UTC


def test_another_zone_of_the_connection_changes_no_moment() -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local timezone to 'Europe/Oslo'")
    found = read("2026-07-01 12:00:00.25+00")
    assert found == datetime(2026, 7, 1, 12, tzinfo=UTC) + timedelta(milliseconds=250)
    assert found.tzinfo is UTC


@pytest.mark.parametrize("words", ["infinity", "0044-03-15 00:00:00+00 BC"])
def test_what_python_cannot_hold_is_refused(words: str) -> None:
    with pytest.raises((DataError, Unreadable)):
        read(words)
