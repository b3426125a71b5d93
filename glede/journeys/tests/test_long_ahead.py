"""Row 3: booked long ahead, does it still suit you? One story a fact, without a database."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from glede.journeys.facts import History
from glede.journeys.tests.making import HOUSE, KARI, moment, moved, on_wall, only, planned, row, told, visit

BOOKED = moment(date(2026, 9, 1), time(10))
# Sixty-one days after; thirty days before it lies 2 October.
FAR = date(2026, 11, 1)
TEN = time(10)


def far(day: date = FAR, **more):
    return visit(day, booked_at=more.pop("booked_at", BOOKED), **more)


def asked(*visits, now=BOOKED, **more):
    return row(planned(*visits, now=now, **more), "3")


def test_a_month_before_they_are_asked_once() -> None:
    question = only(planned(far(), now=BOOKED), "3")
    assert on_wall(question) == (date(2026, 10, 2), TEN)
    assert (question.act, question.purpose, question.lane) == ("message", "reminder", "care")
    assert asked(far(), history=History((told(question),))) == []


@pytest.mark.parametrize(
    ("day", "is_asked"), [(FAR, True), (FAR - timedelta(days=1), False), (FAR.replace(year=2027), True)]
)
def test_only_whoever_booked_more_than_sixty_days_ahead(day: date, is_asked: bool) -> None:
    assert bool(asked(far(day))) is is_asked


def test_a_yes_before_its_hour_is_answer_enough() -> None:
    assert asked(far(is_confirmed=True, state="confirmed")) == []


def test_a_cancelled_visit_asks_nothing() -> None:
    assert asked(far(state="cancelled")) == []


def test_a_visit_moved_near_is_not_asked_about_and_one_moved_far_is() -> None:
    near = moved(far(), date(2026, 11, 20), TEN, when=moment(date(2026, 10, 1), TEN))
    assert asked(near, now=moment(date(2026, 10, 1), TEN)) == []
    again = moved(far(), date(2026, 12, 24), TEN, when=moment(date(2026, 10, 1), TEN))
    (question,) = asked(again, now=moment(date(2026, 10, 1), TEN))
    assert (on_wall(question), question.subject_version) == ((date(2026, 11, 24), TEN), 2)


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2027, 4, 20), date(2027, 3, 21)),
        (date(2027, 4, 27), date(2027, 3, 28)),
        (date(2026, 11, 24), date(2026, 10, 25)),
    ],
    ids=["before", "the clock goes on", "the clock goes back"],
)
def test_ten_is_ten_on_the_wall_whatever_the_clocks_do(day: date, due: date) -> None:
    assert on_wall(only(planned(far(day), now=BOOKED), "3")) == (due, TEN)


def test_their_own_hours_and_days_win() -> None:
    late = replace(KARI, hours_from=time(17))
    assert on_wall(only(planned(far(), person=late, now=BOOKED), "3")) == (date(2026, 10, 2), time(17))
    # 2 October 2026 is a Friday; who wants Wednesdays gets it two days before.
    wednesdays = replace(KARI, days=frozenset({2}))
    assert on_wall(only(planned(far(), person=wednesdays, now=BOOKED), "3"))[0] == date(2026, 9, 30)


def test_it_waits_for_a_day_of_its_own_and_is_never_late_by_more_than_four() -> None:
    near = visit(date(2026, 10, 3), number=11, booked_at=BOOKED, is_confirmed=False)
    question = only(planned(far(), near, now=BOOKED), "3")
    assert on_wall(question)[0] == date(2026, 10, 3)
    assert question.why["held_by"] == "one_a_day"
    assert question.late_after == moment(date(2026, 10, 6), TEN)


def test_who_left_us_is_asked_nothing_and_what_lay_before_going_live_neither() -> None:
    assert asked(far(), person=replace(KARI, stopped="deceased")) == []
    live = replace(HOUSE, live_since=moment(date(2026, 10, 5), TEN))
    assert asked(far(), house=live, now=moment(date(2026, 10, 5), TEN)) == []


def test_two_visits_of_one_day_are_asked_about_together() -> None:
    other = visit(FAR, time(16), number=12, booked_at=BOOKED)
    questions = asked(far(), other)
    assert [q.why.get("also") is not None for q in questions if "yields_to" not in q.why] == [True]
    assert [q.why["yields_to"]["because"] for q in questions if "yields_to" in q.why] == ["together"]
