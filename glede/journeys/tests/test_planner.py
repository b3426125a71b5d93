"""The plan of one visit: which rows, when, why, and what follows from a change."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from glede.journeys.facts import CallEnd, Change, History
from glede.journeys.tests.making import (
    BOOKED_AT,
    HOUSE,
    KARI,
    TUESDAY,
    moment,
    moved,
    on_wall,
    only,
    planned,
    row,
    told,
    visit,
)
from glede.kernel.periods import Span, WeeklyHours

MONDAY = TUESDAY - timedelta(days=1)


def test_a_booked_visit_gets_its_confirmation_a_word_before_and_a_reminder() -> None:
    touches = planned(visit())
    assert [t.row for t in touches] == ["2", "5", "6"]
    assert [t.due_at for t in touches] == sorted(t.due_at for t in touches)
    assert {t.subject_version for t in touches} == {1}


def test_the_confirmation_goes_at_once_and_answers_the_persons_own_act() -> None:
    touch = only(planned(visit()), "2")
    assert touch.due_at == BOOKED_AT
    assert touch.answers_at == BOOKED_AT
    assert touch.purpose == "booking"
    assert touch.why["variant"] == "booked"


def test_a_visit_from_a_list_gets_no_confirmation() -> None:
    touches = planned(visit(kind="imported", by="list"))
    assert [t.row for t in touches] == ["5", "6"]


def test_the_reminder_goes_at_three_on_the_wall_the_day_before() -> None:
    touch = only(planned(visit()), "6")
    assert on_wall(touch) == (MONDAY, time(15))
    assert touch.late_after == moment(MONDAY, time(20))
    assert touch.why["when_late"] == "call"


@pytest.mark.parametrize(
    ("hours_from", "hours_to", "expected"),
    [
        (None, None, time(15)),
        (time(17), time(19), time(17)),
        (time(9), time(12), time(11)),
        (time(10), time(18), time(15)),
        (time(6), time(8), time(15)),
        (time(19, 30), time(22), time(19, 30)),
    ],
)
def test_the_reminder_keeps_to_the_persons_hours_within_the_practices(hours_from, hours_to, expected) -> None:
    person = replace(KARI, hours_from=hours_from, hours_to=hours_to)
    assert on_wall(only(planned(visit(), person=person), "6")) == (MONDAY, expected)


def test_the_reminder_leaves_until_the_persons_hours_end() -> None:
    person = replace(KARI, hours_from=time(9), hours_to=time(12))
    assert only(planned(visit(), person=person), "6").late_after == moment(MONDAY, time(12))


def test_a_day_the_person_dislikes_gives_way_to_the_one_before() -> None:
    person = replace(KARI, days=frozenset({5, 6}))
    touch = only(planned(visit(), person=person), "6")
    assert on_wall(touch) == (MONDAY - timedelta(days=1), time(15))
    assert touch.why["at"] == "their_days"


@pytest.mark.parametrize(
    ("booked", "reminder"),
    [
        # Booked less than 24 hours ahead: the confirmation is the reminder.
        (moment(TUESDAY, time(9)), None),
        (moment(MONDAY, time(12, 59)), moment(MONDAY, time(15))),
        # After 13:00 on the eve: a second text after ten minutes.
        (moment(MONDAY, time(13)), moment(MONDAY, time(13, 10))),
        (moment(MONDAY, time(19, 40)), moment(MONDAY, time(19, 50))),
        # Past the person's hours nothing follows the confirmation.
        (moment(MONDAY, time(19, 55)), None),
    ],
)
def test_short_notice(booked: datetime, reminder: datetime | None) -> None:
    touches = planned(visit(booked_at=booked), now=booked)
    assert len(row(touches, "2")) == 1
    assert [t.due_at for t in row(touches, "6")] == ([reminder] if reminder else [])


def test_a_morning_visit_booked_the_morning_before_has_its_reminder_in_the_confirmation() -> None:
    booked = moment(MONDAY, time(12))
    assert row(planned(visit(at=time(9)), now=booked), "6")
    assert not row(planned(visit(at=time(9), booked_at=booked), now=booked), "6")


def test_a_visit_a_list_brings_on_the_eve_is_reminded_at_once() -> None:
    brought = moment(MONDAY, time(16))
    touch = only(planned(visit(kind="imported", by="list", booked_at=brought), now=brought), "6")
    assert touch.due_at == brought
    late = moment(MONDAY, time(21))
    assert not row(planned(visit(kind="imported", by="list", booked_at=late), now=late), "6")


def test_nothing_is_planned_for_a_visit_that_is_over() -> None:
    assert planned(visit(), now=moment(TUESDAY, time(14, 30))) == []


@pytest.mark.parametrize("state", ["arrived", "with", "missed", "cancelled", "entered_in_error"])
def test_who_is_here_or_will_not_come_is_not_reminded(state: str) -> None:
    assert planned(visit(state=state)) == []


def test_a_patient_who_moves_gets_another_confirmation_and_the_reminder_follows() -> None:
    later = moved(visit(), date(2026, 11, 26), time(9), when=BOOKED_AT + timedelta(days=1))
    touches = planned(later)
    assert only(touches, "2").why["variant"] == "moved_by_patient"
    assert on_wall(only(touches, "6")) == (date(2026, 11, 25), time(15))
    assert {t.subject_version for t in touches} == {2}


def test_a_practice_that_moves_says_sorry_after_three_minutes_and_asks() -> None:
    when = BOOKED_AT + timedelta(days=1)
    first = visit()
    touches = planned(moved(first, date(2026, 11, 26), time(9), when=when, by="practice"))
    assert not row(touches, "2")
    message, call = row(touches, "8")
    assert message.due_at == when + timedelta(minutes=3)
    assert (call.act, call.why["promise"]) == ("call", "move_ok")
    # Tuesday 17 November 10:03 on the wall and four open hours.
    assert call.due_at == moment(date(2026, 11, 17), time(14, 3))


def test_an_ok_ends_the_question() -> None:
    changed = moved(visit(), date(2026, 11, 26), time(9), when=BOOKED_AT, by="practice")
    changed = replace(
        changed, changes=(replace(changed.changes[0], at=BOOKED_AT - timedelta(days=9)), changed.changes[1])
    )
    assert len(row(planned(changed), "8")) == 2
    assert [t.occurrence for t in row(planned(replace(changed, state="confirmed", is_confirmed=True)), "8")] == [1]


def test_a_move_taken_back_within_three_minutes_is_never_told() -> None:
    first = visit()
    when = BOOKED_AT + timedelta(days=1)
    away = moved(first, date(2026, 11, 26), time(9), when=when, by="practice")
    back = moved(away, first.day, time(14, 30), when=when + timedelta(minutes=2), by="practice")
    touches = planned(back, history=History((told(only(planned(first), "2")),)))
    assert not row(touches, "8")
    assert not row(touches, "2")
    assert on_wall(only(touches, "6")) == (MONDAY, time(15))
    slow = moved(away, first.day, time(14, 30), when=when + timedelta(minutes=4), by="practice")
    assert row(planned(slow), "8")


def test_a_cancellation_by_the_practice_says_sorry_and_asks_until_another_visit_is_booked() -> None:
    when = BOOKED_AT + timedelta(days=1)
    first = visit()
    change = Change("cancelled", "practice", when, first.slot, is_standing=False)
    gone = replace(first, state="cancelled", version=2, changes=(*first.changes, change))
    assert [(t.row, t.occurrence, t.why["variant"]) for t in planned(gone)] == [
        ("8", 1, "cancelled_by_practice"),
        ("8", 2, "cancelled_by_practice"),
    ]
    again = visit(date(2026, 12, 1), number=11, booked_at=when + timedelta(hours=1))
    assert [t.occurrence for t in row(planned(gone, again), "8")] == [1]


def test_a_cancellation_the_patient_wished_for_tells_nothing() -> None:
    first = visit()
    change = Change("cancelled", "patient", BOOKED_AT, first.slot, is_standing=False)
    assert planned(replace(first, state="cancelled", changes=(*first.changes, change))) == []


def test_thanks_come_two_hours_after_the_visit() -> None:
    done = visit(state="done", done_at=moment(TUESDAY, time(15, 10)))
    (touch,) = planned(done, now=moment(TUESDAY, time(15, 10)))
    assert (touch.row, on_wall(touch)) == ("12", (TUESDAY, time(17, 10)))
    assert (touch.purpose, touch.why["when_late"]) == ("thanks", "skip")


def test_thanks_wait_for_the_morning() -> None:
    done = visit(state="done", done_at=moment(TUESDAY, time(18, 30)))
    (touch,) = planned(done, now=moment(TUESDAY, time(18, 30)))
    assert on_wall(touch) == (TUESDAY + timedelta(days=1), time(9))
    assert touch.why["held_by"] == "hours"


def test_a_visit_of_the_day_goes_by_the_calendar() -> None:
    touches = planned(visit(at=None))
    assert on_wall(only(touches, "6")) == (MONDAY, time(15))
    assert row(planned(visit(at=None), now=moment(MONDAY, time(23))), "6")


# The word before the visit.


def test_most_people_are_written_to_three_days_before() -> None:
    thursday = visit(date(2026, 11, 26))
    touch = only(planned(thursday), "5")
    assert (touch.act, on_wall(touch)) == ("message", (MONDAY, time(10)))
    assert touch.late_after == moment(MONDAY, time(20))


def test_the_word_lands_on_an_open_day() -> None:
    # Three days before Tuesday is a Saturday; Friday is four days before.
    assert on_wall(only(planned(visit()), "5"))[0] == date(2026, 11, 20)
    closed = replace(HOUSE, hours=WeeklyHours(HOUSE.hours.spans, frozenset({date(2026, 11, 23)}), HOUSE.zone))
    # Thursday's Monday is closed and Sunday too: Tuesday, two days before.
    assert on_wall(only(planned(visit(date(2026, 11, 26)), house=closed), "5"))[0] == TUESDAY


@pytest.mark.parametrize("kind", ["is_first", "is_anxious", "is_complex", "likes_calls"])
def test_who_needs_it_is_rung_by_a_colleague(kind: str) -> None:
    needs: dict[str, Any] = {} if kind == "is_first" else {kind: True}
    person = replace(KARI, **needs)
    touch = only(planned(visit(is_first=kind == "is_first"), person=person), "5")
    assert (touch.act, touch.channel, touch.due_at) == ("call", "call", moment(date(2026, 11, 20), time(9)))
    assert touch.late_after == moment(date(2026, 11, 20), time(17))


def test_who_has_no_telephone_is_written_to() -> None:
    assert only(planned(visit(is_first=True), person=replace(KARI, has_phone=False)), "5").act == "message"


@pytest.mark.parametrize("code", ["full", "not_reached"])
def test_a_call_that_came_to_nothing_becomes_a_message(code: str) -> None:
    first = visit(is_first=True)
    ended = CallEnd(code, moment(date(2026, 11, 20), time(16, 20)))
    history = History(calls={("5", first.id, 1): ended})
    touch = only(planned(first, history=history), "5")
    assert (touch.act, touch.occurrence, touch.due_at) == ("message", 2, ended.at)
    assert touch.why["instead_of_call"] == code


def test_a_promised_call_is_not_planned_again() -> None:
    first = visit(is_first=True)
    rung = told(only(planned(first), "5"))
    assert not row(planned(first, history=History((rung,))), "5")


def test_a_word_before_the_visit_is_said_once_however_often_it_moves() -> None:
    said = told(only(planned(visit()), "5"))
    later = moved(visit(), date(2026, 12, 8), time(9), when=BOOKED_AT + timedelta(days=5))
    assert not row(planned(later, history=History((said,))), "5")


def test_no_word_on_the_day_of_the_booking() -> None:
    friday = moment(date(2026, 11, 20), time(11))
    assert not row(planned(visit(booked_at=friday), now=friday), "5")
    brought = planned(visit(booked_at=friday, kind="imported", by="list"), now=friday)
    assert only(brought, "5").due_at == friday


# Going live.


def test_nothing_whose_hour_lies_before_the_switch_is_ever_sent() -> None:
    switched = moment(MONDAY, time(16))
    live = replace(HOUSE, live_since=switched)
    assert planned(visit(), house=live, now=switched) == []
    early = moment(MONDAY, time(14))
    assert [t.row for t in planned(visit(), house=replace(HOUSE, live_since=early), now=early)] == ["6"]


def test_no_confirmation_for_a_visit_booked_before_the_switch() -> None:
    switched = BOOKED_AT + timedelta(hours=1)
    assert [t.row for t in planned(visit(), house=replace(HOUSE, live_since=switched), now=switched)] == ["5", "6"]


def test_thanks_whose_hour_lies_after_the_switch_go() -> None:
    done_at = moment(TUESDAY, time(10))
    switched = moment(TUESDAY, time(11))
    live = replace(HOUSE, live_since=switched)
    (touch,) = planned(visit(state="done", done_at=done_at), house=live, now=switched)
    assert touch.due_at == moment(TUESDAY, time(12))


def test_who_died_is_owed_nothing() -> None:
    assert planned(visit(), person=replace(KARI, stopped="deceased")) == []


# The calendar.


def test_the_day_before_the_first_of_march_is_the_leap_day() -> None:
    touch = only(planned(visit(date(2028, 3, 1), booked_at=datetime(2028, 2, 1, tzinfo=UTC)), now=BOOKED_AT), "6")
    assert on_wall(touch) == (date(2028, 2, 29), time(15))


def test_a_visit_on_the_leap_day() -> None:
    booked = datetime(2028, 2, 1, 9, tzinfo=UTC)
    touches = planned(visit(date(2028, 2, 29), booked_at=booked), now=booked)
    assert on_wall(only(touches, "6")) == (date(2028, 2, 28), time(15))
    assert on_wall(only(touches, "5"))[0] == date(2028, 2, 25)


# The eve, and both changes of the clocks of 2026 and 2027, in three zones.
CHANGES = [
    ("Europe/Oslo", date(2026, 3, 29)), ("Europe/Oslo", date(2026, 10, 25)),
    ("Europe/Oslo", date(2027, 3, 28)), ("Europe/Oslo", date(2027, 10, 31)),
    ("Europe/London", date(2026, 3, 29)), ("Europe/London", date(2027, 10, 31)),
    ("America/New_York", date(2026, 3, 8)), ("America/New_York", date(2026, 11, 1)),
    ("America/New_York", date(2027, 3, 14)), ("America/New_York", date(2027, 11, 7)),
    ("Australia/Lord_Howe", date(2026, 4, 5)), ("Australia/Lord_Howe", date(2027, 10, 3)),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "change"), CHANGES)
@pytest.mark.parametrize("days_after", [0, 1, 2])
def test_three_on_the_wall_is_three_on_the_wall_over_a_change_of_the_clocks(zone, change, days_after) -> None:
    hours = WeeklyHours(tuple(Span(day, time(9), time(17)) for day in range(7)), frozenset(), zone)
    house, person = replace(HOUSE, zone=zone, hours=hours), replace(KARI, zone=zone)
    day = change + timedelta(days=days_after)
    booked = moment(day - timedelta(days=20), time(10), zone)
    touch = only(planned(visit(day, zone=zone, booked_at=booked), house=house, person=person, now=booked), "6")
    assert on_wall(touch, zone) == (day - timedelta(days=1), time(15))
