"""Years of two digits: read where one century alone fits, else left empty and told."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.people.lists import centuries
from glede.people.lists.cells import day_order, read_day, read_moment, read_time
from glede.people.lists.opening import open_sheet
from glede.people.lists.people import read_people

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("written", "born"),
    [
        ("12.03.60", date(1960, 3, 12)),
        ("1/2/05", date(2005, 2, 1)),
        ("31.12.26", date(1926, 12, 31)),
        ("29.02.00", date(2000, 2, 29)),
        # A child of two, or somebody of a hundred and two.
        ("12.03.24", None),
        ("12.03.16", None),
        ("12.03.15", date(2015, 3, 12)),
        ("12-03-60", None),
        ("12.03.6", None),
        ("31.02.60", None),
    ],
)
def test_a_birth_date_is_never_guessed(written: str, born: date | None) -> None:
    assert read_day(written, "dmy", centuries.of_a_birth(TODAY)) == born


def test_a_day_of_two_digits_is_read_only_where_its_century_is_known() -> None:
    assert read_day("12.03.60", "dmy") is None
    assert read_time("08.30.00") is not None


@given(st.dates(date(1980, 1, 1), date(2070, 1, 1)))
def test_a_visit_lies_in_the_century_nearest_to_today(day: date) -> None:
    near = abs(day - TODAY).days < 49 * 365
    written = read_moment(f"{day:%d.%m.%y} 09:15", "dmy", centuries.nearest(TODAY))
    assert not near or (written is not None and written.day == day)
    last = read_day(f"{day:%d.%m.%y}", "dmy", centuries.last(TODAY))
    assert last is not None
    assert last <= TODAY


def test_short_years_prove_the_order_too() -> None:
    assert day_order(["03/25/60", "01/02/61"], "dmy") == "mdy"


def test_what_fits_two_centuries_is_told_and_stays_empty() -> None:
    read = read_people(open_sheet(b"Kundenr;Navn;Fodselsdato\n1;Kari Moe;02.03.55\n2;Ola Moe;02.03.22\n"), today=TODAY)
    assert [person.form.birth_date for person in read.people] == [date(1955, 3, 2), None]
    assert [(f.row, f.reason, f.text) for f in read.findings] == [(3, "two_centuries", "02.03.22")]


@pytest.mark.parametrize(
    "written",
    ["12. mars 1960", "12 March 1960", "12-Mar-1960", "12-MAR-60", "12. mar. 60", "March 12, 1960", "Mar 12th, 1960"],
)
def test_a_month_may_be_named(written: str) -> None:
    assert read_day(written, "mdy", centuries.of_a_birth(TODAY)) == date(1960, 3, 12)


@pytest.mark.parametrize(
    "written", ["12 marts 1960", "12 ma 1960", "31-Feb-1960", "12 mars", "mars 1960", "12-Mar-600"]
)
def test_what_is_no_day_is_not_read_as_one(written: str) -> None:
    assert read_day(written, "dmy", centuries.of_a_birth(TODAY)) is None
