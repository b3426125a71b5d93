"""A brought list: many at once, the same list twice changes nothing, nothing overlaps."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from glede.diary import operations
from glede.diary.models import Appointment, Claim
from glede.diary.queries.times import busy_between
from glede.diary.requests import ListedVisit
from glede.diary.rules import State
from glede.diary.tests.stories import (
    FRIDAY,
    THURSDAY,
    book,
    bring,
    cancel,
    fresh,
    held,
    kinds,
    listed,
    move,
    oslo,
    proved,
    version,
)  # fmt: skip
from glede.kernel.actor import IMPORT
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.ledger.queries import events_of, last_seq
from glede.practices import scope
from glede.promises.models import Promise
from tests.cast import House, open_solberg

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return open_solberg("kari", "jonas")


def visit_of(house: House, number: str) -> Appointment:
    with scope.transaction(house.id):
        return Appointment.objects.get(external_id=number)


def test_a_list_becomes_visits_and_the_same_list_again_changes_nothing(house: House) -> None:
    rows = [listed(house, "A1", "10:00"), listed(house, "A2", "10:30", "jonas"), listed(house, "A3", None)]
    assert bring(house, *rows) == [("added", "")] * 3
    before, there = last_seq(house.id), held(house)
    assert bring(house, *rows) == [("same", "")] * 3
    assert (last_seq(house.id), held(house)) == (before, there)
    visit = visit_of(house, "A1")
    assert (visit.booked_by, visit.source, visit.state) == ("import", "import", "booked")
    assert kinds(house, visit.pk) == ["appointment.imported"]
    proved(house)


def test_a_changed_time_moves_the_same_visit(house: House) -> None:
    bring(house, listed(house, "A1", "10:00"))
    visit = visit_of(house, "A1")
    assert bring(house, listed(house, "A1", "14:00", day=FRIDAY)) == [("moved", "")]
    moved = fresh(house, visit.pk)
    assert (moved.day, moved.wall_time, moved.moved_by) == (FRIDAY, time(14), "import")
    assert held(house) == [("14:00", "14:30")]
    event = events_of(house.id, Ref("appointment", visit.pk))[-1]
    assert (event.kind, event.data["imported"], event.by.role) == ("diary.appointment.moved", True, "import")
    assert version(house, visit.pk) == 2
    proved(house)


def test_what_was_moved_here_stays_until_somebody_takes_the_word_of_the_list(house: House) -> None:
    bring(house, listed(house, "A1", "10:00"))
    visit = visit_of(house, "A1")
    move(house, visit.pk, "13:00", by="kari", practitioner_id=house.chairs["amal"])
    assert bring(house, listed(house, "A1", "10:00")) == [("same", "")]
    assert bring(house, listed(house, "A1", "15:00")) == [("kept", "changed_here")]
    assert fresh(house, visit.pk).wall_time == time(13)
    assert bring(house, listed(house, "A1", "15:00", insists=True)) == [("moved", "")]
    assert fresh(house, visit.pk).wall_time == time(15)
    proved(house)


def test_where_both_moved_a_visit_to_the_same_time_there_is_nothing_to_ask(house: House) -> None:
    bring(house, listed(house, "A1", "10:00"))
    visit = visit_of(house, "A1")
    move(house, visit.pk, "13:00", by="kari")
    assert bring(house, listed(house, "A1", "13:00")) == [("same", "")]
    assert fresh(house, visit.pk).wall_time == time(13)


def test_what_was_cancelled_here_is_not_brought_back_by_a_list(house: House) -> None:
    bring(house, listed(house, "A1", "10:00"))
    visit = visit_of(house, "A1")
    cancel(house, visit.pk, by="kari")
    assert bring(house, listed(house, "A1", "10:00", state=State.CONFIRMED)) == [("kept", "changed_here")]
    assert fresh(house, visit.pk).state == "cancelled"


def test_a_visit_cancelled_here_is_not_moved_by_the_list(house: House) -> None:
    bring(house, listed(house, "A1", "10:00"))
    visit = visit_of(house, "A1")
    cancel(house, visit.pk, by="kari")
    before = last_seq(house.id)
    changed = listed(house, "A1", "15:00", service_id=house.services["collect"])
    assert bring(house, changed) == [("kept", "not_movable")]
    assert last_seq(house.id) == before
    assert fresh(house, visit.pk).state == "cancelled"
    proved(house)


def test_the_list_cancels_brings_back_and_closes(house: House) -> None:
    bring(house, listed(house, "A1", "10:00"))
    visit = visit_of(house, "A1")
    assert bring(house, listed(house, "A1", "10:00", state=State.CANCELLED)) == [("cancelled", "")]
    gone = fresh(house, visit.pk)
    assert (gone.state, gone.cancelled_by, gone.cancel_reason, held(house)) == ("cancelled", "import", "list", [])
    assert bring(house, listed(house, "A1", "11:00", state=State.CONFIRMED)) == [("reinstated", "")]
    assert (fresh(house, visit.pk).state, held(house)) == ("confirmed", [("11:00", "11:30")])
    late = oslo("18:00")
    assert bring(house, listed(house, "A1", "11:00", state=State.DONE), now=late) == [("changed", "")]
    assert fresh(house, visit.pk).done_at == oslo("11:30")
    proved(house)


def test_two_on_one_time_stand_beside_each_other_and_a_colleague_is_promised_to_settle_it(house: House) -> None:
    rows = [listed(house, f"A{n}", "10:00", practitioner_id=house.chairs["amal"]) for n in range(3)]
    assert bring(house, *rows) == [("added", ""), ("added", "overlap"), ("added", "overlap")]
    assert held(house) == [("10:00", "10:30")] * 3
    with scope.transaction(house.id):
        lanes = Claim.objects.filter(kind="lane")
        assert {claim.chair for claim in lanes} == {house.chairs["amal"]}
        assert len({claim.ref for claim in lanes}) == 2
        promises = list(Promise.objects.filter(kind="settle"))
    assert {promise.subject_id for promise in promises} == {visit_of(house, f"A{n}").pk for n in (1, 2)}
    assert all(promise.cause == "diary.overlap" for promise in promises)
    with scope.transaction(house.id):
        standing = busy_between(house.id, oslo("00:00"), oslo("23:00"))
    assert len(standing[house.chairs["amal"]]) == 3
    proved(house)


def test_a_list_never_displaces_what_was_booked_here(house: House) -> None:
    ours = book(house, "kari", "10:00")
    rows = [listed(house, "A1", "10:20", "jonas", practitioner_id=house.chairs["amal"])]
    assert bring(house, *rows) == [("added", "overlap")]
    assert fresh(house, ours.pk).starts_at == oslo("10:00")
    proved(house)


def test_visits_gone_by_are_history_and_hold_nothing(house: House) -> None:
    past = date(2026, 11, 2)
    rows = [
        listed(house, "H1", "10:00", day=past, state=State.DONE),
        listed(house, "H2", "10:00", day=past, state=State.MISSED),
        listed(house, "H3", "10:00", day=past, state=State.BOOKED),
        listed(house, "H4", None, day=past, state=State.DONE),
    ]
    assert bring(house, *rows) == [("added", "")] * 4
    assert held(house) == []
    assert visit_of(house, "H1").done_at == oslo("10:30", past)
    assert all(visit_of(house, f"H{n}").is_history for n in (1, 2, 3, 4))
    proved(house)


def test_lines_that_refer_to_nothing_are_rejected_by_name_and_the_rest_come_in(house: House) -> None:
    rows = [
        listed(house, "", "10:00"),
        listed(house, "B1", "10:00", patient_id=new_id()),
        listed(house, "B2", "10:00", service_id=new_id()),
        listed(house, "B3", "10:00", practitioner_id=new_id()),
        listed(house, "B4", "10:00", state=State.ARRIVED),
        listed(house, "B5", "02:30", day=date(2027, 3, 28)),
        listed(house, "B6", "10:00", minutes=5000),
        listed(house, "A1", "10:00"),
        listed(house, "A1", "11:00"),
    ]
    assert bring(house, *rows) == [
        ("rejected", "same_number_twice"), ("rejected", "unknown_patient"), ("rejected", "unknown_service"),
        ("rejected", "unknown_practitioner"), ("rejected", "unknown_state"), ("rejected", "no_such_time"),
        ("rejected", "unknown_minutes"), ("added", ""), ("rejected", "same_number_twice"),
    ]  # fmt: skip
    proved(house)


def test_a_thousand_lines_cost_a_handful_of_statements(house: House) -> None:
    rows = [
        ListedVisit(
            external_id=f"N{n}",
            patient_id=house.people["kari" if n % 2 else "jonas"],
            day=THURSDAY + timedelta(days=n // 16),
            wall_time=time(8 + (n % 16) // 2, 30 * (n % 2)),
            minutes=30,
        )
        for n in range(1000)
    ]
    with CaptureQueriesContext(connection) as statements:
        found = operations.import_appointments(practice_id=house.id, rows=rows, by=IMPORT, now=house.now)
    assert {outcome.word for outcome in found} == {"added"}
    assert len(statements) < 80
    assert proved(house).counts["visits"] == 1000
