"""A visit's way through the engine: the row that is due leaves, follows, is skipped or becomes a call."""

from datetime import date, timedelta

import pytest

from glede.diary import operations as diary
from glede.journeys.operations import follow
from glede.journeys.tests.stories import (
    NEXT_THURSDAY,
    NEXT_WEDNESDAY,
    book,
    bring,
    do,
    messages,
    move,
    oslo,
    promises,
    tick,
    told,
    touches,
)
from glede.outbox.sending import send_due
from glede.people import operations as people
from glede.people.values import ContactForm, Wishes
from tests.cast import House, open_solberg, wish

MONDAY = date(2026, 11, 30)


@pytest.fixture
def house(db: None) -> House:
    house = open_solberg("jonas", "emily", "mette", is_virtual=True)
    wish(house, "emily", Wishes(channels=("email",)))
    return house


@pytest.fixture
def known(house: House) -> House:
    """The house, where Emily and Jonas have been before: nobody has to be rung."""
    for number, who in enumerate(("jonas", "emily", "mette")):
        bring(house, who, date(2025, 3, 3 + number), number=f"old-{who}", now=house.now)
    return house


def test_a_visit_from_booking_to_thanks(known: House) -> None:
    visit = book(known, "emily")
    tick(known, date(2026, 11, 24), "08:41")
    (confirmation,) = messages(known)
    assert confirmation.touch.row == "2"
    assert "Your visit is booked: Thursday 3 December, 10am." in confirmation.body
    assert "890 kr" in confirmation.body
    tick(known, NEXT_THURSDAY, "10:30")
    do(diary.finish_appointment, known, visit, now=oslo(NEXT_THURSDAY, "10:40"))
    tick(known, NEXT_THURSDAY, "23:00")
    assert [(m.touch.row, m.sent_at) for m in messages(known)] == [
        ("2", known.now),
        ("5", oslo(MONDAY, "10:00")),
        ("6", oslo(NEXT_WEDNESDAY, "15:00")),
        ("12", oslo(NEXT_THURSDAY, "12:40")),
    ]
    assert {t.fate for t in touches(known)} == {"done"}
    reminder = messages(known, "6")[0]
    assert reminder.subject_line == "See you tomorrow, Thursday 3 December at 10am"
    assert "You will meet Amal." in reminder.body
    assert "https://solberg.example/t/" in reminder.body
    assert "thank you for coming today" in messages(known, "12")[0].body.lower()


def test_a_text_goes_to_who_wants_texts(house: House) -> None:
    book(house, "jonas")
    tick(house, date(2026, 11, 24), "08:41")
    (confirmation,) = messages(house)
    assert confirmation.channel in {"email", "sms"}
    assert "Jonas, " in confirmation.body


def test_a_moved_visits_reminder_follows_it(known: House) -> None:
    visit = book(known, "emily")
    tick(known, date(2026, 11, 25), "09:00")
    move(known, visit, date(2026, 12, 10), "14:30", by="emily", now=oslo(date(2026, 11, 25), "09:00"))
    tick(known, date(2026, 12, 10), "08:00")
    assert [(t.subject_version, t.fate, t.reason) for t in touches(known, "6")] == [
        (1, "skipped", "moved"),
        (2, "done", ""),
    ]
    (reminder,) = messages(known, "6")
    assert reminder.sent_at == oslo(date(2026, 12, 9), "15:00")
    assert "Thursday 10 December at 2:30pm" in reminder.body
    assert [m.touch.why["variant"] for m in messages(known, "2")] == ["booked", "moved_by_patient"]


def test_a_cancelled_visits_reminder_is_skipped_with_that_reason(known: House) -> None:
    visit = book(known, "emily")
    tick(known, date(2026, 11, 25), "09:00")
    do(diary.cancel_appointment, known, visit, by="emily", reason="time", now=oslo(date(2026, 11, 25), "09:00"))
    tick(known, NEXT_THURSDAY, "23:00")
    assert told(touches(known)) == [
        ("2", "message", "done", ""),
        ("5", "message", "skipped", "cancelled"),
        ("6", "message", "skipped", "cancelled"),
    ]


def test_nothing_after_the_reminder_sends_a_second_one(known: House) -> None:
    visit = book(known, "emily")
    tick(known, NEXT_WEDNESDAY, "15:01")
    assert len(messages(known, "6")) == 1
    now = oslo(NEXT_WEDNESDAY, "15:05")
    do(diary.confirm_appointment, known, visit, by="emily", now=now)
    people.write_note(
        practice_id=known.id, patient_id=known.people["emily"], words="Comes by bus", on=None,
        by=known.by("ingrid"), now=now,
    )  # fmt: skip
    people.add_contact(
        practice_id=known.id, patient_id=known.people["emily"],
        contact=ContactForm("email", "emily.new@example.org"), by=known.by("emily"), now=now,
    )  # fmt: skip
    tick(known, NEXT_THURSDAY, "09:00")
    assert len(touches(known, "6")) == 1
    assert len(messages(known, "6")) == 1


def test_a_visit_booked_late_has_its_reminder_in_the_confirmation(known: House) -> None:
    book(known, "emily", date(2026, 11, 25), "09:00", now=known.now + timedelta(minutes=60))
    tick(known, date(2026, 11, 25), "08:59")
    assert [m.touch.row for m in messages(known)] == ["2"]


def test_after_one_on_the_eve_a_second_text_follows_after_ten_minutes(known: House) -> None:
    tick(known, date(2026, 11, 24), "13:30")
    book(known, "emily", date(2026, 11, 25), "11:00", now=oslo(date(2026, 11, 24), "13:30"))
    tick(known, date(2026, 11, 25), "10:00")
    assert [(m.touch.row, m.sent_at) for m in messages(known)] == [
        ("2", oslo(date(2026, 11, 24), "13:30")),
        ("6", oslo(date(2026, 11, 24), "13:40")),
    ]


def test_a_list_brings_visits_that_get_no_confirmation(known: House) -> None:
    bring(known, "emily", NEXT_THURSDAY, now=known.now)
    tick(known, NEXT_THURSDAY, "09:00")
    assert [m.touch.row for m in messages(known)] == ["5", "6"]


def test_a_visit_of_the_day_is_spoken_of_without_a_clock_time(known: House) -> None:
    visit_id = bring(known, "emily", NEXT_THURSDAY, None, now=known.now)
    tick(known, NEXT_THURSDAY, "09:00")
    (reminder,) = messages(known, "6")
    assert reminder.sent_at == oslo(NEXT_WEDNESDAY, "15:00")
    assert "tomorrow, Thursday 3 December." in reminder.body
    diary.finish_appointment(
        practice_id=known.id, appointment_id=visit_id, by=known.by("ingrid"), now=oslo(NEXT_THURSDAY, "14:00")
    )
    tick(known, NEXT_THURSDAY, "20:00")
    assert messages(known, "12")[0].sent_at == oslo(NEXT_THURSDAY, "16:00")


def test_our_own_move_waits_three_minutes_and_asks_for_an_ok(known: House) -> None:
    visit = book(known, "emily")
    tick(known, date(2026, 11, 25), "10:00")
    at = oslo(date(2026, 11, 25), "10:00")
    move(known, visit, date(2026, 12, 4), "14:30", by="ingrid", now=at)
    tick(known, date(2026, 11, 25), "10:02")
    assert not messages(known, "8")
    tick(known, date(2026, 11, 25), "14:00")
    (sorry,) = messages(known, "8")
    assert sorry.sent_at == at + timedelta(minutes=3)
    assert "sorry" in sorry.body
    assert "Friday 4 December, 2:30pm" in sorry.body
    assert not promises(known)
    tick(known, date(2026, 11, 25), "14:05")
    (asked,) = promises(known, "move_ok")
    assert asked.made_at == oslo(date(2026, 11, 25), "14:03")
    do(diary.confirm_appointment, known, visit, by="emily", now=oslo(date(2026, 11, 25), "14:10"))
    tick(known, date(2026, 11, 25), "14:11")
    (asked,) = promises(known, "move_ok")
    assert asked.closed_at is not None


def test_a_colleague_who_moves_it_for_the_patient_says_no_sorry(known: House) -> None:
    visit = book(known, "emily")
    tick(known, date(2026, 11, 25), "10:00")
    at = oslo(date(2026, 11, 25), "10:00")
    move(known, visit, date(2026, 12, 4), "14:30", by="ingrid", now=at, reason="time")
    tick(known, date(2026, 11, 25), "10:02")
    assert [m.touch.why["variant"] for m in messages(known, "2")] == ["booked"]
    tick(known, date(2026, 11, 25), "10:05")
    assert not touches(known, "8")
    assert [m.touch.why["variant"] for m in messages(known, "2")] == ["booked", "moved_by_patient"]


def test_an_ok_in_time_asks_nobody(known: House) -> None:
    visit = book(known, "emily")
    tick(known, date(2026, 11, 25), "10:00")
    move(known, visit, date(2026, 12, 4), "14:30", by="ingrid", now=oslo(date(2026, 11, 25), "10:00"))
    tick(known, date(2026, 11, 25), "11:00")
    do(diary.confirm_appointment, known, visit, by="emily", now=oslo(date(2026, 11, 25), "11:00"))
    tick(known, date(2026, 11, 26), "11:00")
    assert not promises(known, "move_ok")
    assert told(touches(known, "8")) == [("8", "message", "done", ""), ("8", "call", "skipped", "answered")]


@pytest.mark.parametrize("reason", ["", "time"])
def test_a_move_taken_back_at_once_is_told_to_nobody(known: House, reason: str) -> None:
    visit = book(known, "emily")
    tick(known, date(2026, 11, 25), "10:00")
    move(known, visit, date(2026, 12, 4), "14:30", by="ingrid", now=oslo(date(2026, 11, 25), "10:00"), reason=reason)
    tick(known, date(2026, 11, 25), "10:01")
    move(known, visit, NEXT_THURSDAY, "10:00", by="ingrid", now=oslo(date(2026, 11, 25), "10:01"), reason=reason)
    tick(known, NEXT_THURSDAY, "09:00")
    assert [m.touch.row for m in messages(known)] == ["2", "5", "6"]


def test_our_own_cancellation_asks_them_to_choose_again(known: House) -> None:
    visit = book(known, "emily")
    tick(known, date(2026, 11, 25), "10:00")
    at = oslo(date(2026, 11, 25), "10:00")
    do(diary.cancel_appointment, known, visit, reason="practitioner_away", now=at)
    tick(known, date(2026, 11, 25), "12:00")
    (sorry,) = messages(known, "8")
    assert "We had to cancel your visit Thursday 3 December at 10am" in sorry.body
    tick(known, date(2026, 11, 25), "16:00")
    assert len(promises(known, "move_ok")) == 1
    book(known, "emily", date(2026, 12, 8), now=oslo(date(2026, 11, 25), "16:00"))
    tick(known, date(2026, 11, 25), "16:01")
    assert promises(known, "move_ok")[0].closed_at is not None


def test_two_visits_of_one_day_get_one_reminder(known: House) -> None:
    book(known, "emily")
    book(known, "emily", clock="11:00", service_id=known.services["lens-check"])
    tick(known, NEXT_THURSDAY, "09:00")
    (reminder,) = messages(known, "6")
    assert "at 10am and 11am" in reminder.body
    assert sorted(told(touches(known, "6"))) == [("6", "message", "done", ""), ("6", "message", "skipped", "together")]


def test_when_the_first_of_two_is_cancelled_the_other_is_reminded_of(known: House) -> None:
    first = book(known, "emily")
    book(known, "emily", clock="11:00", service_id=known.services["lens-check"])
    tick(known, NEXT_WEDNESDAY, "12:00")
    do(diary.cancel_appointment, known, first, by="emily", reason="time", now=oslo(NEXT_WEDNESDAY, "12:00"))
    tick(known, NEXT_THURSDAY, "09:00")
    (reminder,) = messages(known, "6")
    assert "at 11am." in reminder.body
    assert "10am" not in reminder.body


def test_a_visit_everybody_came_to_by_assumption_is_thanked_for(known: House) -> None:
    book(known, "emily")
    report = tick(known, date(2026, 12, 4), "08:00", assume_attended=True)
    assert [m.touch.row for m in messages(known)] == ["2", "5", "6", "12"]
    assert (report.planned, report.rehearsed) == (4, 4)


def test_a_reminder_nobody_could_send_in_time_becomes_a_call(known: House) -> None:
    book(known, "emily")
    follow(known.id, now=known.now)
    send_due(known.id, now=oslo(NEXT_WEDNESDAY, "20:01"))
    assert told(touches(known, "6")) == [("6", "message", "handed", "late")]
    assert [p.cause for p in promises(known, "call")] == ["late:6"]
    # What is worth nothing any more is not sent, and nobody is bothered with it.
    assert {t.reason for t in touches(known, "5")} == {"late"}
    assert {t.fate for t in touches(known, "5")} == {"skipped"}


def test_thanks_that_come_too_late_do_not_come(known: House) -> None:
    visit = book(known, "emily")
    do(diary.finish_appointment, known, visit, now=oslo(NEXT_THURSDAY, "10:40"))
    follow(known.id, now=oslo(NEXT_THURSDAY, "10:40"))
    send_due(known.id, now=oslo(date(2026, 12, 6), "13:00"))
    assert told(touches(known, "12")) == [("12", "message", "skipped", "late")]
