"""The day in a colleague's own words."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.desk.people.someday import FAR, day_in

TODAY = date(2026, 11, 24)  # a Tuesday


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Wedding in May", "2027-05-01"),
        ("Her daughter marries in may, ask how it went", "2027-05-01"),
        ("Bryllup i mai", "2027-05-01"),
        ("skal i konfirmasjon 1. mai", "2027-05-01"),
        ("1st of May: the big day", "2027-05-01"),
        ("on 17 May they sail", "2027-05-17"),
        ("May 17 they sail", "2027-05-17"),
        ("reiser 3.12.", "2026-12-03"),
        ("reiser 03.12.2026 kl. 10", "2026-12-03"),
        ("back 2027-01-05", "2027-01-05"),
        ("operation 2 March 2027", "2027-03-02"),
        ("Ask in 2 weeks", "2026-12-08"),
        ("ring om to uker", "2026-12-08"),
        ("om 14 dager", "2026-12-08"),
        ("om fjorten dager", "2026-12-08"),
        ("in a month", "2026-12-24"),
        ("om 3 måneder", "2027-02-24"),
        ("next week", "2026-11-30"),
        ("neste måned", "2026-12-01"),
        ("call on Friday", "2026-11-27"),
        ("hører fra dem på tirsdag", "2026-12-01"),
        ("tomorrow", "2026-11-25"),
        ("bringer brillene i morgen", "2026-11-25"),
        ("new job in December, wedding in May", "2026-12-01"),
    ],
)  # fmt: skip
def test_the_day_is_understood(words: str, day: str) -> None:
    understood = day_in(words, TODAY)
    assert understood is not None
    assert understood.day == date.fromisoformat(day)
    assert understood.words in words


@pytest.mark.parametrize(
    "words",
    [
        "She may come with her sister", "Likes to march", "Married in May last year", "Giftet seg i mai i fjor",
        "Since 2 weeks", "31. april", "In 2019", "Har to barn", "Reads 2 newspapers a day", "3 May 2020", "kl. 10.30",
        "", "Bor i andre etasje",
    ],
)  # fmt: skip
def test_what_names_no_day_to_come_is_left_alone(words: str) -> None:
    assert day_in(words, TODAY) is None


@given(st.text(max_size=120), st.dates(date(2024, 1, 1), date(2090, 1, 1)))
def test_any_words_are_read_without_a_stumble(words: str, today: date) -> None:
    understood = day_in(words, today)
    assert understood is None or today <= understood.day <= today + timedelta(days=FAR)


@given(st.dates(TODAY, TODAY + timedelta(days=300)))
def test_a_day_as_each_language_writes_it_is_that_day(day: date) -> None:
    for words in (f"{day:%-d %B}", f"{day:%B %-d}", f"{day.day}.{day.month}.", day.isoformat()):
        understood = day_in(f"ask {words}", TODAY)
        assert understood is not None
        assert understood.day == day
