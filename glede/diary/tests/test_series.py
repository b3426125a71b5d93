"""Visits that come again: their days, the preview, booked once each, told once, and given up."""

from datetime import date, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from glede.diary import errors, operations, series
from glede.diary.facts import Telling
from glede.diary.operations import NewSeries
from glede.diary.queries import facts_for
from glede.diary.queries.series import Wanted, preview, series_facts
from glede.diary.series import Chosen, Rule, Unit
from glede.diary.tests.stories import THURSDAY, book, cancel, fresh, proved
from glede.kernel.clock import at_wall
from glede.kernel.failpoints import FailpointReached, arm
from glede.kernel.ids import new_id
from tests.cast import House, open_nordlys, open_solberg

db = pytest.mark.django_db
WEEKS = Rule(date(2026, 12, 3), 1, Unit.WEEK, 4)


@pytest.fixture
def house() -> House:
    return open_solberg("kari", "tor")


def wanted(house: House, at: str = "10:00") -> Wanted:
    return Wanted(house.people["kari"], house.services["lens-check"], house.chairs["amal"], time.fromisoformat(at))


def begin(house: House, rule: Rule = WEEKS, **changes: Any) -> UUID:
    asked = wanted(house)
    chosen = tuple(Chosen(n, day, asked.wall_time, asked.practitioner_id) for n, day in enumerate(series.days(rule), 1))
    new = NewSeries(asked.patient_id, asked.service_id, asked.practitioner_id, rule, asked.wall_time, chosen)
    given: dict[str, Any] = {"practice_id": house.id, "by": house.by("ingrid"), "now": house.now}
    return operations.begin_series(new=new, **(given | changes))


def go_on(house: House, made: UUID) -> list[Any]:
    return operations.book_series(practice_id=house.id, series_id=made, by=house.by("ingrid"), now=house.now)


def tellings(house: House, results: list[Any]) -> list[str]:
    found = facts_for(house.id, [one.appointment_id for one in results if one.appointment_id])
    return [str(one.telling) for one in sorted(found, key=lambda visit: visit.starts_at)]


@db
def test_every_visit_is_booked_and_one_tells_of_all(house: House) -> None:
    results = go_on(house, begin(house))
    visits = [fresh(house, one.appointment_id) for one in results]
    assert [visit.day for visit in visits] == series.days(WEEKS)
    assert {visit.wall_time for visit in visits} == {time(10)}
    assert tellings(house, results) == [Telling.ITSELF, *[Telling.ELSEWHERE] * 3]
    assert facts_for(house.id, [visits[0].pk])[0].series_days == tuple(series.days(WEEKS)[1:])
    proved(house)


@db
def test_pressed_twice_it_books_once(house: House) -> None:
    command = new_id()
    made = begin(house, command_id=command)
    assert begin(house, command_id=command) == made
    assert go_on(house, made) == go_on(house, made)
    proved(house)


@db
def test_what_was_taken_meanwhile_is_told_and_the_rest_stand(house: House) -> None:
    made = begin(house)
    book(house, "tor", "09:50", day=series.days(WEEKS)[1])
    results = go_on(house, made)
    assert [one.refusal for one in results] == ["", "time_taken", "", ""]
    assert len(results[1].alternatives) == 3
    kept = series_facts(house.id, made, now=house.now)
    assert [(one.number, one.why) for one in kept.missing] == [(2, "taken")]
    other = kept.missing[0].nearest[0]
    chosen = Chosen(2, other.day, other.wall_time, other.practitioner_id)
    again = operations.choose_in_series(
        practice_id=house.id, series_id=made, chosen=chosen, by=house.by("ingrid"), now=house.now + timedelta(minutes=5)
    )
    assert [one.refusal for one in again] == [""] * 4
    assert tellings(house, again)[1] == Telling.ITSELF
    proved(house)


@db
def test_what_a_kill_cut_short_goes_on_and_nobody_is_told_before(house: House) -> None:
    made = begin(house)
    arm("diary.series.between:raise")
    with pytest.raises(FailpointReached):
        go_on(house, made)
    arm("")
    booked = series_facts(house.id, made, now=house.now).visits
    assert [visit.telling for visit in booked.values()] == [Telling.WAITS]
    results = go_on(house, made)
    assert all(one.appointment_id for one in results)
    assert tellings(house, results)[0] == Telling.ITSELF
    proved(house)


@db
def test_the_rest_is_cancelled_and_what_was_cancelled_stays(house: House) -> None:
    made = begin(house)
    results = go_on(house, made)
    cancel(house, results[1].appointment_id)
    ended = operations.end_series(
        practice_id=house.id, series_id=made, reason="not_needed", by=house.by("ingrid"),
        now=at_wall(series.days(WEEKS)[0] + timedelta(days=1), time(9), "Europe/Oslo"),
    )  # fmt: skip
    assert ended == [results[2].appointment_id, results[3].appointment_id]
    assert fresh(house, results[0].appointment_id).state == "booked"
    assert series_facts(house.id, made, now=house.now).is_ended
    proved(house)


@db
def test_the_preview_names_what_stands_against_a_date(house: House) -> None:
    book(house, "tor", "10:00", day=date(2026, 12, 10))
    lines = preview(house.id, wanted(house), Rule(THURSDAY, 1, Unit.WEEK, 6), now=house.now)
    whys = {line.day: line.why for line in lines}
    assert whys[date(2026, 12, 3)] == ""
    assert whys[date(2026, 12, 10)] == "taken"
    assert len(next(line for line in lines if line.why == "taken").nearest) == 3
    early = preview(house.id, wanted(house, "03:00"), WEEKS, now=house.now)
    assert {line.why for line in early} == {"outside"}


@db
def test_the_preview_takes_as_many_statements_for_fifty_dates_as_for_two(house: House) -> None:
    counted = []
    for count in (2, 50):
        with CaptureQueriesContext(connection) as said:
            preview(house.id, wanted(house), Rule(WEEKS.first_on, 1, Unit.WEEK, count), now=house.now)
        counted.append(len(said))
    assert counted[0] == counted[1]


@db
def test_a_series_of_nothing_is_refused(house: House) -> None:
    asked = wanted(house)
    for rule, chosen in ((WEEKS, ()), (Rule(WEEKS.first_on, 1, Unit.WEEK, 1), (Chosen(1, THURSDAY, time(10)),))):
        new = NewSeries(asked.patient_id, asked.service_id, None, rule, time(10), chosen)
        with pytest.raises(errors.BadSeries):
            operations.begin_series(practice_id=house.id, new=new, by=house.by("ingrid"), now=house.now)


@db
def test_another_practices_series_is_unknown(house: House) -> None:
    made, other = begin(house), open_nordlys("kari")
    given: dict[str, Any] = {"practice_id": other.id, "series_id": made, "now": other.now}
    with pytest.raises(errors.NoSuchSeries):
        series_facts(**given)
    for operation, more in (
        (operations.book_series, {}),
        (operations.choose_in_series, {"chosen": Chosen(1, THURSDAY, time(10))}),
        (operations.end_series, {"reason": "time"}),
    ):
        with pytest.raises(errors.NoSuchSeries):
            operation(**given, **more, by=other.by("runa"))


# The rule, from values alone.

RULES = st.builds(
    Rule,
    st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    st.integers(1, series.EVERY_MAX),
    st.sampled_from(Unit),
    st.integers(series.COUNT_MIN, series.COUNT_MAX),
)


@given(RULES)
def test_days_rise_and_keep_their_weekday(rule: Rule) -> None:
    days = series.days(rule)
    assert len(days) == rule.count
    assert days[0] == rule.first_on
    assert all(a < b for a, b in pairwise(days))
    if rule.unit != Unit.DAY:
        assert {day.weekday() for day in days} == {rule.first_on.weekday()}


@given(RULES)
def test_months_keep_the_place_of_the_weekday(rule: Rule) -> None:
    if rule.unit != Unit.MONTH:
        return
    place = (rule.first_on.day - 1) // 7 + 1
    for n, day in enumerate(series.days(rule)):
        months = (day.year - rule.first_on.year) * 12 + day.month - rule.first_on.month
        assert months == n * rule.every
        assert (day.day - 1) // 7 + 1 == place or (place == 5 and (day + timedelta(days=7)).month != day.month)
