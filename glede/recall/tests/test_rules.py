"""When somebody is usually due again: ages by the day, reasons, and that it only suggests."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.recall.rules import (
    MONTHS_MOST,
    Why,
    age_on,
    due_month,
    editions,
    needs_why,
    offered,
    suggest,
)

TODAY = date(2026, 11, 24)
COUNTRIES = sorted({one.country for one in editions()})
DAYS = st.dates(date(2026, 11, 1), date(2036, 12, 31))
AGES = st.integers(0, 105)


def born(years: int, day: date = TODAY) -> date:
    """Return the birth date of somebody who turns ``years`` on ``day``."""
    return day.replace(year=day.year - years)


@pytest.mark.parametrize(
    ("country", "age", "younger", "older"),
    [
        ("NO", 5, None, 24), ("NO", 18, 24, 36), ("NO", 40, 36, 24), ("NO", 65, 24, 12),
        ("GB", 16, 12, 24), ("GB", 70, 24, 12),
        ("US", 6, None, 12), ("US", 18, 12, 24), ("US", 65, 24, 12),
    ],
)  # fmt: skip
def test_a_birthday_moves_somebody_to_the_next_group_to_the_day(
    country: str, age: int, younger: int | None, older: int | None
) -> None:
    eve = suggest(country, born(age) + timedelta(days=1), TODAY)
    assert (eve.months if eve else None) == younger
    birthday = suggest(country, born(age), TODAY)
    assert (birthday.months if birthday else None) == older


@given(st.sampled_from(COUNTRIES), AGES, DAYS, st.integers(0, 365))
def test_the_same_age_has_the_same_suggestion_on_every_day(country: str, age: int, day: date, since: int) -> None:
    birth = day.replace(year=day.year - age, day=min(day.day, 28)) - timedelta(days=since)
    found = suggest(country, birth, day)
    again = suggest(country, born(age_on(birth, day)), TODAY)
    assert (found and (found.months, found.by)) == (again and (again.months, again.by))


@given(st.sampled_from(COUNTRIES), AGES, st.sets(st.sampled_from(sorted(Why))))
def test_a_reason_never_makes_it_longer_than_another_reason_alone(country: str, age: int, reasons: set[str]) -> None:
    found = suggest(country, born(age), TODAY, reasons)
    for reason in reasons - {Why.AGE}:
        alone = suggest(country, born(age), TODAY, [reason])
        if found and alone and alone.group.why != Why.AGE:
            assert found.months <= alone.months


@given(DAYS, st.integers(1, MONTHS_MOST))
def test_the_month_lies_so_many_months_ahead(day: date, months: int) -> None:
    due = due_month(day, months)
    assert due.day == 1
    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == months


def test_a_leapling_is_a_year_older_on_the_first_of_march() -> None:
    assert (age_on(date(2004, 2, 29), date(2022, 2, 28)), age_on(date(2004, 2, 29), date(2022, 3, 1))) == (17, 18)


def test_what_a_clinician_judges_is_not_suggested() -> None:
    assert suggest("NO", born(50), TODAY, ["diabetes"]) is None
    found = suggest("GB", born(50), TODAY, ["diabetes"])
    assert found
    assert (found.months, found.group.why) == (12, Why.DIABETES)
    assert suggest("GB", born(39), TODAY, ["family_glaucoma"]).group.why == Why.AGE  # type: ignore[union-attr]


@pytest.mark.parametrize(("country", "birth", "day"), [("SE", born(50), TODAY), ("NO", None, TODAY),
                                                       ("NO", born(50), date(2026, 10, 31))])  # fmt: skip
def test_where_nobody_knows_nothing_is_suggested(country: str, birth: date | None, day: date) -> None:
    assert suggest(country, birth, day) is None


def test_every_edition_says_where_it_comes_from_and_when_it_was_looked_at() -> None:
    for one in editions():
        assert one.source
        assert one.reviewer
        assert one.reviewed_on >= one.valid_from


def test_another_interval_needs_a_reason_and_the_usual_one_is_offered() -> None:
    usual = suggest("NO", born(50), TODAY)
    assert not needs_why(24, usual)
    assert needs_why(12, usual)
    assert needs_why(None, usual)
    assert needs_why(24, None)
    assert offered(usual) == (6, 12, 24, 36)
