"""The worked examples of docs/answering.md: when an answer is owed, hour by hour."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from glede.inbox.rules import answer_due
from glede.kernel.periods import Span, WeeklyHours
from glede.promises.rules import Stage, reached_at, stage

OSLO = ZoneInfo("Europe/Oslo")
DAYS = {"Tue": 24, "Wed": 25, "Fri": 27, "Mon": 30}
NORMAL, URGENT = 5, 0


def week(*spans: tuple[int, int]) -> WeeklyHours:
    return WeeklyHours(tuple(Span(day, time(a), time(b)) for day in range(5) for a, b in spans))


def at(words: str) -> datetime:
    day, clock = words.split()
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 11, DAYS[day], hour, minute, tzinfo=OSLO)


@pytest.mark.parametrize(
    ("came", "hours", "tier", "due"),
    [
        ("Tue 09:10", week((9, 17)), NORMAL, "Tue 11:10"),
        ("Tue 16:00", week((9, 17)), NORMAL, "Wed 10:00"),
        ("Fri 16:30", week((9, 17)), NORMAL, "Mon 10:30"),
        ("Tue 11:30", week((9, 12), (13, 17)), NORMAL, "Tue 14:30"),
        ("Tue 20:00", week((9, 17)), NORMAL, "Wed 09:30"),
        ("Tue 20:00", week((10, 17)), NORMAL, "Wed 10:30"),
        ("Tue 09:10", week((9, 17)), URGENT, "Tue 09:25"),
    ],
)
def test_the_hours_of_the_page(came: str, hours: WeeklyHours, tier: int, due: str) -> None:
    assert answer_due(at(came), hours, 120, tier) == at(due)


def test_the_warnings_of_the_page() -> None:
    made, due, hours = at("Tue 16:00"), at("Wed 10:00"), week((9, 17))
    assert reached_at(0.5, made, due, hours) == at("Tue 17:00")
    assert stage(made, due, at("Wed 02:00"), hours) is Stage.HALF
    assert reached_at(0.75, made, due, hours) == at("Wed 09:30")
