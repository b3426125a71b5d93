"""A long list is looked through behind the page: once, for what was said last, and again where a worker died."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from glede.lists import operations as lists
from glede.lists import queries, tasks
from glede.lists.errors import ForgottenList, StillReading
from glede.lists.models import BroughtList
from glede.lists.operations.trying import try_list
from glede.lists.values import Found, NewList
from glede.people import operations as people
from glede.people.queries import count_patients, patients_by_external_id
from glede.practices import scope
from tests.cast import House, open_solberg

pytestmark = pytest.mark.django_db

PEOPLE = "Kundenr;Etternavn;Fornavn;Mobil\n1;Øst;Nina;400 00 301\n2;Øst;Ole;400 00 301\n;;;\n3;Vik;Odd;12\n"
VISITS = """Timenr;Kundenr;Dato;Klokkeslett;Varighet;Behandling
V1;1;26.11.2026;10.00;30;Brillekontroll
V2;2;26.11.2026;11.00;30;
"""


class Died(BaseException):
    """The worker is gone, as it goes: no code of ours sees it."""


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    """Solberg with Kari alone, where a list of two rows is a long one, tried row by row."""
    monkeypatch.setattr("glede.lists.values.READ_AT_ONCE", 0)
    monkeypatch.setattr("glede.lists.operations.trying.ROWS_A_TRIAL", 1)
    monkeypatch.setattr(tasks, "close_old_connections", lambda: None)
    return open_solberg("kari")


def own(house: House) -> Any:
    return {"practice_id": house.id, "by": house.by("sofie"), "now": house.now}


def put_in(house: House, text: str = PEOPLE, what: Any = "people") -> UUID:
    list_id = lists.put_in_list(new=NewList(what, "liste.csv", text.encode()), **own(house))
    lists.begin_reading(list_id=list_id, **own(house))
    return list_id


def found(house: House, list_id: UUID) -> Found:
    return queries.found(house.id, list_id, now=house.now)


def the_worker_reads(house: House) -> None:
    tasks.read(str(house.id))


def row_of(house: House, list_id: UUID) -> BroughtList:
    with scope.transaction(house.id):
        return BroughtList.objects.get(pk=list_id)


def test_what_the_worker_finds_is_what_a_page_would_find(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    before = count_patients(house.id)
    ids = [put_in(house), put_in(house, VISITS, "appointments")]
    for list_id in ids:
        with pytest.raises(StillReading):
            found(house, list_id)
    the_worker_reads(house)
    kept = [found(house, list_id) for list_id in ids]
    assert count_patients(house.id) == before
    assert [p.kind for p in kept[1].proposals] == ["service", "hours"]
    assert b"Nina" not in bytes(row_of(house, ids[0]).report or b"")
    monkeypatch.undo()
    for list_id, one in zip(ids, kept, strict=True):
        with scope.transaction(house.id):
            BroughtList.objects.filter(pk=list_id).update(report=None)
        assert replace(found(house, list_id), read_at=one.read_at) == one


def test_a_second_look_asks_nothing_of_the_list(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    list_id = put_in(house)
    the_worker_reads(house)
    monkeypatch.setattr("glede.lists.queries.try_list", None)
    assert dict(found(house, list_id).counts or {})["created"] == 3


def test_it_goes_on_where_a_worker_died(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    list_id = put_in(house)
    with monkeypatch.context() as patched:
        patched.setattr("glede.lists.operations.reading.act", _dies)
        with pytest.raises(Died):
            the_worker_reads(house)
    line = queries.list_line(house.id, list_id)
    assert (line.is_being_read, line.read_to) == (True, 3)
    assert queries.lists_being_read(house.id) == [list_id]
    the_worker_reads(house)
    assert dict(found(house, list_id).counts or {})["rejected"] == 1
    assert queries.lists_being_read(house.id) == []


def _dies(*_given: object, **_more: object) -> None:
    raise Died


def test_where_it_fails_the_page_can_begin_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    list_id = put_in(house)
    with monkeypatch.context() as patched:
        patched.setattr("glede.lists.operations.reading.try_list", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            the_worker_reads(house)
    assert not queries.list_line(house.id, list_id).is_being_read
    with pytest.raises(StillReading):
        found(house, list_id)
    lists.map_columns(list_id=list_id, told={}, **own(house))
    the_worker_reads(house)
    assert found(house, list_id).counts


def test_an_answer_has_it_looked_through_again(house: House) -> None:
    list_id = put_in(house)
    the_worker_reads(house)
    lists.map_columns(list_id=list_id, told={"Mobil": "ignore"}, **own(house))
    with pytest.raises(StillReading):
        found(house, list_id)
    the_worker_reads(house)
    assert found(house, list_id).without_contact == 3
    visits = put_in(house, VISITS, "appointments")
    the_worker_reads(house)
    keys = [proposal.key for proposal in found(house, visits).proposals]
    lists.take_proposals(list_id=visits, keys=keys, **own(house))
    the_worker_reads(house)
    assert found(house, visits).proposals == ()


@pytest.mark.parametrize("word", ["answered", "thrown away", "brought"])
def test_a_look_nobody_waits_for_keeps_nothing(house: House, monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    list_id = put_in(house)
    looks: list[UUID] = []

    def meanwhile(row: BroughtList, now: Any, tell: Any) -> Any:
        if not looks:
            looks.append(row.pk)
            if word == "answered":
                lists.map_columns(list_id=list_id, told={"Mobil": "ignore"}, **own(house))
            elif word == "thrown away":
                lists.discard_list(list_id=list_id, **own(house))
            else:
                lists.begin_bringing(list_id=list_id, **own(house))
        return try_list(row, now, tell)

    monkeypatch.setattr("glede.lists.operations.reading.try_list", meanwhile)
    the_worker_reads(house)
    assert row_of(house, list_id).report is None
    if word == "answered":
        the_worker_reads(house)
        assert found(house, list_id).without_contact == 3


def test_the_list_s_word_is_shown_as_chosen_at_once(house: House) -> None:
    lists.bring_list(list_id=put_in(house), **own(house))
    nina = patients_by_external_id(house.id, ["1"])["1"]
    people.change_patient(patient_id=nina, fields={"family_name": "Lie"}, **own(house))
    list_id = put_in(house)
    the_worker_reads(house)
    assert [ask.is_answered for ask in found(house, list_id).asks] == [False]
    lists.decide(list_id=list_id, theirs=[(2, "family_name")], **own(house))
    assert [ask.is_answered for ask in found(house, list_id).asks] == [True]


def test_what_was_found_goes_with_the_file(house: House) -> None:
    thrown, brought = put_in(house), put_in(house, PEOPLE.replace("Nina", "Nora"))
    the_worker_reads(house)
    assert queries.outcome(house.id, thrown) is None
    assert queries.rejects_file(house.id, thrown) is None
    lists.discard_list(list_id=thrown, **own(house))
    assert row_of(house, thrown).report is None
    with pytest.raises(ForgottenList):
        found(house, thrown)
    lists.bring_list(list_id=brought, **own(house))
    outcome = queries.outcome(house.id, brought)
    assert outcome is not None
    assert [line.row for line in outcome.rejects] == [4]


def test_it_is_said_when_another_list_came_in_since(house: House) -> None:
    first, second = put_in(house), put_in(house, PEOPLE.replace("Nina", "Nora"))
    the_worker_reads(house)
    assert not found(house, second).is_old
    lists.bring_list(list_id=first, **{**own(house), "now": house.now + timedelta(minutes=1)})
    assert found(house, second).is_old


def test_a_list_that_was_stopped_is_looked_through_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("glede.people.operations.bulk.PEOPLE_A_TRANSACTION", 1)
    list_id = put_in(house)
    the_worker_reads(house)
    lists.begin_bringing(list_id=list_id, **own(house))
    lists.stop_bringing(list_id=list_id, **own(house))
    tasks.bring(str(house.id))
    line = queries.list_line(house.id, list_id)
    assert (line.state, line.is_being_read) == ("stopped", True)
    the_worker_reads(house)
    assert found(house, list_id).counts
