"""The day in a colleague's own words."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.desk.people.feasts import FEASTS
from glede.desk.people.someday import FAR, day_in, reading_of

CLEAR = ("next Friday", "etter påske", "12.5.", "on 5/12", "in a fortnight", "uke 53", "31. februar", "end of May", "")
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
        ("etter påske", "2027-03-30"),
        ("ask how Easter was, after Easter", "2027-03-30"),
        ("før jul", "2026-12-17"),
        ("before Christmas", "2026-12-17"),
        ("etter jul", "2026-12-27"),
        ("over nyttår", "2027-01-02"),
        ("til sommeren", "2027-06-01"),
        ("om tre uker", "2026-12-15"),
        ("in a fortnight", "2026-12-08"),
        ("om et par uker", "2026-12-08"),
        ("skal opereres uke 14", "2027-04-05"),
        ("i helgen", "2026-11-28"),
        ("midten av januar", "2027-01-15"),
        ("at the end of the month", "2026-11-30"),
        ("ring henne neste tirsdag", "2026-12-01"),
        ("12.5.", "2027-05-12"),
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
        "", "Bor i andre etasje", "Sees 6/9 and 6/12", "kl. 10.12. eller senere", "Addition 12.5", "Her name is May",
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


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("call next Friday", ["2026-11-27", "2026-12-04"]),
        ("ring neste fredag", ["2026-11-27", "2026-12-04"]),
        ("on 5/12 she sails", ["2026-12-05", "2027-05-12"]),
    ],
)
def test_what_may_mean_two_days_asks_which(words: str, days: list[str]) -> None:
    reading = reading_of(words, TODAY)
    assert [day.isoformat() for day in reading.days] == days
    assert not reading.is_clear


@pytest.mark.parametrize("words", ["3 May 2020", "den 3. mai 2020", "2026-11-23"])
def test_a_day_that_is_over_is_told_as_over(words: str) -> None:
    reading = reading_of(f"ask about {words}", TODAY)
    assert not reading.days
    assert reading.past is not None
    assert reading.past < TODAY


@given(st.dates(date(2024, 1, 1), date(2090, 1, 1)))
def test_feasts_are_ahead_and_in_their_order(today: date) -> None:
    for _pattern, read in FEASTS:
        for when in ("before", "at", "after", "før", "etter"):
            assert today <= read(today, when) <= today + timedelta(days=395)  # Easter wanders
    _pattern, christmas = FEASTS[2]
    assert christmas(today, "before") <= christmas(today, "at") or today.month == 12


@given(st.text(max_size=60), st.dates(date(2024, 1, 1), date(2090, 1, 1)), st.sampled_from(CLEAR), st.text(max_size=20))
def test_a_reading_is_clear_or_asks_or_is_over(words: str, today: date, said: str, rest: str) -> None:
    reading = reading_of(f"{words} {said} {rest}", today)
    assert reading.days == tuple(sorted(set(reading.days)))
    assert all(today <= day <= today + timedelta(days=FAR) for day in reading.days)
    assert not (reading.days and reading.past)
    assert not reading.words or reading.words in f"{words} {said} {rest}"
