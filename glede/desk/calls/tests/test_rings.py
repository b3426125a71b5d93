"""When somebody who was not reached is rung again."""

from datetime import date, time

import pytest

from glede.desk.calls.rings import Suits, good_hour
from glede.kernel.clock import at_wall, wall
from glede.kernel.periods import Span, WeeklyHours

OSLO = "Europe/Oslo"
WEEK = WeeklyHours(tuple(Span(day, time(9), time(17)) for day in range(5)), frozenset(), OSLO)


@pytest.mark.parametrize(
    ("suits", "again"),
    [
        (Suits(), "Tue 10:05"),
        (Suits(time(9), time(12)), "Tue 10:05"),
        (Suits(time(15), time(20)), "Tue 15:00"),
        (Suits(time(8), time(10)), "Wed 09:00"),
        (Suits(days=frozenset({3})), "Thu 09:00"),
        (Suits(time(14), time(16), frozenset({0})), "Mon 14:00"),
        (Suits(time(18), time(20)), "Tue 10:05"),  # never open then: as soon as may be
    ],
)
def test_it_is_the_next_open_hour_that_suits_them(suits: Suits, again: str) -> None:
    due = at_wall(date(2026, 11, 24), time(10, 5), OSLO)
    assert f"{wall(good_hour(due, suits, WEEK), OSLO):%a %H:%M}" == again
