"""Lists put in, looked at, answered, brought, stopped and taken back; nothing saved before somebody has seen it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from glede.diary.models import Appointment
from glede.kernel.actor import Actor
from glede.ledger.queries import last_seq, verify
from glede.lists import operations as lists
from glede.lists import queries
from glede.lists.errors import ForgottenList, NoSuchList, StillUnclear, Stopped, TooLate, WrongState
from glede.lists.models import BroughtList, BroughtRow
from glede.lists.values import NewList
from glede.people import operations as people
from glede.people.models import Patient
from glede.people.queries import count_patients, patients_by_external_id, reach
from glede.practices import scope
from tests.cast import House, open_solberg

pytestmark = pytest.mark.django_db

PEOPLE = (
    "Kundenr;Etternavn;Fornavn;Mobil;E-post;Ikke SMS\n"
    "1;Øst;Nina;400 00 301;nina@example.org;x\n"
    "2;Øst;Ole;400 00 301;;\n"
    "3;Lie;Odd;12;;\n"
    ";;;;;\n"
)
VISITS = (
    "Avtalenr;Kundenr;Dato;Klokkeslett;Varighet;Behandling;Optiker\n"
    "V1;1;26.11.2026;10.00;30;Brillekontroll;Amal Haddad\n"
    "V2;9;27.11.2026;11.00;30;Brillekontroll;Amal Haddad\n"
    "V3;;27.11.2026;12.00;30;;\n"
)


@pytest.fixture
def house() -> House:
    """Solberg with Kari alone."""
    return open_solberg("kari")


def own(house: House, **more: Any) -> Any:
    return {"practice_id": house.id, "by": house.by("sofie"), "now": house.now, **more}


def put_in(house: House, text: str, what: Any = "people", **told: str) -> UUID:
    return lists.put_in_list(new=NewList(what, "liste.csv", text.encode(), told), **own(house))


def bring(house: House, text: str, what: Any = "people", **more: Any) -> UUID:
    list_id = put_in(house, text, what)
    lists.bring_list(list_id=list_id, **own(house, **more))
    return list_id


def test_nothing_is_saved_before_it_was_seen(house: House) -> None:
    before = count_patients(house.id)
    list_id = put_in(house, PEOPLE)
    found = queries.found(house.id, list_id, now=house.now)
    assert count_patients(house.id) == before
    assert dict(found.counts or {}) == {
        "read": 4, "created": 3, "updated": 0, "unchanged": 0, "duplicates": 0, "rejected": 1,
    }  # fmt: skip
    assert (found.sharing, found.without_contact) == (2, 0)
    assert [(column.heading, column.field, column.how) for column in found.columns[:2]] == [
        ("Kundenr", "id", "heading"), ("Etternavn", "family_name", "heading"),
    ]  # fmt: skip
    assert found.columns[2].samples == ("Nina", "Ole", "Odd")
    assert [(group.field, group.reason, group.count) for group in found.groups] == [("phone", "unreadable", 1)]
    assert [(line.row, line.reason) for line in found.rejects] == [(5, "no_id_name_or_contact")]


def test_what_was_found_is_what_becomes_of_it(house: House) -> None:
    list_id = put_in(house, PEOPLE)
    foreseen = dict(queries.found(house.id, list_id, now=house.now).counts or {})
    lists.bring_list(list_id=list_id, **own(house))
    line = queries.list_line(house.id, list_id)
    assert {name: line.counts[name] for name in foreseen} == foreseen
    assert (line.state, line.done, line.rows) == ("brought", 4, 4)
    assert line.undo_until == house.now + timedelta(days=30)
    assert verify(house.id).ok


def test_the_file_is_sealed_and_goes_when_it_is_brought(house: House) -> None:
    list_id = put_in(house, PEOPLE)
    with scope.transaction(house.id):
        row = BroughtList.objects.get(pk=list_id)
    assert b"Nina" not in bytes(row.content or b"")
    lists.bring_list(list_id=list_id, **own(house))
    with scope.transaction(house.id):
        row = BroughtList.objects.get(pk=list_id)
    assert row.content is None
    name, content = queries.rejects_file(house.id, list_id) or ("", b"")
    assert (name, b"glede_reason" in content) == ("liste-rejects.csv", True)
    with pytest.raises(WrongState):
        lists.bring_list(list_id=list_id, **own(house))


def test_a_column_that_may_be_a_refusal_is_asked_about_and_the_answer_is_remembered(house: House) -> None:
    text = "Kundenr;Navn;Ikke kontakt\n1;Nina Øst;ja\n2;Ole Øst;kanskje\n"
    list_id = put_in(house, text)
    (question,) = queries.found(house.id, list_id, now=house.now).questions
    assert (question.code, question.heading, question.samples) == ("refusal", "Ikke kontakt", ("ja", "kanskje"))
    with pytest.raises(StillUnclear):
        lists.bring_list(list_id=list_id, **own(house))
    lists.map_columns(list_id=list_id, told={question.heading: "no_marketing"}, **own(house))
    found = queries.found(house.id, list_id, now=house.now)
    (question,) = found.questions
    assert (question.code, question.field, question.samples) == ("cell", "no_marketing", ("kanskje",))
    assert not found.is_clear
    lists.map_columns(list_id=list_id, told={question.heading: question.choices[0]}, **own(house))
    lists.bring_list(list_id=list_id, **own(house))
    ids = patients_by_external_id(house.id, ["1", "2"])
    assert all((("*", "marketing") in one.opted_out) for one in reach(house.id, ids.values()).values())
    again = put_in(house, text.replace("Nina", "Ninni"))
    found = queries.found(house.id, again, now=house.now)
    assert found.is_clear
    assert {c.heading: c.how for c in found.columns}["Ikke kontakt"] == "remembered"


def test_a_list_of_visits_proposes_what_the_practice_does_not_know(house: House) -> None:
    list_id = put_in(house, VISITS, "appointments")
    found = queries.found(house.id, list_id, now=house.now)
    assert [(p.kind, p.words, p.count, p.minutes) for p in found.proposals if p.kind != "hours"] == [
        ("service", "Brillekontroll", 2, 30), ("clinician", "Amal Haddad", 2, None),
    ]  # fmt: skip
    keys = [p.key for p in found.proposals if p.kind != "hours"]
    assert lists.take_proposals(list_id=list_id, keys=keys, **own(house)) == 2
    assert [p.kind for p in queries.found(house.id, list_id, now=house.now).proposals if p.kind != "hours"] == []
    lists.bring_list(list_id=list_id, **own(house))
    with scope.transaction(house.id):
        visit = Appointment.objects.select_related("service", "practitioner").get(external_id="V1")
    assert visit.service is not None
    assert visit.practitioner is not None
    assert (visit.service.name["nb"], visit.practitioner.display_name) == ("Brillekontroll", "Amal Haddad")


def test_what_a_colleague_set_here_is_asked_about(house: House) -> None:
    bring(house, PEOPLE)
    nina = patients_by_external_id(house.id, ["1"])["1"]
    people.change_patient(patient_id=nina, fields={"family_name": "Lie"}, **own(house))
    list_id = put_in(house, PEOPLE)
    (ask,) = queries.found(house.id, list_id, now=house.now).asks
    assert (ask.row, ask.field, ask.ours, ask.theirs) == (2, "family_name", "Lie", "Øst")
    lists.bring_list(list_id=list_id, **own(house))
    assert reach(house.id, [nina])[nina].family_name == "Lie"
    list_id = put_in(house, PEOPLE)
    lists.decide(list_id=list_id, theirs=[(2, "family_name")], **own(house))
    lists.bring_list(list_id=list_id, **own(house))
    assert reach(house.id, [nina])[nina].family_name == "Øst"


def test_a_list_is_taken_back_and_can_be_brought_again(house: House) -> None:
    before = count_patients(house.id)
    first = bring(house, PEOPLE)
    second = bring(house, VISITS, "appointments")
    visits = lists.take_back_list(list_id=second, **own(house))
    assert (visits.people, visits.visits, visits.kept) == (2, 3, 0)
    done = lists.take_back_list(list_id=first, **own(house))
    assert (done.people, done.kept) == (3, 0)
    assert count_patients(house.id) == before
    with scope.transaction(house.id):
        assert not Patient.objects.filter(given_name="Nina").exists()
    assert verify(house.id).ok
    again = bring(house, PEOPLE)
    assert queries.list_line(house.id, again).counts["created"] == 3


def test_taking_back_goes_on_where_a_worker_died(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    before = count_patients(house.id)
    first = bring(house, PEOPLE)
    lists.begin_taking_back(list_id=first, **own(house))
    assert queries.lists_going_back(house.id) == [(first, own(house)["by"].id)]
    monkeypatch.setattr("glede.people.operations.unlisting.PEOPLE_A_TRANSACTION", 1)
    monkeypatch.setattr("glede.lists.operations.taking_back._withdraw", died)
    with pytest.raises(Died):
        lists.take_back_list(list_id=first, **own(house))
    monkeypatch.undo()
    done = lists.take_back_list(list_id=first, **own(house))
    assert (done.people, done.kept) == (3, 0)
    assert count_patients(house.id) == before
    assert queries.lists_going_back(house.id) == []
    assert queries.list_line(house.id, first).counts["back_people"] == 3


class Died(Exception):
    """The worker is gone."""


def died(*_given: object, **_more: object) -> None:
    raise Died


def test_whoever_was_dealt_with_since_stays(house: House) -> None:
    first = bring(house, PEOPLE)
    ids = patients_by_external_id(house.id, ["1", "2"])
    people.write_note(patient_id=ids["1"], words="Ringte", **own(house))
    bring(house, VISITS.replace("V2;9;", "V2;2;"), "appointments")
    done = lists.take_back_list(list_id=first, **own(house))
    assert (done.people, done.kept) == (1, 2)
    assert set(patients_by_external_id(house.id, ["1", "2", "3"])) == {"1", "2"}


def test_what_a_list_changed_is_as_before(house: House) -> None:
    bring(house, PEOPLE)
    bring(house, VISITS, "appointments")
    ids = patients_by_external_id(house.id, ["1", "2"])
    later = house.now + timedelta(hours=1)
    changed = bring(house, PEOPLE.replace("1;Øst;Nina;400 00 301", "1;Vest;Nina;400 00 999"), now=later)
    moved = bring(house, VISITS.replace("26.11.2026;10.00", "30.11.2026;09.00"), "appointments", now=later)
    assert lists.take_back_list(list_id=changed, **own(house, now=later)).changed == 1
    assert lists.take_back_list(list_id=moved, **own(house, now=later)).changed == 1
    nina = reach(house.id, [ids["1"]])[ids["1"]]
    assert nina.family_name == "Øst"
    assert {c.address for c in nina.contacts} == {"+4740000301", "nina@example.org"}
    with scope.transaction(house.id):
        visit = Appointment.objects.get(external_id="V1")
    assert f"{visit.day} {visit.wall_time:%H:%M}" == "2026-11-26 10:00"
    assert verify(house.id).ok


def test_after_thirty_days_a_list_stays(house: House) -> None:
    list_id = bring(house, PEOPLE)
    with pytest.raises(TooLate):
        lists.take_back_list(list_id=list_id, **own(house, now=house.now + timedelta(days=31)))


def test_a_list_is_stopped_on_the_way_and_goes_on_where_it_was(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("glede.people.operations.bulk.PEOPLE_A_TRANSACTION", 1)
    list_id = put_in(house, PEOPLE)

    def stop_after_one(self: Any, rows: int, taken: Any) -> None:
        watched(self, rows, taken)
        with scope.transaction(house.id):
            BroughtList.objects.filter(pk=list_id).update(stop_asked_at=house.now)

    from glede.lists.operations.bringing import _Watching

    watched = _Watching.__call__
    with monkeypatch.context() as patched:
        patched.setattr(_Watching, "__call__", stop_after_one)
        with pytest.raises(Stopped):
            lists.bring_list(list_id=list_id, **own(house))
    line = queries.list_line(house.id, list_id)
    assert (line.state, line.done) == ("stopped", 1)
    lists.bring_list(list_id=list_id, **own(house))
    assert queries.list_line(house.id, list_id).state == "brought"
    with scope.transaction(house.id):
        assert BroughtRow.objects.filter(list_id=list_id, word="added").count() == 3
    assert lists.take_back_list(list_id=list_id, **own(house)).people == 3


def test_a_list_can_be_thrown_away_and_is_forgotten_after_a_week(house: House) -> None:
    from glede.lists.operations.forgetting import forget_lists

    list_id = put_in(house, PEOPLE)
    lists.discard_list(list_id=list_id, **own(house))
    with pytest.raises(ForgottenList):
        queries.found(house.id, list_id, now=house.now)
    waiting, brought = put_in(house, PEOPLE), bring(house, PEOPLE)
    late = house.now + timedelta(days=31)
    assert forget_lists(practice_id=house.id, by=Actor("system"), now=late) == 2
    assert queries.list_line(house.id, waiting).state == "discarded"
    assert queries.outcome(house.id, brought) is None


def test_the_report_goes_with_a_person_who_is_forgotten(house: House) -> None:
    list_id = bring(house, PEOPLE)
    assert queries.outcome(house.id, list_id) is not None
    nina = patients_by_external_id(house.id, ["1"])["1"]
    people.erase_patient(patient_id=nina, reason="asked", **own(house))
    assert queries.outcome(house.id, list_id) is None


def test_visits_that_are_gone_from_a_list_are_asked_about_and_stay(house: House) -> None:
    rows = [f"V{n};{n};2{n}.11.2026;10.00;30;;\n" for n in range(5, 9)]
    head = VISITS.partition("\n")[0] + "\n"
    bring(house, head + "".join(rows), "appointments")
    before = last_seq(house.id)
    bring(house, head + "".join(rows), "appointments")
    from glede.promises.queries import open_promises

    assert [p for p in open_promises(house.id) if p.cause == "lists.missing"] == []
    assert last_seq(house.id) > before
    list_id = bring(house, head + rows[0] + "".join(rows[2:]), "appointments")
    (promise,) = [p for p in open_promises(house.id) if p.cause == "lists.missing"]
    with scope.transaction(house.id):
        visit = Appointment.objects.get(pk=promise.subject.id)
    assert (visit.external_id, visit.state) == ("V6", "booked")
    outcome = queries.outcome(house.id, list_id)
    assert outcome is not None
    assert [(g.reason, g.count) for g in outcome.groups] == [("not_in_the_list", 1)]


def test_another_practice_knows_no_such_list(house: House) -> None:
    from tests.cast import open_nordlys

    list_id, other = put_in(house, PEOPLE), open_nordlys()
    for ask in (queries.list_line, queries.outcome, queries.rejects_file):
        with pytest.raises(NoSuchList):
            ask(other.id, list_id)


def test_what_was_asked_and_not_answered_is_not_asked_again(house: House) -> None:
    rows = [f"{n};Nina {n};4000010{n};1234567890{n};0101701234{n}" for n in range(5)]
    text = "\n".join(("Kundenr;Navn;Mobil;Kassenr;Fødselsnummer", *rows))
    list_id = put_in(house, text)
    assert [q.heading for q in queries.found(house.id, list_id, now=house.now).questions] == []
    text = text.replace("Mobil", "Felt 7")
    list_id = put_in(house, text)
    assert [q.heading for q in queries.found(house.id, list_id, now=house.now).questions] == ["Felt 7", "Kassenr"]
    lists.bring_list(list_id=list_id, **own(house))
    found = queries.found(house.id, put_in(house, text), now=house.now)
    assert found.questions == ()
    assert {c.heading: c.how for c in found.columns}["Kassenr"] == "passed_over"
