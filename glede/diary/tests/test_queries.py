"""What the diary answers; and that another practice's diary is no part of the answer."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from glede.diary import errors, operations, queries
from glede.diary.availability import Part
from glede.diary.rules import LinkState
from glede.diary.tests.stories import (
    FRIDAY,
    OSLO,
    THURSDAY,
    book,
    bring,
    cancel,
    do,
    listed,
    move,
    oslo,
    proved,
)  # fmt: skip
from glede.kernel.actor import SYSTEM
from glede.kernel.clock import wall
from glede.kernel.ids import link_hash, new_id
from glede.people.operations import merge_patients
from glede.practices.operations import change_settings
from tests.cast import House, open_nordlys, open_solberg

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return open_solberg("kari", "jonas")


def test_the_facts_of_a_visit_are_all_there(house: House) -> None:
    visit = book(house, "kari")
    do(operations.confirm_appointment, house, visit.pk, by="kari")
    facts = queries.appointment_for(house.id, visit.pk)
    assert (facts.day, facts.wall_time, facts.minutes, facts.version) == (THURSDAY, time(10), 40, 1)
    assert (facts.practitioner_given_name, facts.practitioner_title) == ("Amal", "Optometrist")
    assert facts.service_name["nb"] == "Synsprøve"
    assert facts.price_minor_units == 89000
    assert facts.what_to_bring["en"].startswith("Your glasses")
    assert facts.confirmed_at == house.now
    assert (facts.is_first_visit, facts.is_imported, facts.is_ahead) == (True, False, True)
    assert facts.link_state(house.now) == LinkState.BEFORE
    found = queries.appointment_by_link(house.id, link_hash(facts.link_code))
    assert found == facts


def test_facts_say_who_moved_and_who_cancelled(house: House) -> None:
    visit = book(house, "kari")
    move(house, visit.pk, "13:00")
    facts = queries.appointment_for(house.id, visit.pk)
    assert (facts.version, facts.moved_by, facts.moved_at) == (2, "staff", house.now)
    cancel(house, visit.pk, by="kari", reason="unwell")
    facts = queries.appointment_for(house.id, visit.pk)
    assert (facts.version, facts.cancelled_by, facts.cancel_reason) == (3, "patient", "unwell")


def test_only_the_first_visit_that_takes_place_is_the_first(house: House) -> None:
    called_off, second, third = (book(house, "kari", clock) for clock in ("09:00", "11:00", "13:00"))
    cancel(house, called_off.pk)
    first = {facts.appointment_id: facts.is_first_visit for facts in queries.visits_of(house.id, house.people["kari"])}
    assert first == {called_off.pk: True, second.pk: True, third.pk: False}


def test_facts_of_many_cost_as_many_statements_as_facts_of_one(house: House) -> None:
    visits = [book(house, "kari", f"{hour:02d}:00").pk for hour in (9, 10, 11, 12, 13)]
    with CaptureQueriesContext(
        connection,
    ) as one:
        queries.facts_for(house.id, visits[:1])
    with CaptureQueriesContext(connection) as many:
        assert len(queries.facts_for(house.id, [*visits, new_id()])) == 5
    assert len(one) == len(many)


def test_a_revoked_link_finds_nothing(house: House) -> None:
    facts = queries.appointment_for(house.id, book(house, "kari").pk)
    do(operations.revoke_link, house, facts.appointment_id)
    assert queries.appointment_by_link(house.id, link_hash(facts.link_code)) is None
    assert queries.appointment_for(house.id, facts.appointment_id).link_code != facts.link_code


def test_the_day_stands_chair_by_chair_and_says_where_it_is_tight(house: House) -> None:
    book(house, "kari", "10:00")
    book(house, "jonas", "10:45", service_id=house.services["collect"])
    tight = book(house, "kari", "11:00", minutes=20)
    book(house, "jonas", None)
    cancel(house, book(house, "kari", "15:00").pk)
    bring(house, listed(house, "A1", "11:00", "jonas", practitioner_id=house.chairs["amal"]))
    day = queries.day(house.id, THURSDAY)
    assert [chair.given_name for chair in day.chairs] == ["Amal", "Jon", "Marius"]
    amal = day.chairs[0]
    shown = [(visit.wall_time, visit.given_name, visit.is_unhurried) for visit in amal.visits]
    assert shown[:2] == [(time(10), "Kari", True), (time(10, 45), "Jonas", False)]
    assert not amal.is_unhurried
    assert [visit.is_beside for visit in amal.visits] == [False, False, False, True]
    assert amal.working[0].start == oslo("09:00")
    assert [visit.given_name for visit in day.day_visits] == ["Jonas"]
    assert len(day.visits) == 5
    assert tight.pk in {visit.appointment_id for visit in day.visits}
    assert queries.days_with_visits(house.id, from_=THURSDAY, days=2) == {THURSDAY: 5}


def test_a_day_costs_the_same_number_of_statements_however_many_come(house: House) -> None:
    book(house, "kari", "09:00", day=FRIDAY)
    for clock in ("09:00", "10:00", "11:00"):
        book(house, "kari", clock)
    with CaptureQueriesContext(connection) as full:
        queries.day(house.id, THURSDAY)
    with CaptureQueriesContext(connection) as quiet:
        queries.day(house.id, FRIDAY)
    with CaptureQueriesContext(connection) as weeks:
        found = queries.days(house.id, THURSDAY, 30)
    assert len(full) == len(quiet) == len(weeks)
    assert [len(day.visits) for day in found[:3]] == [3, 1, 0]


def test_what_is_free_is_the_hours_without_what_is_held(house: House) -> None:
    book(house, "kari", "10:00")
    book(house, "jonas", "15:20")
    chair = next(one for one in queries.day(house.id, THURSDAY).chairs if one.practitioner_id == house.chairs["amal"])
    hours = [(f"{wall(p.start, OSLO):%H:%M}", f"{wall(p.end, OSLO):%H:%M}") for p in chair.free]
    assert hours == [("09:00", "10:00"), ("10:45", "15:20"), ("16:05", "17:00")]
    assert chair.free_minutes == 60 + 275 + 55


def test_who_is_here_waits_in_order_of_arrival(house: House) -> None:
    first, second = book(house, "kari", "11:00"), book(house, "jonas", "10:00")
    do(operations.arrive_appointment, house, first.pk, now=oslo("09:40"))
    do(operations.arrive_appointment, house, second.pk, now=oslo("09:50"))
    assert [visit.given_name for visit in queries.arrivals(house.id, THURSDAY)] == ["Kari", "Jonas"]


def test_free_times_leave_out_what_is_held_and_cost_the_same_for_one_day_and_sixty(house: House) -> None:
    book(house, "kari", "10:00")
    service, amal = house.services["eye-test"], house.chairs["amal"]

    def free(days: int) -> list[time]:
        found = queries.free_times(
            house.id, service, from_=THURSDAY, days=days, now=house.now, practitioner_id=amal, limit=5000
        )
        return [offer.wall_time for offer in found]

    morning = free(1)
    assert time(9, 10) in morning
    assert time(10) not in morning
    assert time(10, 50) in morning
    with CaptureQueriesContext(connection) as one:
        free(1)
    with CaptureQueriesContext(connection) as sixty:
        free(60)
    assert len(one) == len(sixty)
    evenings = queries.free_times(
        house.id, service, from_=THURSDAY, days=5, now=house.now, parts=[Part.EVENING], limit=3
    )
    assert [offer.wall_time for offer in evenings] == [time(16), time(16, 10), time(16, 20)]


def test_three_times_are_a_choice_by_part_and_person(house: House) -> None:
    choice = queries.three_times(house.id, house.services["eye-test"], now=house.now)
    assert len(choice.soonest) == 3
    assert choice.soonest[0].starts_at >= house.now
    assert set(choice.by_practitioner) == set(house.chairs.values())
    for offer in choice.soonest:
        book(house, "kari", offer.wall_time.isoformat(), day=offer.day, practitioner_id=offer.practitioner_id)
    proved(house)


def test_the_history_tells_every_change_with_what_was_said(house: House) -> None:
    visit = book(house, "kari")
    move(house, visit.pk, "13:00", by="kari")
    cancel(house, visit.pk, by="kari", reason="unwell", words="The flu.")
    lines = queries.history_of(house.id, visit.pk)
    assert [(line.number, line.change, line.by.role, line.words) for line in lines] == [
        (1, "booked", "staff", ""), (2, "moved", "patient", ""), (3, "cancelled", "patient", "The flu."),
    ]  # fmt: skip
    assert (lines[1].from_start, lines[1].to_start) == (oslo("10:00"), oslo("13:00"))


def test_a_persons_visits_include_those_of_a_record_merged_into_theirs(house: House) -> None:
    mine, twin = book(house, "kari", "10:00"), book(house, "jonas", "11:00")
    merge_patients(
        practice_id=house.id, keep_id=house.people["kari"], merge_id=house.people["jonas"],
        by=house.by("sofie"), now=house.now,
    )  # fmt: skip
    found = [facts.appointment_id for facts in queries.visits_of(house.id, house.people["kari"])]
    assert found == [twin.pk, mine.pk]
    assert book(house, "jonas", "12:00").patient_id == house.people["kari"]


def test_the_next_visit_is_the_soonest_that_stands(house: House) -> None:
    gone, later, soon = book(house, "kari", "09:00"), book(house, "kari", "15:00"), book(house, "kari", "11:00")
    cancel(house, gone.pk)
    kari = house.people["kari"]
    assert queries.next_visits(house.id, [kari, house.people["jonas"]], now=house.now) == {kari: soon.pk}
    assert queries.next_visits(house.id, [kari], now=oslo("12:00")) == {kari: later.pk}


def test_visits_nobody_closed_are_named_until_somebody_does(house: House) -> None:
    open_one, closed = book(house, "kari", "10:00"), book(house, "jonas", "11:00")
    evening = oslo("18:00")
    do(operations.finish_appointment, house, closed.pk, now=evening)
    assert list(queries.unsettled(house.id, now=house.now)) == []
    assert list(queries.unsettled(house.id, now=evening)) == [open_one.pk]


def test_the_rule_for_cancelling_is_told_beforehand(house: House) -> None:
    facts = queries.appointment_for(house.id, book(house, "kari").pk)
    note = queries.cancellation_note(house.id, facts, language="nb", now=house.now)
    assert (note.until, note.is_in_time, note.words) == (oslo("17:00", THURSDAY - timedelta(days=1)), True, "")
    change_settings(
        practice_id=house.id, changes={"cancellation_note": {"nb": "Si fra dagen før."}}, by=SYSTEM, now=house.now
    )
    note = queries.cancellation_note(house.id, facts, language="nb", now=oslo("08:00"))
    assert (note.is_in_time, note.words) == (False, "Si fra dagen før.")


class TestAnotherPractice:
    """Nothing of Solberg's diary is found from Nordlys, by any question, nor changed by any act."""

    @pytest.fixture
    def nordlys(self) -> House:
        return open_nordlys("kari")

    def test_no_question_finds_it(self, house: House, nordlys: House) -> None:
        visit = book(house, "kari")
        bring(house, listed(house, "A1", "13:00"))
        facts = queries.appointment_for(house.id, visit.pk)
        kari = house.people["kari"]
        with pytest.raises(errors.UnknownAppointment):
            queries.appointment_for(nordlys.id, visit.pk)
        assert queries.facts_for(nordlys.id, [visit.pk]) == []
        assert queries.appointment_by_link(nordlys.id, link_hash(facts.link_code)) is None
        assert queries.visits_of(nordlys.id, kari) == []
        assert queries.next_visits(nordlys.id, [kari], now=house.now) == {}
        assert queries.history_of(nordlys.id, visit.pk) == []
        assert queries.day(nordlys.id, THURSDAY).visits == ()
        assert queries.arrivals(nordlys.id, THURSDAY) == []
        assert queries.days_with_visits(nordlys.id, from_=date(2026, 1, 1), days=400) == {}
        assert list(queries.unsettled(nordlys.id, now=oslo("23:00"))) == []
        assert queries.appointments_by_external_id(nordlys.id, ["A1"]) == {}
        with pytest.raises(errors.UnknownPractitioner):
            queries.free_times(
                nordlys.id, None, from_=THURSDAY, days=1, now=house.now, practitioner_id=house.chairs["amal"]
            )

    def test_no_act_reaches_it(self, house: House, nordlys: House) -> None:
        visit = book(house, "kari").pk
        for act in (
            operations.confirm_appointment, operations.arrive_appointment, operations.finish_appointment,
            operations.strike_out_appointment, operations.reinstate_appointment, operations.revoke_link,
        ):  # fmt: skip
            with pytest.raises(errors.UnknownAppointment):
                do(act, nordlys, visit, by="runa")
        with pytest.raises(errors.UnknownPatient):
            book(nordlys, "kari", by="runa", patient_id=house.people["kari"],
                 service_id=nordlys.services["eye-test"], practitioner_id=None)  # fmt: skip
        rejected = bring(nordlys, listed(nordlys, "A1", "10:00", patient_id=house.people["kari"]))
        assert rejected == [("rejected", "unknown_patient")]
        proved(house)
        proved(nordlys)
