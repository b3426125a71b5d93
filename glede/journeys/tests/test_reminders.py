"""The reminder, lived through: it follows the visit, comes once, in time, by the wall, and names who is meant.

Each story has its control: with the guard it tells of taken away, it ends otherwise.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db.models import F

from glede.diary import operations as diary
from glede.journeys import hours, planner
from glede.journeys.operations import advance
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
from glede.kernel import failpoints
from glede.kernel.clock import at_wall, wall
from glede.ledger.models import Subject
from glede.outbox import transports
from glede.outbox.operations import cases
from glede.outbox.sending import send_due
from glede.outbox.tests.scenes import Scripted
from glede.people import operations as people
from glede.people.values import ContactForm, Wishes
from glede.practices import scope
from tests import cast
from tests.cast import House, open_solberg
from tests.depth import DEPTH

LATER = date(2026, 12, 10)
THREE = time(15)


@pytest.fixture
def house(db: None) -> House:
    house = open_solberg("emily", is_virtual=True)
    bring(house, "emily", date(2025, 3, 3), number="before", now=house.now)
    return house


@pytest.fixture(autouse=True)
def all_guards_on() -> Iterator[None]:
    yield
    failpoints.remove_guards()


def before_the_hour(house: House) -> Any:
    """Book a visit and let everything happen until an hour before its reminder."""
    visit = book(house, "emily")
    tick(house, NEXT_WEDNESDAY, "14:00")
    return visit


# It follows the visit, however quick the sender.


def moved_at_the_last_minute(house: House) -> list[tuple[str, str, str, str]]:
    visit = before_the_hour(house)
    move(house, visit, LATER, "14:30", by="emily", now=oslo(NEXT_WEDNESDAY, "14:59"))
    send_due(house.id, now=oslo(NEXT_WEDNESDAY, "15:00"))
    return told(touches(house, "6"))


def test_a_sender_quicker_than_the_follower_does_not_remind_of_the_old_time(house: House) -> None:
    assert moved_at_the_last_minute(house) == [("6", "message", "skipped", "moved")]
    tick(house, LATER, "08:00")
    (reminder,) = messages(house, "6")
    assert reminder.sent_at == oslo(date(2026, 12, 9), "15:00")


def test_without_the_version_it_would(house: House) -> None:
    failpoints.remove_guards("version")
    assert moved_at_the_last_minute(house) == [("6", "message", "done", "")]


def cancelled_at_the_last_minute(house: House) -> list[tuple[str, str, str, str]]:
    visit = before_the_hour(house)
    do(diary.cancel_appointment, house, visit, by="emily", reason="time", now=oslo(NEXT_WEDNESDAY, "14:59"))
    send_due(house.id, now=oslo(NEXT_WEDNESDAY, "15:00"))
    return told(touches(house, "6"))


def test_a_reminder_of_a_cancelled_visit_is_skipped_with_that_reason(house: House) -> None:
    assert cancelled_at_the_last_minute(house) == [("6", "message", "skipped", "cancelled")]


def test_without_the_version_the_reason_would_be_lost(house: House) -> None:
    failpoints.remove_guards("version")
    assert cancelled_at_the_last_minute(house) == [("6", "message", "skipped", "not_needed")]


# It comes once.


def confirmed(house: House, visit: Any, now: datetime) -> None:
    do(diary.confirm_appointment, house, visit, by="emily", now=now)


def noted(house: House, visit: Any, now: datetime) -> None:
    people.write_note(
        practice_id=house.id, patient_id=house.people["emily"], words="Comes by bus", on=None, by=house.by("ingrid"),
        now=now,
    )  # fmt: skip


def another_address(house: House, visit: Any, now: datetime) -> None:
    people.add_contact(
        practice_id=house.id, patient_id=house.people["emily"], contact=ContactForm("email", "emily.new@example.org"),
        by=house.by("emily"), now=now,
    )  # fmt: skip


def reminded_then(house: House, act: Callable[[House, Any, datetime], None]) -> int:
    """Let something happen after the reminder, and return how many reminders went in the end."""
    visit = book(house, "emily")
    tick(house, NEXT_WEDNESDAY, "15:01")
    act(house, visit, oslo(NEXT_WEDNESDAY, "15:05"))
    tick(house, NEXT_THURSDAY, "09:00")
    return len(messages(house, "6"))


@pytest.mark.parametrize("act", [confirmed, noted, another_address])
def test_what_is_done_after_the_reminder_brings_no_second_one(house: House, act: Any) -> None:
    assert reminded_then(house, act) == 1


def test_either_guard_alone_is_enough(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planner, "_was_told", lambda *_: False)
    assert reminded_then(house, confirmed) == 1


def test_without_what_was_told_and_the_key_a_second_one_would_go(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planner, "_was_told", lambda *_: False)

    def confirmed_as_if_it_were_another_visit(house: House, visit: Any, now: datetime) -> None:
        confirmed(house, visit, now)
        with scope.transaction(house.id):
            Subject.objects.filter(subject_id=visit.pk).update(version=F("version") + 1)

    assert reminded_then(house, confirmed_as_if_it_were_another_visit) == 2


# It comes in time, or a colleague rings.


def not_sent_until(house: House, clock: str) -> list[tuple[str, str, str, str]]:
    wishes = Wishes(hours=(time(10), time(12)))
    people.set_preference(
        practice_id=house.id, patient_id=house.people["emily"], wishes=wishes, by=house.by("emily"), now=house.now
    )
    book(house, "emily", clock="14:00")
    tick(house, NEXT_WEDNESDAY, "09:00")
    send_due(house.id, now=oslo(NEXT_WEDNESDAY, clock))
    return told(touches(house, "6"))


def test_until_the_persons_hours_end_on_the_eve_it_leaves(house: House) -> None:
    assert not_sent_until(house, "11:59") == [("6", "message", "done", "")]


@pytest.mark.parametrize("clock", ["12:00", "12:01", "23:00"])
def test_after_the_persons_hours_a_colleague_promises_to_ring(house: House, clock: str) -> None:
    assert not_sent_until(house, clock) == [("6", "message", "handed", "late")]
    (call,) = promises(house, "call")
    assert (call.cause, call.closed_at) == ("late:6", None)


def test_without_the_cut_off_it_would_leave_on_the_day_itself(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "is_late", lambda *_: False)
    assert not_sent_until(house, "12:01") == [("6", "message", "open", "")]
    tick(house, NEXT_THURSDAY, "13:00")
    assert messages(house, "6")[0].sent_at == oslo(NEXT_THURSDAY, "10:00")


# It comes by the wall.

PLACES = {"NO": "Europe/Oslo", "GB": "Europe/London", "US": "America/New_York"}
CHANGES = {
    "Europe": [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)],
    "America": [date(2026, 3, 8), date(2026, 11, 1), date(2027, 3, 14), date(2027, 11, 7)],
}
YEARS = 2 if DEPTH >= 10 else 1
EVES = [(country, day) for country, zone in PLACES.items() for day in CHANGES[zone.partition("/")[0]][: 2 * YEARS]]


def reminders_over(monkeypatch: pytest.MonkeyPatch, country: str, change: date) -> list[tuple[date, time]]:
    """Return when, on the wall, the visits of three days are reminded of: of the day the clocks change and two more."""
    zone = PLACES[country]
    monkeypatch.setattr(cast, "SOLBERG", replace(cast.SOLBERG, country=country, zone=zone))
    house = open_solberg("emily", now=at_wall(change - timedelta(days=6), time(8, 40), zone), is_virtual=True)
    for number in range(3):
        bring(house, "emily", change + timedelta(days=number), "10:00", number=f"A{number}", now=house.now)
    advance(house.id, to=at_wall(change + timedelta(days=2), time(9), zone))
    sent = [wall(m.sent_at, zone) for m in messages(house, "6") if m.sent_at]
    return [(at.date(), at.time()) for at in sent]


def on_the_eves(change: date) -> list[tuple[date, time]]:
    return [(change + timedelta(days=number), THREE) for number in (-1, 0, 1)]


@pytest.mark.parametrize(("country", "change"), EVES)
def test_three_is_three_on_the_wall_whatever_the_clocks_do(
    db: None, monkeypatch: pytest.MonkeyPatch, country: str, change: date
) -> None:
    assert reminders_over(monkeypatch, country, change) == on_the_eves(change)


@pytest.mark.parametrize(("country", "change"), EVES[::3])
def test_counted_in_hours_it_would_not_be(
    db: None, monkeypatch: pytest.MonkeyPatch, country: str, change: date
) -> None:
    known = change - timedelta(days=6)
    monkeypatch.setattr(hours, "at_wall", lambda day, at, zone: at_wall(known, at, zone) + (day - known))
    assert reminders_over(monkeypatch, country, change) != on_the_eves(change)


def around_the_leap_day() -> list[tuple[datetime | None, str]]:
    house = open_solberg("emily", now=oslo(date(2028, 2, 18), "08:40"), is_virtual=True)
    book(house, "emily", date(2028, 2, 29))
    book(house, "emily", date(2028, 3, 1))
    tick(house, date(2028, 3, 2), "09:00", assume_attended=True)
    return [(m.sent_at, m.body.partition(" at ")[0]) for m in messages(house, "6")]


OF_THE_LEAP_DAY = [
    (oslo(date(2028, 2, 28), "15:00"), "Emily, we look forward to seeing you tomorrow, 29 February"),
    (oslo(date(2028, 2, 29), "15:00"), "Emily, we look forward to seeing you tomorrow, 1 March"),
]


def test_a_visit_on_the_leap_day_and_one_on_the_day_after(db: None) -> None:
    assert around_the_leap_day() == OF_THE_LEAP_DAY


def test_by_a_calendar_without_the_day_they_would_go_astray(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    leap = date(2028, 2, 29)
    monkeypatch.setattr(hours, "at_wall", lambda day, at, zone: at_wall(day - timedelta(days=day == leap), at, zone))
    assert around_the_leap_day() != OF_THE_LEAP_DAY


# It names who is meant.


def test_three_who_share_a_number_are_each_named(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transports, "_transports", {"email": Scripted(), "sms": Scripted()})
    house = open_solberg("berit", "ella", "arne", is_virtual=True)
    for number, who in enumerate(("berit", "ella", "arne")):
        book(house, who, clock=f"{10 + number}:00")
    tick(house, NEXT_THURSDAY, "09:00")
    reminders = messages(house, "6")
    assert {m.channel for m in reminders} == {"sms"}
    assert {m.touch.patient_id: m.body.partition(",")[0] for m in reminders} == {
        house.people["berit"]: "Berit",
        house.people["ella"]: "Ella",
        house.people["arne"]: "Arne",
    }
