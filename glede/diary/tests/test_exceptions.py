"""One truth about the hours: a date that differs changes the free times and the time of an answer alike."""

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from glede.diary.availability import Chair, Need, Search, Window, free_times
from glede.inbox.rules import CALM, answer_due
from glede.kernel.clock import at_wall, wall
from glede.kernel.ids import new_id
from glede.kernel.periods import Hours, Span, WeeklyHours
from glede.practices.queries import with_exception

OSLO, MONDAY = "Europe/Oslo", date(2026, 11, 23)
WEEK = WeeklyHours(tuple(Span(day, time(9), time(17)) for day in range(5)), frozenset(), OSLO)
hours = st.tuples(st.integers(0, 22), st.integers(1, 23)).filter(lambda pair: pair[0] < pair[1])
exceptions = st.lists(st.tuples(st.integers(0, 13), st.integers(0, 4), st.lists(hours, max_size=1)), max_size=4)


def opened(asked: list[tuple[int, int, list[tuple[int, int]]]]) -> WeeklyHours:
    found = WEEK
    for first, length, spans in asked:
        day = MONDAY + timedelta(days=first)
        found = with_exception(
            found, day, day + timedelta(days=length), tuple(Hours(time(a), time(b)) for a, b in spans)
        )
    return found


@given(exceptions)
def test_times_are_free_only_while_we_are_open(asked: list[tuple[int, int, list[tuple[int, int]]]]) -> None:
    found, start = opened(asked), at_wall(MONDAY, time(0), OSLO)
    search = Search(found, (Chair(new_id(), None),), {}, Need(40), Window(MONDAY, 14, start))
    offers = list(free_times(search))
    for offer in offers:
        periods = found.periods_on(offer.day)
        assert any(p.start <= offer.starts_at and offer.starts_at + timedelta(minutes=40) <= p.end for p in periods)
    open_days = {MONDAY + timedelta(days=n) for n in range(14) if found.is_open_day(MONDAY + timedelta(days=n))}
    assert {offer.day for offer in offers} == open_days


@given(exceptions, st.integers(0, 14 * 24 * 60), st.integers(5, 600))
def test_an_answer_is_due_while_we_are_open(
    asked: list[tuple[int, int, list[tuple[int, int]]]], minute: int, promised: int
) -> None:
    found = opened(asked)
    comes = at_wall(MONDAY, time(0), OSLO) + timedelta(minutes=minute)
    due = answer_due(comes, found, promised, CALM)
    assert comes < due
    assert any(p.start <= due <= p.end for p in found.periods_on(wall(due, OSLO).date()))


def test_the_latest_exception_of_a_date_holds() -> None:
    eve = date(2026, 12, 24)
    closed = with_exception(WEEK, eve, eve + timedelta(days=3), ())
    half = with_exception(closed, eve, eve, (Hours(time(9), time(12)),))
    assert half.hours_on(eve) == [Hours(time(9), time(12))]
    assert not half.is_open_day(eve + timedelta(days=1))
    comes = datetime.fromisoformat("2026-12-24T11:30+01:00")
    assert answer_due(comes, half, 60, CALM) == datetime.fromisoformat("2026-12-28T09:30+01:00")
