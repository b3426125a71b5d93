"""How much of a promise is gone, in the practice's open time; and when it goes back to everybody."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.kernel.periods import Span, WeeklyHours
from glede.promises.rules import Stage, goes_back, reached_at, share_gone, stage

WEEK = WeeklyHours(tuple(Span(day, time(9), time(17)) for day in range(5)))
LUNCH = WeeklyHours(tuple(Span(d, a, b) for d in range(5) for a, b in ((time(9), time(12)), (time(13), time(17)))))
NEVER = WeeklyHours(())
TUESDAY = datetime(2026, 11, 24, 8, tzinfo=UTC)  # 09:00 on the wall in Oslo
MOMENTS = st.integers(0, 60 * 24 * 21).map(lambda minutes: TUESDAY + timedelta(minutes=minutes))


def at(clock: str, days: int = 0) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return TUESDAY + timedelta(days=days, hours=hour - 9, minutes=minute)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("09:59", Stage.CALM), ("10:00", Stage.HALF), ("10:29", Stage.HALF), ("10:30", Stage.MOST),
        ("10:59", Stage.MOST), ("11:00", Stage.LATE), ("15:00", Stage.LATE),
    ],
)  # fmt: skip
def test_it_warns_at_half_and_at_three_quarters(now: str, expected: Stage) -> None:
    assert stage(at("09:00"), at("11:00"), at(now), WEEK) is expected


def test_a_promise_over_night_is_half_gone_in_the_morning_and_not_at_midnight() -> None:
    made, due = at("16:00"), at("10:00", days=1)
    assert stage(made, due, at("16:59"), WEEK) is Stage.CALM
    assert stage(made, due, at("17:00"), WEEK) is stage(made, due, at("02:00", days=1), WEEK) is Stage.HALF
    assert stage(made, due, at("09:30", days=1), WEEK) is Stage.MOST
    assert share_gone(made, due, at("03:00", days=1), WEEK) == pytest.approx(0.5)


def test_lunch_does_not_count() -> None:
    made, due = at("11:30"), at("14:30")
    assert share_gone(made, due, at("12:00"), LUNCH) == share_gone(made, due, at("13:00"), LUNCH) == pytest.approx(0.25)


def test_without_open_time_plain_time_counts() -> None:
    assert stage(at("09:00"), at("11:00"), at("10:00"), NEVER) is Stage.HALF
    assert reached_at(0.5, at("09:00"), at("11:00"), NEVER) == at("10:00")


def test_the_night_the_clock_goes_back_changes_nothing() -> None:
    friday, monday = datetime(2026, 10, 23, 14, tzinfo=UTC), datetime(2026, 10, 26, 9, tzinfo=UTC)
    assert share_gone(friday, monday, datetime(2026, 10, 25, 12, tzinfo=UTC), WEEK) == pytest.approx(0.5)
    assert reached_at(0.75, friday, monday, WEEK) == datetime(2026, 10, 26, 8, 30, tzinfo=UTC)


@given(made=MOMENTS, length=st.integers(1, 60 * 24 * 4), now=MOMENTS, later=MOMENTS)
def test_it_never_goes_back_and_never_past_the_end(made: datetime, length: int, now: datetime, later: datetime) -> None:
    due = made + timedelta(minutes=length)
    first, second = sorted((now, later))
    assert 0 <= share_gone(made, due, first, WEEK) <= share_gone(made, due, second, WEEK) <= 1
    assert stage(made, due, reached_at(0.5, made, due, WEEK), WEEK) >= Stage.HALF


@pytest.mark.parametrize(
    ("now", "is_away", "expected"),
    [("09:59", False, False), ("10:00", False, True), ("09:59", True, False), ("10:00", True, True)],
)
def test_who_has_not_begun_at_half_time_loses_it(now: str, is_away: bool, expected: bool) -> None:
    assert goes_back(at("09:00"), at("11:00"), at(now), WEEK, is_away=is_away) is expected


def test_who_is_away_keeps_what_is_far_off() -> None:
    assert not goes_back(at("09:00"), at("16:00"), at("10:00"), WEEK, is_away=True)
    assert goes_back(at("14:00"), at("16:00"), at("15:00"), WEEK, is_away=True)
