"""Dates that differ, public holidays, and undo: the hours of a practice as one truth."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from glede.kernel.actor import SYSTEM
from glede.kernel.periods import Hours, Span
from glede.ledger.queries import events
from glede.practices import operations, public_holidays, queries
from glede.practices.models import Practice

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
EVE, CHRISTMAS = date(2026, 12, 24), date(2026, 12, 25)
pytestmark = pytest.mark.django_db


@pytest.fixture
def practice() -> Practice:
    new = operations.NewPractice("Solberg Optikk", "NO", "nb", "Europe/Oslo")
    return operations.start_practice(new, by=SYSTEM, now=NOW)


def given(practice: Practice) -> dict[str, Any]:
    return {"practice_id": practice.pk, "by": SYSTEM, "now": NOW}


def closed(first: date, last: date | None = None) -> operations.NewException:
    return operations.NewException(first, last or first, reason="Jul")


def test_a_date_may_have_hours_of_its_own(practice: Practice) -> None:
    half = operations.NewException(EVE, EVE, (Hours(time(9), time(12)),), "Julaften")
    operations.add_exception(new=half, **given(practice))
    hours = queries.opening_hours(practice)
    assert hours.hours_on(EVE) == [Hours(time(9), time(12))]
    assert hours.add_open_minutes(datetime(2026, 12, 24, 10, 30, tzinfo=UTC), 60).day == 25


def test_a_span_of_dates_is_closed_until_it_is_ended(practice: Practice) -> None:
    operations.add_exception(new=closed(EVE, EVE + timedelta(days=7)), **given(practice))
    assert not any(queries.opening_hours(practice).is_open_day(EVE + timedelta(days=n)) for n in range(8))
    one = queries.exceptions(practice, from_=EVE)[0]
    assert operations.end_exception(exception_id=one.id, **given(practice))
    assert operations.end_exception(exception_id=one.id, **given(practice)) is None
    assert queries.opening_hours(practice).is_open_day(EVE)


def test_the_latest_word_on_a_date_holds(practice: Practice) -> None:
    operations.add_exception(new=closed(EVE, EVE + timedelta(days=7)), **given(practice))
    half = operations.NewException(EVE, EVE, (Hours(time(9), time(12)),))
    change = operations.add_exception(new=half, **given(practice))
    assert queries.opening_hours(practice).is_open_day(EVE)
    operations.undo_hours(change_id=change, **given(practice))
    assert not queries.opening_hours(practice).is_open_day(EVE)


def test_dates_that_run_backwards_are_refused(practice: Practice) -> None:
    for last in (EVE - timedelta(days=1), EVE + timedelta(days=400)):
        with pytest.raises(operations.BadDates):
            operations.add_exception(new=closed(EVE, last), **given(practice))


def test_the_holidays_of_a_year_are_taken_and_given_back_as_one(practice: Practice) -> None:
    operations.add_exception(new=closed(date(2027, 12, 24), date(2027, 12, 26)), **given(practice))
    change = operations.take_holidays(year=2027, **given(practice))
    assert change
    taken = queries.exceptions(practice, from_=date(2027, 1, 1))
    assert {one.name.get("nb") for one in taken} >= {"Første nyttårsdag", "Langfredag"}
    assert all(one.first_on.weekday() < 5 for one in taken if one.name)
    assert operations.take_holidays(year=2027, **given(practice)) is None
    operations.undo_hours(change_id=change, **given(practice))
    assert len(queries.exceptions(practice, from_=date(2027, 1, 1))) == 1


def test_a_week_is_undone_and_what_came_later_is_not(practice: Practice) -> None:
    before = queries.opening_hours(practice).spans
    saturday = (*before, Span(5, time(10), time(14)))
    change = operations.set_opening_hours(spans=saturday, **given(practice))
    operations.add_exception(new=closed(EVE), **given(practice))
    assert change
    operations.undo_hours(change_id=change, **given(practice))
    assert queries.opening_hours(practice).spans == before
    with pytest.raises(operations.ChangedSince):
        operations.undo_hours(change_id=change, **given(practice))
    assert queries.changes(practice.pk, [change])[change].is_undone


def test_a_setting_says_again_what_it_said(practice: Practice) -> None:
    change = operations.change_settings(changes={"hours_to": time(18), "name": "Ny"}, **given(practice))
    assert change
    operations.undo_settings(change_id=change, **given(practice))
    practice.refresh_from_db()
    assert (practice.hours_to, practice.name) == (time(20), "Solberg Optikk")
    undoing = UUID(events(practice.pk)[-1].data["change"])
    with pytest.raises(operations.NoSuchChange):
        operations.undo_hours(change_id=undoing, **given(practice))


@pytest.mark.parametrize(
    ("country", "region", "day", "is_one"),
    [
        ("NO", "", date(2027, 5, 17), True),
        ("GB", "SCT", date(2027, 11, 30), True),
        ("GB", "ENG", date(2027, 11, 30), False),
        ("US", "", date(2027, 11, 25), True),
        ("SE", "", date(2027, 6, 6), True),
        ("DE", "", date(2027, 10, 3), True),
    ],
)
def test_the_holidays_of_a_country(country: str, region: str, day: date, is_one: bool) -> None:
    assert (day in {one.day for one in public_holidays.holidays_of(country, region, 2027)}) is is_one


def test_every_country_we_say_we_know_has_holidays() -> None:
    assert all(public_holidays.holidays_of(country, "", 2027) for country in public_holidays.KNOWN)
    with pytest.raises(public_holidays.UnknownCountry):
        public_holidays.holidays_of("ZZ", "", 2027)
