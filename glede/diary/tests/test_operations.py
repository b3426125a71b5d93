"""Booking and what follows: the row, the time held, the history, the event; or nothing at all."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.conf import settings

from glede.diary import errors, operations
from glede.diary.models import Appointment, Claim, Remark, StateChange
from glede.diary.requests import Slot
from glede.diary.rules import State
from glede.diary.tests.stories import (
    FRIDAY,
    THURSDAY,
    book,
    cancel,
    do,
    fresh,
    held,
    kinds,
    move,
    oslo,
    proved,
    version,
    wish,
)  # fmt: skip
from glede.kernel.ids import link_code, link_hash, new_id
from glede.kernel.periods import Span
from glede.kernel.ref import Ref
from glede.ledger.queries import events_of
from glede.practices import scope
from glede.practices.operations import NewException, add_exception
from glede.practices.queries import practice_for_link
from tests.cast import House, open_solberg

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return open_solberg("kari", "jonas")


class TestBooking:
    def test_a_booking_is_the_row_its_time_its_history_its_link_and_its_event(self, house: House) -> None:
        visit = book(house, "kari")
        assert (visit.state, visit.starts_at, visit.minutes) == ("booked", oslo("10:00"), 40)
        assert (visit.zone, bool(visit.tzdata_version)) == ("Europe/Oslo", True)
        assert held(house) == [("10:00", "10:45")]
        assert kinds(house, visit.pk) == ["appointment.booked"]
        (event,) = events_of(house.id, Ref("appointment", visit.pk))
        assert event.data["day"] == "2026-11-26"
        assert event.data["at"] == "10:00"
        assert event.patient_id == house.people["kari"]
        code = link_code(settings.GLEDE_LINK_KEY, visit.pk, 0)
        assert bytes(visit.link_hash) == link_hash(code)
        assert practice_for_link(link_hash(code)) == house.practice
        with scope.transaction(house.id):
            (row,) = StateChange.objects.filter(appointment=visit)
        assert (row.number, row.change, row.state, row.actor_role) == (1, "booked", "booked", "staff")
        proved(house)

    def test_the_same_form_pressed_twice_books_once(self, house: House) -> None:
        command = new_id()
        answers = {
            operations.book_appointment(
                practice_id=house.id,
                request=wish(house, "kari"),
                by=house.by("kari"),
                now=house.now,
                command_id=command,
            ).pk
            for _ in range(5)
        }
        assert len(answers) == 1
        assert held(house) == [("10:00", "10:45")]
        assert len(kinds(house, answers.pop())) == 1

    @pytest.mark.parametrize("clock", ["10:00", "09:30", "10:40", "10:20"])
    def test_a_time_that_touches_another_is_taken_and_three_others_are_offered(self, house: House, clock: str) -> None:
        book(house, "kari", "10:00")
        with pytest.raises(errors.TimeTaken) as refusal:
            book(house, "jonas", clock)
        offers = refusal.value.alternatives
        assert len(offers) == 3
        assert {offer.practitioner_id for offer in offers} == {house.chairs["amal"]}
        for offer in offers:
            book(house, "jonas", None, day=offer.day)
        assert book(house, "jonas", offers[0].wall_time.isoformat(), day=offers[0].day).state == "booked"
        proved(house)

    def test_times_that_only_meet_are_both_had(self, house: House) -> None:
        book(house, "kari", "10:00")
        book(house, "jonas", "10:45")
        book(house, "jonas", "09:15")
        assert held(house) == [("09:15", "10:00"), ("10:00", "10:45"), ("10:45", "11:30")]

    def test_without_a_practitioner_whoever_has_least_to_do_takes_it(self, house: House) -> None:
        book(house, "kari", "10:00")
        first = book(house, "jonas", "10:00", practitioner_id=None)
        second = book(house, "jonas", "10:00", practitioner_id=None)
        taken = {house.chairs["amal"], first.practitioner_id, second.practitioner_id}
        assert taken == {house.chairs["amal"], house.chairs["jon"], house.chairs["marius"]}
        with pytest.raises(errors.TimeTaken):
            book(house, "jonas", "10:00", practitioner_id=None)

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"wall_time": time(16, 45)}, errors.OutsideHours),
            ({"wall_time": time(8, 50)}, errors.OutsideHours),
            ({"day": date(2026, 11, 28)}, errors.OutsideHours),
            ({"day": date(2026, 11, 23)}, errors.AlreadyPast),
            ({"day": date(2028, 2, 29)}, errors.TooFarAhead),
            ({"patient_id": new_id()}, errors.UnknownPatient),
            ({"service_id": new_id()}, errors.UnknownService),
            ({"practitioner_id": new_id()}, errors.UnknownPractitioner),
            ({"minutes": 1000}, errors.UnknownMinutes),
        ],
    )
    def test_what_cannot_be_booked_is_refused_by_name_and_nothing_remains(
        self, house: House, changes: dict[str, Any], refusal: type[errors.Refused]
    ) -> None:
        with pytest.raises(refusal):
            book(house, "kari", by="kari", **changes)
        with scope.transaction(house.id):
            assert not Appointment.objects.exists()
            assert not Claim.objects.exists()
        proved(house)

    def test_a_closed_day_and_own_hours_are_outside_hours_with_others_offered(self, house: House) -> None:
        add_exception(practice_id=house.id, new=NewException(THURSDAY, THURSDAY), by=house.by("sofie"), now=house.now)
        with pytest.raises(errors.OutsideHours) as closed:
            book(house, "kari")
        assert [offer.day for offer in closed.value.alternatives] == [FRIDAY] * 3
        operations.set_working_hours(
            practice_id=house.id,
            practitioner_id=house.chairs["amal"],
            spans=[Span(4, time(12), time(16))],
            by=house.by("sofie"),
            now=house.now,
        )
        with pytest.raises(errors.OutsideHours):
            book(house, "kari", day=FRIDAY)
        assert book(house, "kari", "12:00", day=FRIDAY).state == "booked"

    def test_a_visit_of_the_day_holds_no_time(self, house: House) -> None:
        first, second = book(house, "kari", None), book(house, "jonas", None)
        assert first.is_day_visit
        assert second.wall_time is None
        assert first.starts_at == oslo("00:00")
        assert held(house) == []
        proved(house)

    def test_a_leap_day_is_booked_like_any_other(self, house: House) -> None:
        visit = book(house, "kari", day=date(2028, 2, 29))
        assert visit.starts_at == oslo("10:00", date(2028, 2, 29))


class TestMoving:
    def test_a_move_keeps_id_and_link_and_gives_the_old_time_back(self, house: House) -> None:
        visit = book(house, "kari")
        do(operations.confirm_appointment, house, visit.pk, by="kari")
        moved = move(house, visit.pk, "13:00", day=FRIDAY, by="kari")
        assert (moved.pk, bytes(moved.link_hash)) == (visit.pk, bytes(visit.link_hash))
        assert (moved.state, moved.confirmed_at, moved.moved_by) == ("booked", None, "patient")
        assert held(house) == [("13:00", "13:45")]
        assert version(house, visit.pk) == 2
        event = events_of(house.id, Ref("appointment", visit.pk))[-1]
        assert event.data["from"] == oslo("10:00").isoformat()
        assert event.data["to"] == oslo("13:00", FRIDAY).isoformat()
        proved(house)

    def test_the_old_time_is_kept_where_the_new_one_is_taken(self, house: House) -> None:
        visit, other = book(house, "kari", "10:00"), book(house, "jonas", "13:00")
        with pytest.raises(errors.TimeTaken) as refusal:
            move(house, visit.pk, "13:20", by="kari")
        assert len(refusal.value.alternatives) == 3
        assert held(house) == [("10:00", "10:45"), ("13:00", "13:45")]
        assert fresh(house, visit.pk).starts_at == oslo("10:00")
        assert kinds(house, visit.pk) == ["appointment.booked"]
        assert other.state == "booked"
        proved(house)

    def test_a_visit_may_move_into_its_own_old_time(self, house: House) -> None:
        visit = book(house, "kari", "10:00")
        move(house, visit.pk, "10:20")
        assert held(house) == [("10:20", "11:05")]
        proved(house)

    def test_moving_to_where_it_is_changes_nothing(self, house: House) -> None:
        visit = book(house, "kari", "10:00")
        move(house, visit.pk, "10:00")
        assert kinds(house, visit.pk) == ["appointment.booked"]
        assert version(house, visit.pk) == 1

    def test_a_visit_moves_to_another_practitioner_and_to_a_day_without_hour(self, house: House) -> None:
        visit = book(house, "kari", "10:00")
        moved = move(house, visit.pk, "10:00", practitioner_id=house.chairs["jon"])
        assert moved.practitioner_id == house.chairs["jon"]
        operations.move_appointment(
            practice_id=house.id, appointment_id=visit.pk, to=Slot(day=FRIDAY, wall_time=None),
            by=house.by("ingrid"), now=house.now,
        )  # fmt: skip
        assert held(house) == []
        move(house, visit.pk, "09:00", day=FRIDAY)
        assert held(house) == [("09:00", "09:45")]
        proved(house)

    def test_what_is_over_or_cancelled_cannot_be_moved(self, house: House) -> None:
        visit = book(house, "kari")
        cancel(house, visit.pk)
        with pytest.raises(errors.NotMovable):
            move(house, visit.pk, "13:00")
        with pytest.raises(errors.UnknownAppointment):
            move(house, new_id(), "13:00")


class TestStates:
    def test_cancelling_gives_the_time_back_and_says_by_whom_and_why(self, house: House) -> None:
        visit = book(house, "kari")
        cancelled = cancel(house, visit.pk, by="kari", reason="unwell", words="  I have the flu. ")
        assert (cancelled.state, cancelled.cancelled_by, cancelled.cancel_reason) == ("cancelled", "patient", "unwell")
        assert held(house) == []
        assert version(house, visit.pk) == 2
        event = events_of(house.id, Ref("appointment", visit.pk))[-1]
        assert event.data["reason"] == "unwell"
        assert "flu" not in str(event.data)
        with scope.transaction(house.id):
            assert [remark.words for remark in Remark.objects.all()] == ["I have the flu."]
        proved(house)

    def test_cancelling_twice_is_one_cancellation(self, house: House) -> None:
        visit = book(house, "kari")
        cancel(house, visit.pk)
        cancel(house, visit.pk, by="kari")
        assert fresh(house, visit.pk).cancelled_by == "staff"
        assert version(house, visit.pk) == 2

    def test_an_unknown_reason_is_refused(self, house: House) -> None:
        visit = book(house, "kari")
        with pytest.raises(errors.UnknownReason):
            cancel(house, visit.pk, reason="drop table")

    def test_a_cancelled_visit_comes_back_if_its_time_is_free(self, house: House) -> None:
        visit = book(house, "kari")
        cancel(house, visit.pk)
        back = do(operations.reinstate_appointment, house, visit.pk)
        assert (back.state, back.cancelled_at, back.cancelled_by) == ("booked", None, "")
        assert held(house) == [("10:00", "10:45")]
        assert version(house, visit.pk) == 3
        cancel(house, visit.pk)
        book(house, "jonas", "10:20")
        with pytest.raises(errors.TimeTaken) as refusal:
            do(operations.reinstate_appointment, house, visit.pk)
        assert len(refusal.value.alternatives) == 3
        assert fresh(house, visit.pk).state == "cancelled"
        proved(house)

    def test_confirming_raises_no_version_and_happens_once(self, house: House) -> None:
        visit = book(house, "kari")
        for _ in range(3):
            do(operations.confirm_appointment, house, visit.pk, by="kari")
        assert kinds(house, visit.pk) == ["appointment.booked", "appointment.confirmed"]
        assert version(house, visit.pk) == 1

    def test_the_day_of_a_visit_from_late_to_done(self, house: House) -> None:
        visit, now = book(house, "kari"), oslo("09:55")
        do(operations.tell_running_late, house, visit.pk, by="kari", now=now, minutes=15)
        do(operations.tell_running_late, house, visit.pk, by="kari", now=now, minutes=15)
        do(operations.arrive_appointment, house, visit.pk, by="kari", now=oslo("10:12"))
        do(operations.start_appointment, house, visit.pk, by="amal", now=oslo("10:15"))
        done = do(operations.finish_appointment, house, visit.pk, by="amal", now=oslo("10:50"))
        assert (done.state, done.late_minutes, done.arrived_at) == ("done", 15, oslo("10:12"))
        assert kinds(house, visit.pk) == [
            f"appointment.{word}" for word in ("booked", "running_late", "arrived", "started", "done")
        ]
        assert version(house, visit.pk) == 1
        assert held(house) == [("10:00", "10:45")]
        proved(house)

    def test_many_visits_are_over_at_once_as_they_would_be_one_by_one(self, house: House) -> None:
        first, second, gone = (
            book(house, who, at) for who, at in (("kari", "10:00"), ("jonas", "11:00"), ("kari", "12:00"))
        )
        cancel(house, gone.pk)
        own: dict[str, Any] = {"practice_id": house.id, "by": house.by("ingrid"), "now": oslo("13:00")}
        wanted = [second.pk, first.pk, gone.pk, new_id(), second.pk]
        assert operations.finish_appointments(appointment_ids=wanted, **own) == [second.pk, first.pk]
        assert operations.finish_appointments(appointment_ids=wanted, **own) == []
        for visit in (first, second):
            assert (fresh(house, visit.pk).state, fresh(house, visit.pk).done_at) == ("done", oslo("13:00"))
            assert kinds(house, visit.pk) == ["appointment.booked", "appointment.done"]
            assert version(house, visit.pk) == 1
        assert fresh(house, gone.pk).state == "cancelled"
        proved(house)

    def test_who_did_not_come_gives_the_time_back_and_may_still_be_brought_back(self, house: House) -> None:
        visit = book(house, "kari")
        do(operations.miss_appointment, house, visit.pk, now=oslo("10:20"))
        assert held(house) == []
        do(operations.reinstate_appointment, house, visit.pk, now=oslo("10:25"))
        assert do(operations.arrive_appointment, house, visit.pk, now=oslo("10:26")).state == "arrived"
        proved(house)

    def test_a_visit_entered_in_error_is_struck_out_never_deleted(self, house: House) -> None:
        visit = book(house, "kari")
        do(operations.strike_out_appointment, house, visit.pk)
        assert fresh(house, visit.pk).state == "entered_in_error"
        assert held(house) == []
        assert version(house, visit.pk) == 2
        with pytest.raises(errors.NotCancellable):
            cancel(house, visit.pk)
        proved(house)

    @pytest.mark.parametrize("minutes", [0, -1, 181])
    def test_an_impossible_delay_is_refused(self, house: House, minutes: int) -> None:
        visit = book(house, "kari")
        with pytest.raises(errors.UnknownMinutes):
            do(operations.tell_running_late, house, visit.pk, minutes=minutes, now=oslo("09:00"))

    def test_a_revoked_link_opens_nothing_and_the_new_one_does(self, house: House) -> None:
        visit = book(house, "kari")
        revoked = do(operations.revoke_link, house, visit.pk)
        code = link_code(settings.GLEDE_LINK_KEY, visit.pk, 1)
        assert bytes(revoked.link_hash) == link_hash(code)
        assert practice_for_link(link_hash(code)) == house.practice
        assert kinds(house, visit.pk)[-1] == "link.revoked"
        assert version(house, visit.pk) == 1
        proved(house)

    def test_the_same_command_is_answered_alike_for_every_act(self, house: House) -> None:
        visit, command = book(house, "kari"), new_id()
        for _ in range(5):
            do(operations.confirm_appointment, house, visit.pk, by="kari", command_id=command)
        command = new_id()
        for _ in range(5):
            cancel(house, visit.pk, by="kari", command_id=command)
        command = new_id()
        for _ in range(5):
            do(operations.reinstate_appointment, house, visit.pk, command_id=command)
        assert len(kinds(house, visit.pk)) == 4

    def test_acts_by_patients_past_the_start_are_refused(self, house: House) -> None:
        visit, late = book(house, "kari"), oslo("10:00") + timedelta(minutes=1)
        with pytest.raises(errors.AlreadyPast):
            cancel(house, visit.pk, by="kari", now=late)
        with pytest.raises(errors.AlreadyPast):
            do(operations.confirm_appointment, house, visit.pk, by="kari", now=late)
        assert cancel(house, visit.pk, by="ingrid", now=late).state == "cancelled"


def test_that_somebody_came_or_was_shown_in_is_taken_back_and_stays_in_the_history(house: House) -> None:
    visit = book(house, "kari")
    given: dict[str, Any] = {"practice_id": house.id, "appointment_id": visit.pk, "by": house.by("ingrid")}
    operations.confirm_appointment(now=house.now, **given)
    given["now"] = visit.starts_at
    operations.arrive_appointment(**given)
    operations.start_appointment(**given)
    assert operations.take_back_step(**given).state == State.ARRIVED
    back = operations.take_back_step(**given)
    assert (back.state, back.arrived_at, back.started_at) == (State.CONFIRMED, None, None)
    with pytest.raises(errors.NotTakenBack):
        operations.take_back_step(**given)
    with pytest.raises(errors.NotByPatients):
        operations.take_back_step(**{**given, "by": house.by("kari")})
    operations.arrive_appointment(**given)
    with scope.transaction(house.id):
        words = list(StateChange.objects.filter(appointment=visit).order_by("number").values_list("change", flat=True))
    assert words == ["booked", "confirmed", "arrived", "started", "taken_back", "taken_back", "arrived"]
