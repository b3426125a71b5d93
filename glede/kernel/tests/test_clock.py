"""Wall time and UTC, over gaps, folds and the leap day."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.kernel.clock import at_wall, day_of, wall

CLOCK_CHANGES = [
    ("Europe/Oslo", date(2026, 3, 29), date(2026, 10, 25)),
    ("Europe/Oslo", date(2027, 3, 28), date(2027, 10, 31)),
    ("Europe/London", date(2027, 3, 28), date(2027, 10, 31)),
    ("America/New_York", date(2027, 3, 14), date(2027, 11, 7)),
    ("Australia/Lord_Howe", date(2026, 10, 4), date(2026, 4, 5)),
]


@pytest.mark.parametrize(("zone", "forward", "back"), CLOCK_CHANGES)
def test_three_in_the_afternoon_is_three_on_the_wall_round_both_changes(zone, forward, back):
    for change in (forward, back):
        for offset in (-1, 0, 1):
            day = change + timedelta(days=offset)
            shown = wall(at_wall(day, time(15), zone), zone)
            assert (shown.date(), shown.time()) == (day, time(15))


def test_a_time_in_the_gap_becomes_the_first_moment_after_it():
    moment = at_wall(date(2026, 3, 29), time(2, 30), "Europe/Oslo")
    assert moment == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert wall(moment, "Europe/Oslo").time() == time(3)


def test_a_gap_of_half_an_hour_ends_where_it_ends():
    moment = at_wall(date(2026, 10, 4), time(2, 10), "Australia/Lord_Howe")
    assert wall(moment, "Australia/Lord_Howe").time() == time(2, 30)


def test_a_time_that_comes_twice_is_its_first_coming():
    assert at_wall(date(2026, 10, 25), time(2, 30), "Europe/Oslo") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_leap_day_is_a_day():
    moment = at_wall(date(2028, 2, 29), time(9), "Europe/Oslo")
    assert day_of(moment, "Europe/Oslo") == date(2028, 2, 29)


@given(
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1)),
    st.sampled_from([zone for zone, _, _ in CLOCK_CHANGES] + ["America/Sao_Paulo", "UTC"]),
)
def test_wall_and_back_never_moves_earlier_and_at_most_by_a_gap(naive, zone):
    moment = at_wall(naive.date(), naive.time(), zone)
    shown = wall(moment, zone).replace(tzinfo=None)
    assert timedelta(0) <= shown - naive <= timedelta(hours=1) or shown.replace(microsecond=0) == naive.replace(
        microsecond=0
    )
