"""Which times are free."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.diary import availability, gaps
from glede.diary.availability import Chair, Need, Part, Search, Window, free_times
from glede.kernel.clock import at_wall, wall
from glede.kernel.periods import Period, Span, WeeklyHours
from tests.steps import assert_linear

OSLO = "Europe/Oslo"
THURSDAY = date(2026, 11, 26)
AMAL, JON = UUID(int=1), UUID(int=2)
DAY_AND_BREAK = (time(9), time(12)), (time(12, 30), time(16))
HOURS = WeeklyHours(
    tuple(Span(day, opens, closes) for day in range(5) for opens, closes in DAY_AND_BREAK), frozenset(), OSLO
)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def at(clock: str, day: date = THURSDAY) -> datetime:
    return at_wall(day, time.fromisoformat(clock), OSLO)


def held(*spans: tuple[str, str]) -> list[Period]:
    return [Period(at(start), at(end)) for start, end in spans]


def search(**changes: object) -> Search:
    values: dict[str, object] = {
        "hours": HOURS, "chairs": (Chair(AMAL, AMAL),), "busy": {}, "need": Need(30, 10, 30),
        "window": Window(THURSDAY, 1, LONG_AGO),
    }  # fmt: skip
    return Search(**(values | changes))  # type: ignore[arg-type]


def times(question: Search) -> list[str]:
    return [offer.wall_time.isoformat("minutes") for offer in free_times(question)]


def test_an_empty_day_offers_every_time_that_fits_between_opening_and_closing() -> None:
    morning = ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]
    afternoon = ["12:30", "13:00", "13:30", "14:00", "14:30", "15:00", "15:30"]
    assert times(search()) == morning + afternoon


def test_the_time_kept_after_a_visit_may_not_run_into_the_next() -> None:
    busy = {AMAL: held(("10:00", "10:40"))}
    assert times(search(busy=busy))[:3] == ["09:00", "11:00", "11:30"]
    assert times(search(busy=busy, need=Need(30, 0, 30)))[:3] == ["09:00", "09:30", "11:00"]


def test_a_long_visit_needs_a_long_gap() -> None:
    busy = {AMAL: held(("10:00", "10:30"), ("14:00", "14:30"))}
    assert times(search(busy=busy, need=Need(90, 0, 30))) == ["10:30", "12:30", "14:30"]


def test_a_day_that_is_held_all_over_offers_nothing() -> None:
    assert times(search(busy={AMAL: held(("08:00", "18:00"))})) == []
    assert times(search(busy={AMAL: held(("09:00", "12:00"), ("12:30", "16:00"))})) == []


def test_a_closed_day_and_a_week_end_offer_nothing() -> None:
    closed = WeeklyHours(HOURS.spans, frozenset({THURSDAY}), OSLO)
    assert times(search(hours=closed)) == []
    assert times(search(window=Window(date(2026, 11, 28), 2, LONG_AGO))) == []


def test_nothing_is_offered_before_the_earliest_moment() -> None:
    assert times(search(window=Window(THURSDAY, 1, at("15:01")))) == ["15:30"]


def test_a_part_of_the_day_is_by_the_clock_on_the_wall() -> None:
    evening = search(window=Window(THURSDAY, 1, LONG_AGO, frozenset({Part.MORNING})))
    assert times(evening)[-1] == "11:30"
    assert availability.part_of(time(12)) == Part.AFTERNOON
    assert availability.part_of(time(16)) == Part.EVENING


def test_own_hours_cut_the_practice_hours() -> None:
    mornings = Chair(AMAL, AMAL, (Span(3, time(10), time(13)), Span(4, time(9), time(12))))
    assert times(search(chairs=(mornings,))) == ["10:00", "10:30", "11:00", "11:30", "12:30"]


def test_a_time_that_two_have_is_offered_once_with_the_one_who_has_least_to_do() -> None:
    chairs = (Chair(AMAL, AMAL), Chair(JON, JON))
    offers = list(free_times(search(chairs=chairs, busy={AMAL: held(("09:00", "10:00"))})))
    assert len(offers) == 13
    assert {offer.practitioner_id for offer in offers} == {JON}
    with_amal_only = list(free_times(search(chairs=chairs, busy={JON: held(("09:00", "16:00"))})))
    assert {offer.practitioner_id for offer in with_amal_only} == {AMAL}


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)])
def test_on_days_when_clocks_change_each_wall_time_is_offered_once_and_is_true(day: date) -> None:
    night = WeeklyHours(tuple(Span(d, time(0), time(6)) for d in range(7)), frozenset(), OSLO)
    offers = list(free_times(search(hours=night, window=Window(day, 1, LONG_AGO))))
    shown = [offer.wall_time for offer in offers]
    assert len(shown) == len(set(shown))
    assert all(at_wall(day, offer.wall_time, OSLO) == offer.starts_at for offer in offers)
    assert (time(2, 30) in shown) == (day.month == 10)


def test_the_week_around_a_change_of_clocks_keeps_its_wall_times() -> None:
    window = Window(date(2026, 10, 23), 4, LONG_AGO)
    offers = list(free_times(search(window=window)))
    by_day = {offer.day: offer.starts_at for offer in reversed(offers)}
    assert [moment.hour for moment in by_day.values()] == [8, 7]


def test_without_the_zones_rules_the_week_around_it_would_be_an_hour_off(monkeypatch: pytest.MonkeyPatch) -> None:
    summer = timezone(timedelta(hours=2))
    monkeypatch.setattr("glede.kernel.periods.at_wall", lambda day, at, _: datetime.combine(day, at, tzinfo=summer))
    offers = list(free_times(search(window=Window(date(2026, 10, 23), 4, LONG_AGO))))
    by_day = {offer.day: offer.starts_at for offer in reversed(offers)}
    assert [moment.astimezone(UTC).hour for moment in by_day.values()] == [7, 7]


def test_a_leap_day_is_a_day_like_any_other() -> None:
    assert times(search(window=Window(date(2028, 2, 29), 1, LONG_AGO)))[0] == "09:00"


periods = st.lists(
    st.tuples(st.integers(0, 10 * 60), st.integers(1, 180)).map(
        lambda span: Period(at("08:00") + timedelta(minutes=span[0]), at("08:00") + timedelta(minutes=sum(span)))
    ),
    max_size=12,
)


@given(periods, st.integers(5, 240), st.integers(0, 60), st.sampled_from([5, 10, 15, 30]))
def test_what_is_offered_is_free_and_what_is_free_is_offered(
    busy: list[Period], minutes: int, buffer: int, grid: int
) -> None:
    need = Need(minutes, buffer, grid)
    offered = {offer.starts_at for offer in free_times(search(busy={AMAL: busy}, need=need))}
    spans = HOURS.periods_on(THURSDAY)
    for quarter in range(0, 12 * 60, grid):
        start = at("07:00") + timedelta(minutes=quarter)
        inside = any(span.start <= start and start + need.length <= span.end for span in spans)
        touched = any(period.overlaps(Period(start, start + need.held)) for period in busy)
        assert (start in offered) == (inside and not touched)


def test_three_times_are_a_real_choice() -> None:
    offers = list(free_times(search(window=Window(THURSDAY, 5, at("09:10")), need=Need(30, 0, 10))))
    chosen = availability.three_times(offers)
    assert [(offer.day.day, offer.wall_time) for offer in chosen] == [
        (26, time(9, 10)), (26, time(11, 10)), (27, time(9)),
    ]  # fmt: skip
    assert availability.three_times(offers[:2]) == tuple(offers[:2])
    assert availability.three_times([]) == ()
    assert len(availability.three_times(offers[:4])) == 3


def test_the_nearest_three_are_nearest_and_keep_the_person_where_it_costs_nothing() -> None:
    chairs = (Chair(AMAL, AMAL), Chair(JON, JON))
    offers = list(free_times(search(chairs=chairs, busy={AMAL: held(("11:00", "11:30"))})))
    nearest = availability.nearest_three(offers, at("11:00"), AMAL)
    assert [offer.wall_time for offer in nearest] == [time(11), time(10, 30), time(11, 30)]


def test_a_choice_names_three_by_part_and_by_person() -> None:
    offers = list(free_times(search(window=Window(THURSDAY, 5, LONG_AGO))))
    choice = availability.choice(offers, {AMAL: offers})
    assert len(choice.soonest) == 3
    assert {offer.part for offer in choice.by_part[Part.MORNING]} == {Part.MORNING}
    assert choice.by_part[Part.EVENING] == ()
    assert len(choice.by_practitioner[AMAL]) == 3


def test_twice_the_days_of_five_people_are_twice_the_work() -> None:
    chairs = tuple(Chair(UUID(int=n), UUID(int=n)) for n in range(1, 6))
    start = at("09:00")
    busy = {
        chair.id: [
            Period(start + timedelta(days=day, minutes=30 * n), start + timedelta(days=day, minutes=30 * n + 20))
            for day in range(60)
            for n in range(10)
        ]
        for chair in chairs
    }
    assert list(free_times(search(chairs=chairs, busy=busy, window=Window(THURSDAY, 60, LONG_AGO))))
    assert_linear(
        lambda days: list(free_times(search(chairs=chairs, busy=busy, window=Window(THURSDAY, days, LONG_AGO)))), 30
    )


def test_the_grid_begins_at_the_full_hour() -> None:
    assert wall(gaps.on_grid(at("09:41"), timedelta(minutes=10)), OSLO).time() == time(9, 50)
    assert gaps.on_grid(at("09:40"), timedelta(minutes=10)) == at("09:40")
