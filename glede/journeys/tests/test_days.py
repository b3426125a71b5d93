"""One person, one day, one message."""

from dataclasses import replace
from datetime import date, time, timedelta

from glede.journeys.facts import History
from glede.journeys.tests.making import TUESDAY, moment, on_wall, only, planned, row, told, visit

MONDAY = TUESDAY - timedelta(days=1)


def test_two_visits_of_one_day_are_reminded_of_together() -> None:
    touches = row(planned(visit(at=time(10)), visit(at=time(11), number=11)), "6")
    first, second = touches
    assert first.why["also"] == [str(second.subject.id)]
    assert second.why["yields_to"] == {"row": "6", "subject": str(first.subject.id), "because": "together"}


def test_a_reminder_goes_before_a_word_for_a_later_visit() -> None:
    # The reminder of Tuesday's visit and the word before Thursday's both fall on Monday.
    touches = planned(visit(), visit(date(2026, 11, 26), number=11))
    reminder = next(t for t in row(touches, "6") if on_wall(t)[0] == MONDAY)
    word = next(t for t in row(touches, "5") if t.subject.id.int == 11)
    assert "yields_to" not in reminder.why
    assert word.why["yields_to"] == {"row": "6", "subject": str(reminder.subject.id), "because": "one_a_day"}


def test_thanks_wait_a_day_when_a_reminder_goes() -> None:
    done = visit(MONDAY, time(10), state="done", done_at=moment(MONDAY, time(10, 40)))
    touches = planned(done, visit(number=11), now=moment(MONDAY, time(10, 40)))
    thanks = only(touches, "12")
    assert on_wall(thanks) == (TUESDAY, time(12, 40))
    assert thanks.why["held_by"] == "one_a_day"
    assert on_wall(only(touches, "6")) == (MONDAY, time(15))


def test_two_visits_done_on_one_day_are_thanked_for_once_after_the_last() -> None:
    first = visit(at=time(9), state="done", done_at=moment(TUESDAY, time(9, 30)))
    last = visit(at=time(11), number=11, state="done", done_at=moment(TUESDAY, time(11, 30)))
    touches = planned(first, last, now=moment(TUESDAY, time(11, 30)))
    winner, loser = sorted(touches, key=lambda t: "yields_to" in t.why)
    assert winner.subject.id == last.id
    assert "yields_to" not in winner.why
    assert loser.subject.id == first.id


def test_a_day_that_had_its_message_has_no_room_for_another_of_that_rank() -> None:
    done = visit(at=time(9), state="done", done_at=moment(TUESDAY, time(9, 30)))
    reminded = told(only(planned(visit(date(2026, 11, 25), number=12)), "6"))
    thanks = only(planned(done, history=History((reminded,)), now=moment(TUESDAY, time(16))), "12")
    assert on_wall(thanks)[0] == date(2026, 11, 25)


def test_thanks_never_keep_a_reminder_back() -> None:
    done = visit(MONDAY, time(9), state="done", done_at=moment(MONDAY, time(9, 30)))
    thanked = told(only(planned(done, now=moment(MONDAY, time(9, 30))), "12"))
    touch = only(planned(visit(number=11), history=History((thanked,)), now=moment(MONDAY, time(14))), "6")
    assert "yields_to" not in touch.why


def test_news_of_another_time_of_the_same_visit_is_never_kept_back() -> None:
    reminded = told(only(planned(visit(kind="imported", by="list")), "6"))
    before = visit(kind="imported", by="list")
    at_nine = visit(at=time(9), kind="imported", by="list", version=2)
    assert before.id == at_nine.id
    now = moment(MONDAY, time(16))
    touch = only(planned(at_nine, history=History((replace(reminded, slot=before.slot),)), now=now), "6")
    assert "yields_to" not in touch.why


def test_confirmations_stand_outside_the_count() -> None:
    booked = moment(MONDAY, time(14))
    touches = planned(visit(booked_at=booked), visit(number=11, booked_at=booked), now=booked)
    assert len(row(touches, "2")) == 2
    assert all("yields_to" not in t.why for t in row(touches, "2"))
