"""When a day on paper is due, on the wall of the practice."""

from datetime import date, datetime, time

import pytest

from glede.desk.paper.rules import Wanted, is_outdated, wanted
from glede.kernel.clock import at_wall
from glede.kernel.periods import Span, WeeklyHours

ZONE = "Europe/Oslo"
# Monday to Friday, closed for lunch on Fridays; 25 December is a Friday.
WEEK = WeeklyHours(
    (*(Span(day, time(9), time(17)) for day in range(4)), Span(4, time(9), time(11)), Span(4, time(12), time(15))),
    closed_on=frozenset({date(2026, 12, 25)}),
    zone=ZONE,
)
TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)


def at(day: date, hour: str) -> datetime:
    return at_wall(day, time.fromisoformat(hour), ZONE)


@pytest.mark.parametrize(
    ("hour", "sheets"),
    [("07:29", []), ("07:30", [Wanted(TUESDAY, "morning")]), ("16:59", [Wanted(TUESDAY, "morning")]),
     ("17:00", [Wanted(WEDNESDAY, "evening")]), ("23:59", [Wanted(WEDNESDAY, "evening")])],
)  # fmt: skip
def test_a_tuesday(hour: str, sheets: list[Wanted]) -> None:
    assert list(wanted(WEEK, at(TUESDAY, hour))) == sheets


def test_a_desk_that_closes_early_has_the_next_day_at_once() -> None:
    assert Wanted(WEDNESDAY, "evening") in set(wanted(WEEK, at(TUESDAY, "15:00"), closed_on=TUESDAY))
    assert Wanted(WEDNESDAY, "evening") not in set(wanted(WEEK, at(TUESDAY, "15:00"), closed_on=date(2026, 11, 23)))


def test_an_evening_looks_over_closed_days() -> None:
    friday, thursday = date(2026, 11, 27), date(2026, 12, 24)
    assert list(wanted(WEEK, at(friday, "15:00"))) == [Wanted(date(2026, 11, 30), "evening")]
    assert list(wanted(WEEK, at(thursday, "17:00"))) == [Wanted(date(2026, 12, 28), "evening")]


def test_lunch_is_no_evening() -> None:
    assert list(wanted(WEEK, at(date(2026, 11, 27), "11:30"))) == [Wanted(date(2026, 11, 27), "morning")]


def test_on_a_closed_day_and_without_hours_nothing_is_due() -> None:
    assert list(wanted(WEEK, at(date(2026, 11, 28), "10:00"))) == []
    assert list(wanted(WeeklyHours((), zone=ZONE), at(TUESDAY, "10:00"))) == []


def test_a_sheet_stays_a_week() -> None:
    assert not is_outdated(TUESDAY, date(2026, 12, 1))
    assert is_outdated(TUESDAY, date(2026, 12, 2))
