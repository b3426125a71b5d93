"""Bringing a list of visits in: a visit to come is never lost, and what needs a colleague is promised."""

from datetime import date, time

import pytest

from glede.diary import operations
from glede.diary.lists.visits import read_visits
from glede.diary.models import Appointment
from glede.diary.operations.bringing import CAUSE, SUBJECT
from glede.diary.tests.stories import OSLO, cancel, kinds, move, proved
from glede.kernel.actor import IMPORT
from glede.ledger.queries import last_seq
from glede.people.lists.opening import open_sheet
from glede.people.lists.rejects import rejects_csv
from glede.people.lists.values import Brought
from glede.people.queries import patients_by_external_id
from glede.practices import scope
from glede.promises.models import Promise
from tests.cast import House, open_solberg

pytestmark = pytest.mark.django_db

HEAD = "id,person,start,minutes,service,clinician,status,booked_at\n"
LIST = HEAD + (
    "V1,N1,2026-11-26 10:00,30,eye-test,Dr Amal Haddad,booked,2026-11-01\n"
    "V2,N2,2026-11-26 10:10,30,,Dr Amal Haddad,confirmed,\n"
    "V3,N1,2026-11-03 09:00,,Massage,,done,\n"
    "V4,N1,2026-11-27 09:00,,,,done,\n"
    "V4,N1,2026-11-27 12:00,,,,,\n"
    "V5,,2026-11-30 09:00,,,,,\n"
    "V6,2.9E+13,2026-12-01 09:00,,,,,\n"
    "V7,N3,2026-11-26,,,,,2026-11-27\n"
    "V8,N3,2026-11-02,,,,,2026-11-05\n"
)


@pytest.fixture
def house() -> House:
    """Solberg with Kari alone."""
    return open_solberg("kari")


def bring(house: House, text: str = LIST) -> Brought:
    """Bring a list in as it was typed."""
    sheet = open_sheet(text.encode())
    return operations.bring_visits(
        practice_id=house.id, read=read_visits(sheet, zone=OSLO, today=house.now.date()), rows=len(sheet.rows),
        source="visits.csv", by=IMPORT, now=house.now,
    )  # fmt: skip


def counts(brought: Brought) -> tuple[int, ...]:
    return brought.created, brought.updated, brought.unchanged, brought.duplicates, brought.rejected


def visit_of(house: House, number: str) -> Appointment:
    with scope.transaction(house.id):
        return Appointment.objects.get(external_id=number)


def owed(house: House) -> list[Promise]:
    with scope.transaction(house.id):
        return list(Promise.objects.filter(closed_at=None).order_by("due_at"))


def test_every_row_is_counted_once_and_told(house: House) -> None:
    brought = bring(house)
    assert counts(brought) == (5, 0, 0, 1, 3)
    assert brought.read == sum(counts(brought)) == 9
    assert [(reject.row.number, reject.reason) for reject in brought.rejects] == [
        (8, "person_id_broken_by_a_spreadsheet"), (9, "visit_before_its_booking"),
        (10, "visit_before_its_booking"),
    ]  # fmt: skip
    assert [(f.row, f.field, f.reason) for f in brought.findings] == [
        (4, "service", "unknown"), (5, "status", "too_early"), (7, "person", "no_person"),
    ]  # fmt: skip
    proved(house)


def test_people_nobody_knows_are_made_with_the_number_of_the_list(house: House) -> None:
    assert bring(house).people_created == 3
    ids = patients_by_external_id(house.id, ["N1", "N2", "N3"])
    assert set(ids) == {"N1", "N2"}
    assert visit_of(house, "V1").patient_id == visit_of(house, "V3").patient_id == ids["N1"]


def test_services_and_clinicians_go_by_the_list_s_own_words(house: House) -> None:
    bring(house)
    visit = visit_of(house, "V1")
    assert (visit.service_id, visit.practitioner_id) == (house.services["eye-test"], house.chairs["amal"])
    assert (visit.day, visit.wall_time) == (date(2026, 11, 26), time(10))


def test_no_visit_to_come_is_lost(house: House) -> None:
    bring(house)
    promises = {(p.cause, p.detail.get("visit", "")): p for p in owed(house)}
    rows = {visit: promise for (cause, visit), promise in promises.items() if cause == CAUSE}
    assert set(rows) == {"V6", "V7"}, "V8 lies behind us"
    assert promises["diary.no_person", "V5"].subject_id == visit_of(house, "V5").pk
    assert all(promise.subject_kind == SUBJECT and promise.due_at > house.now for promise in rows.values())
    assert rows["V6"].detail == {
        "reason": "person_id_broken_by_a_spreadsheet", "list": "visits.csv", "line": 8, "visit": "V6",
        "day": "2026-12-01",
    }  # fmt: skip
    assert [p.subject_id for p in promises.values() if p.cause == "diary.overlap"] == [visit_of(house, "V2").pk]


def test_the_same_list_again_changes_nothing(house: House) -> None:
    bring(house)
    before, promised = last_seq(house.id), len(owed(house))
    assert counts(bring(house)) == (0, 0, 5, 1, 3)
    assert (last_seq(house.id), len(owed(house))) == (before, promised)


def test_a_changed_time_moves_and_what_happened_here_stays(house: House) -> None:
    bring(house)
    one, two = visit_of(house, "V1"), visit_of(house, "V2")
    move(house, one.pk, "13:00")
    cancel(house, two.pk)
    brought = bring(house, LIST.replace("V4,N1,2026-11-27 09:00", "V4,N1,2026-11-30 11:00"))
    assert counts(brought) == (0, 1, 4, 1, 3)
    assert visit_of(house, "V1").wall_time == time(13)
    assert visit_of(house, "V2").state == "cancelled"
    assert visit_of(house, "V4").day == date(2026, 11, 30)
    assert "appointment.moved" in kinds(house, visit_of(house, "V4").pk)
    brought = bring(house, LIST.replace("V1,N1,2026-11-26 10:00", "V1,N1,2026-11-26 09:00"))
    assert (2, "start", "changed_here") in [(f.row, f.field, f.reason) for f in brought.findings]
    assert visit_of(house, "V1").wall_time == time(13)
    assert [p.subject_id for p in owed(house) if p.cause == "diary.changed_here"] == [one.pk]
    brought = bring(house, LIST.replace("V2,N2,2026-11-26 10:10", "V2,N2,2026-11-26 15:10"))
    assert (3, "status", "not_movable") in [(f.row, f.field, f.reason) for f in brought.findings]
    assert visit_of(house, "V2").state == "cancelled"


def test_a_visit_given_to_somebody_else_stays_and_is_asked_about_once(house: House) -> None:
    bring(house)
    swapped = LIST.replace("V1,N1,", "V1,N2,")
    for _ in range(2):
        brought = bring(house, swapped)
        assert counts(brought) == (0, 0, 5, 1, 3)
        assert (2, "person", "another_person") in [(f.row, f.field, f.reason) for f in brought.findings]
    one = visit_of(house, "V1")
    assert [p.subject_id for p in owed(house) if p.cause == "diary.another_person"] == [one.pk]
    assert counts(bring(house)) == (0, 0, 5, 1, 3)


def test_a_time_that_cannot_be_read_leaves_the_one_we_know(house: House) -> None:
    bring(house)
    assert counts(bring(house, LIST.replace("V1,N1,2026-11-26 10:00", "V1,N1,2026-11-26 snart"))) == (0, 0, 5, 1, 3)
    assert visit_of(house, "V1").wall_time == time(10)


def test_a_corrected_file_of_rejects_comes_in_and_keeps_its_promises(house: House) -> None:
    sheet = open_sheet(LIST.encode())
    content = rejects_csv(sheet, bring(house).rejects).decode("utf-8-sig")
    fixed = content.replace("2.9E+13", "N9").replace(",2026-11-27", ",")
    assert counts(bring(house, fixed)) == (2, 0, 0, 0, 1)
    assert CAUSE not in {promise.cause for promise in owed(house)}
    with scope.transaction(house.id):
        kept = Promise.objects.filter(cause=CAUSE).exclude(closed_at=None)
        assert {p.outcomes.get().outcome for p in kept} == {"kept"}
    proved(house)


def test_somebody_nobody_knows_gets_the_name_the_list_gives(house: House) -> None:
    bring(house, "id;Kundenr;Navn;Dato\nV1;9001;Åse van der Berg;26.11.2026\nV2;Ola Nordmann;;27.11.2026\n")
    with scope.transaction(house.id):
        names = [visit_of(house, number).patient for number in ("V1", "V2")]
    assert [(p.given_name, p.family_name, p.external_id) for p in names] == [
        ("Åse", "van der Berg", "9001"),
        ("Ola", "Nordmann", "Ola Nordmann"),
    ]
