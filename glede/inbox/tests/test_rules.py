"""How soon somebody is answered, and what they get while nobody is here."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glede.inbox.rules import Reading, answer_due, needs_safety_net, raise_tier
from glede.kernel.clock import wall
from glede.kernel.periods import Span, WeeklyHours

OSLO = "Europe/Oslo"
WEEKDAYS = WeeklyHours(tuple(Span(day, time(9), time(17)) for day in range(5)), zone=OSLO)
LUNCH = WeeklyHours((Span(1, time(9), time(12)), Span(1, time(13), time(17))), zone=OSLO)
LATE = WeeklyHours(tuple(Span(day, time(11), time(18)) for day in range(5)), zone=OSLO)
EARLY = WeeklyHours(tuple(Span(day, time(7), time(15)) for day in range(5)), zone=OSLO)
NEVER = WeeklyHours((), zone=OSLO)


def oslo(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+01:00")


DUE = [
    # 24 November 2026 is a Tuesday
    ("2026-11-24T10:00", WEEKDAYS, 120, 5, "2026-11-24T12:00"),
    ("2026-11-24T16:00", WEEKDAYS, 120, 5, "2026-11-25T10:00"),
    ("2026-11-24T10:00", WEEKDAYS, 120, 0, "2026-11-24T10:15"),
    ("2026-11-24T10:00", WEEKDAYS, 120, 1, "2026-11-24T10:15"),
    ("2026-11-24T10:00", WEEKDAYS, 120, 2, "2026-11-24T12:00"),
    ("2026-11-24T10:00", WEEKDAYS, 10, 0, "2026-11-24T10:10"),
    ("2026-11-24T16:50", WEEKDAYS, 120, 1, "2026-11-25T09:05"),
    ("2026-11-24T20:00", WEEKDAYS, 120, 1, "2026-11-25T09:15"),
    ("2026-11-24T20:00", WEEKDAYS, 120, 5, "2026-11-25T09:30"),
    ("2026-11-24T06:00", WEEKDAYS, 120, 5, "2026-11-24T09:30"),
    ("2026-11-27T18:00", WEEKDAYS, 120, 5, "2026-11-30T09:30"),
    ("2026-11-24T20:00", WEEKDAYS, 20, 5, "2026-11-25T09:20"),
    ("2026-11-24T20:00", LATE, 120, 5, "2026-11-25T11:30"),
    ("2026-11-24T20:00", EARLY, 240, 5, "2026-11-25T09:30"),
    ("2026-11-24T12:30", LUNCH, 120, 5, "2026-11-24T15:00"),
    ("2026-11-24T12:00", NEVER, 120, 5, "2026-11-24T14:00"),
    ("2026-11-24T12:00", NEVER, 120, 0, "2026-11-24T12:15"),
]


@pytest.mark.parametrize(("received", "hours", "minutes", "tier", "due"), DUE)
def test_an_answer_is_due(received: str, hours: WeeklyHours, minutes: int, tier: int, due: str) -> None:
    assert answer_due(oslo(received), hours, minutes, tier) == oslo(due)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)])
def test_half_past_nine_is_on_the_wall_when_clocks_change(day: date) -> None:
    every_day = WeeklyHours(tuple(Span(weekday, time(9), time(17)) for weekday in range(7)), zone=OSLO)
    night = datetime.combine(day, time(0, 30), UTC)

    assert wall(answer_due(night, every_day, 120, 5), OSLO).time() == time(9, 30)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC)),
    st.sampled_from([WEEKDAYS, LUNCH, LATE, EARLY]),
    st.integers(1, 600),
)
def test_urgent_is_never_later_and_all_are_answered_in_hours(now: datetime, hours: WeeklyHours, minutes: int) -> None:
    urgent, normal = answer_due(now, hours, minutes, 1), answer_due(now, hours, minutes, 5)

    assert now < urgent <= normal
    assert hours.is_open(normal - timedelta(seconds=1))
    assert normal <= hours.add_open_minutes(now, minutes)


@pytest.mark.parametrize(
    ("now", "last", "expected"),
    [
        ("2026-11-24T10:00", None, False),
        ("2026-11-24T20:00", None, True),
        ("2026-11-24T20:00", "2026-11-24T08:01", False),
        ("2026-11-24T20:00", "2026-11-24T08:00", True),
    ],
)
def test_the_safety_net(now: str, last: str | None, expected: bool) -> None:
    assert needs_safety_net(oslo(now), WEEKDAYS, oslo(last) if last else None) is expected


@pytest.mark.parametrize(
    ("words", "said", "tier", "category"),
    [
        ("bleach in my eye", False, 0, "CHEM"),
        ("bleach in my eye", True, 0, "CHEM"),
        ("new flashes", False, 1, "FLASHES"),
        ("wavy lines", True, 1, "SAID_NEW_SYMPTOM"),
        ("hello", True, 1, "SAID_NEW_SYMPTOM"),
    ],
)
def test_urgency_is_raised(words: str, said: bool, tier: int, category: str) -> None:
    reading = raise_tier(words, says_new_symptom=said)

    assert (reading.tier, reading.must_be_read_now) == (tier, True)
    assert category in reading.categories


def test_no_hit_is_the_ordinary_urgency_and_no_more() -> None:
    reading = raise_tier("Where can I park?")

    assert reading == Reading(5, (), False, reading.lexicon_version)
    assert reading.lexicon_version
