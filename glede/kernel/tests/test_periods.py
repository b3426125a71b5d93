"""Opening hours: open minutes, next opening, closed days, over clock changes."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.kernel.periods import NeverOpen, Period, Span, WeeklyHours

OFFICE = WeeklyHours(
    tuple(Span(d, time(9), time(12)) for d in range(5)) + tuple(Span(d, time(13), time(17)) for d in range(5)),
    frozenset({date(2026, 12, 25)}),
    "Europe/Oslo",
)


def oslo(*parts):
    from glede.kernel.clock import at_wall

    return at_wall(date(*parts[:3]), time(*parts[3:]), "Europe/Oslo")


def test_two_open_hours_from_friday_afternoon_end_on_monday():
    assert OFFICE.add_open_minutes(oslo(2026, 11, 27, 16), 120) == oslo(2026, 11, 30, 10)


def test_lunch_does_not_count():
    assert OFFICE.add_open_minutes(oslo(2026, 11, 24, 11, 30), 60) == oslo(2026, 11, 24, 13, 30)


def test_christmas_is_closed():
    assert OFFICE.next_open(oslo(2026, 12, 24, 18)) == oslo(2026, 12, 28, 9)
    assert OFFICE.day_end(date(2026, 12, 25)) is None


def test_a_practice_that_never_opens_is_an_error_not_a_hang():
    with pytest.raises(NeverOpen):
        WeeklyHours(()).next_open(oslo(2026, 1, 1, 12))


def test_periods_touching_do_not_overlap():
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    hour = timedelta(hours=1)
    assert not Period(noon, noon + hour).overlaps(Period(noon + hour, noon + 2 * hour))
    assert Period(noon, noon + 2 * hour).overlaps(Period(noon + hour, noon + 3 * hour))


moments = st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 12, 31), timezones=st.just(UTC))


@given(moments, st.integers(min_value=0, max_value=3000))
def test_added_open_minutes_are_open_minutes(moment, minutes):
    due = OFFICE.add_open_minutes(moment, minutes)
    assert due >= moment
    passed = 0.0
    for period in OFFICE.from_moment(moment):
        if period.start >= due:
            break
        passed += Period(period.start, min(period.end, due)).minutes
    assert passed == pytest.approx(minutes)


@given(moments)
def test_next_open_is_open(moment):
    assert OFFICE.is_open(OFFICE.next_open(moment))
