"""Calls before the visit: who is rung, what becomes of the rest, and of who is not reached."""

from datetime import date, timedelta

import pytest

from glede.diary.operations import cancel_appointment
from glede.journeys.models import CallOutcome
from glede.journeys.operations import NotACall, note_call
from glede.journeys.queries import calls_tried
from glede.journeys.tests.stories import (
    NEXT_THURSDAY,
    NEXT_WEDNESDAY,
    book,
    bring,
    messages,
    oslo,
    promises,
    tick,
    touches,
)
from glede.kernel.ref import Ref
from glede.ledger.queries import events_of_patient
from glede.people.values import PersonForm
from glede.practices import scope
from glede.practices.models import Practice
from glede.promises.operations import NewPromise, NoSuchPromise, make_promise
from tests.cast import House, add, open_solberg

MONDAY = date(2026, 11, 30)


@pytest.fixture
def house(db: None) -> House:
    return open_solberg("emily", "per", "jonas", is_virtual=True)


def room_for(house: House, calls: int) -> None:
    Practice.objects.filter(pk=house.id).update(calls_per_day=calls)


def test_who_comes_for_the_first_time_is_rung_by_a_colleague(house: House) -> None:
    visit = book(house, "emily")
    tick(house, MONDAY, "08:59")
    assert not promises(house)
    tick(house, MONDAY, "09:00")
    (call,) = promises(house, "call")
    assert (call.cause, call.due_at) == ("call:5", oslo(MONDAY, "17:00"))
    assert call.subject_id == visit.pk
    assert call.detail["row"] == "5"
    (touch,) = touches(house, "5")
    assert (touch.act, touch.fate, touch.why["kinds"]) == ("call", "handed", ["new"])


def test_those_there_is_no_room_for_get_a_message_that_day(house: House) -> None:
    room_for(house, 1)
    for number in range(3):
        form = PersonForm(given_name=f"Nr{number}", phones=(f"400 01 10{number}",), emails=(f"nr{number}@example.org",))
        add(house, f"nr{number}", form)
        book(house, f"nr{number}", clock=f"{10 + number}:00")
    tick(house, MONDAY, "23:00")
    (call,) = promises(house, "call")
    assert call.subject_id == touches(house, "5")[0].subject_id
    sent = messages(house, "5")
    assert [m.sent_at for m in sent] == [oslo(MONDAY, "10:00")] * 2
    assert {m.touch.why["instead_of_call"] for m in sent} == {"full"}
    with scope.transaction(house.id):
        assert CallOutcome.objects.filter(code="full").count() == 2


def test_a_person_who_likes_calls_is_rung(house: House) -> None:
    book(house, "per")
    tick(house, MONDAY, "09:00")
    calls = promises(house, "call")
    assert "call:5" in {c.cause for c in calls}
    assert touches(house, "5")[0].why["kinds"][0] == "new"


def test_twice_not_reached_becomes_a_message(house: House) -> None:
    book(house, "emily")
    tick(house, MONDAY, "10:00")
    (call,) = promises(house, "call")

    def try_at(clock: str) -> None:
        tick(house, MONDAY, clock)
        note_call(
            practice_id=house.id, promise_id=call.pk, outcome="not_reached", by=house.by("ingrid"),
            now=oslo(MONDAY, clock),
        )  # fmt: skip

    try_at("10:30")
    tick(house, MONDAY, "12:00")
    assert not messages(house, "5")
    assert promises(house, "call")[0].closed_at is None
    try_at("15:30")
    assert promises(house, "call")[0].closed_at is not None
    tick(house, MONDAY, "15:31")
    (message,) = messages(house, "5")
    assert message.touch.why["instead_of_call"] == "not_reached"
    assert [end.code for end in calls_tried(house.id, [call.pk])[call.pk]] == ["not_reached", "not_reached"]


def test_a_call_that_got_through_keeps_the_promise(house: House) -> None:
    book(house, "emily")
    tick(house, MONDAY, "10:00")
    (call,) = promises(house, "call")
    noted = note_call(
        practice_id=house.id, promise_id=call.pk, outcome="reached", note="Her son drives her.",
        by=house.by("ingrid"), now=oslo(MONDAY, "10:30"),
    )  # fmt: skip
    assert noted.code == "reached"
    tick(house, NEXT_THURSDAY, "09:00")
    assert not messages(house, "5")
    kinds = [event.kind for event in events_of_patient(house.id, house.people["emily"])]
    assert kinds.count("journeys.call.reached") == 1
    assert "Her son" not in str([e.data for e in events_of_patient(house.id, house.people["emily"])])
    with pytest.raises(NoSuchPromise):
        note_call(
            practice_id=house.id, promise_id=call.pk, outcome="reached", by=house.by("ingrid"),
            now=oslo(MONDAY, "10:31"),
        )  # fmt: skip


def test_only_calls_have_an_outcome(house: House) -> None:
    new = NewPromise("answer", Ref("conversation", house.id), house.now, "message")
    promise = make_promise(practice_id=house.id, new=new, by=house.by("ingrid"), now=house.now)
    for outcome in ("reached", "sold"):
        with pytest.raises(NotACall):
            note_call(
                practice_id=house.id, promise_id=promise.pk, outcome=outcome, by=house.by("ingrid"), now=house.now
            )


def test_a_call_is_withdrawn_with_its_visit(house: House) -> None:
    visit = book(house, "emily")
    tick(house, MONDAY, "10:00")
    cancel_appointment(
        practice_id=house.id, appointment_id=visit.pk, reason="time", by=house.by("emily"), now=oslo(MONDAY, "10:00")
    )
    tick(house, MONDAY, "10:01")
    assert promises(house, "call")[0].closed_at is not None


def test_the_calls_of_a_day_are_shared_out_once(house: House) -> None:
    book(house, "emily")
    tick(house, MONDAY, "09:00")
    tick(house, MONDAY, "09:01")
    tick(house, NEXT_WEDNESDAY, "09:00")
    assert len([p for p in promises(house, "call") if p.cause == "call:5"]) == 1
    assert len(touches(house, "5")) == 1


def test_a_visit_a_list_brings_on_the_very_day_finds_what_room_is_left(house: House) -> None:
    room_for(house, 1)
    book(house, "emily")
    tick(house, MONDAY, "11:00")
    bring(house, "jonas", NEXT_THURSDAY, "12:00", now=oslo(MONDAY, "11:00"))
    tick(house, MONDAY, "11:01")
    assert len([p for p in promises(house, "call") if p.cause == "call:5"]) == 1
    assert [t.why.get("instead_of_call") for t in touches(house, "5")] == [None, "full"]
    assert timedelta(0) <= touches(house, "5")[1].due_at - oslo(MONDAY, "11:00") < timedelta(minutes=1)
