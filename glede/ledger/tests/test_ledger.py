"""The record: appended in the act's transaction, chained, refused to everybody who would change it."""

from datetime import UTC, datetime

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from glede.config import postgres
from glede.kernel.actor import SYSTEM
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.ledger import operations, queries, registry
from glede.ledger.models import Event, Subject
from glede.practices import scope
from glede.practices.operations import NewPractice, start_practice

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def a_practice(name="Solberg Optikk"):
    return start_practice(NewPractice(name, "NO", "nb", "Europe/Oslo", virtual_now=NOW), by=SYSTEM, now=NOW).pk


def book(practice_id, subject, **data):
    with operations.act(practice_id, by=SYSTEM, now=NOW) as act:
        act.record("tests.thing.made", subject=subject, data=data)


@pytest.mark.django_db
class TestActs:
    def test_an_event_stands_in_the_chain(self):
        practice_id, visit = a_practice(), Ref("appointment", new_id())
        book(practice_id, visit, service="eye-test")
        (happening,) = queries.events_of(practice_id, visit)
        assert happening.data == {"service": "eye-test"}
        assert queries.verify(practice_id).ok

    def test_moot_raises_the_version_and_nothing_else_does(self):
        practice_id, visit = a_practice(), Ref("appointment", new_id())
        book(practice_id, visit)
        with operations.act(practice_id, by=SYSTEM, now=NOW) as act:
            act.lock(visit)
            act.record("tests.thing.seen", subject=visit)
        assert queries.version_of(practice_id, visit) == 1
        with operations.act(practice_id, by=SYSTEM, now=NOW) as act:
            act.lock(visit)
            act.record("tests.thing.moved", subject=visit, moot=True)
        assert queries.version_of(practice_id, visit) == 2

    def test_nothing_remains_where_the_act_fails(self):
        practice_id, visit = a_practice(), Ref("appointment", new_id())
        before = queries.last_seq(practice_id)
        with pytest.raises(ZeroDivisionError):
            self._failing(practice_id, visit)
        assert queries.last_seq(practice_id) == before
        assert queries.events_of(practice_id, visit) == []

    def test_an_inner_act_that_fails_takes_only_its_own_events_along(self):
        practice_id, kept, lost = a_practice(), Ref("appointment", new_id()), Ref("appointment", new_id())
        with operations.act(practice_id, by=SYSTEM, now=NOW) as act:
            act.record("tests.thing.made", subject=kept)
            with pytest.raises(ZeroDivisionError):
                self._failing(practice_id, lost)
        assert len(queries.events_of(practice_id, kept)) == 1
        assert queries.events_of(practice_id, lost) == []

    def _failing(self, practice_id, subject):
        with operations.act(practice_id, by=SYSTEM, now=NOW) as act:
            act.record("tests.thing.made", subject=subject)
            _ = 1 / 0

    def test_locks_out_of_order_are_an_error(self):
        practice_id = a_practice()
        with operations.act(practice_id, by=SYSTEM, now=NOW) as act:
            act.lock(Ref("patient", new_id()))
            with pytest.raises(operations.OutOfOrder):
                act.lock(Ref("appointment", new_id()))

    def test_no_subject_is_locked_once_claims_are_taken(self):
        practice_id = a_practice()
        with operations.act(practice_id, by=SYSTEM, now=NOW) as act:
            act.take_claims()
            with pytest.raises(operations.OutOfOrder):
                act.lock(Ref("patient", new_id()))

    def test_recording_on_what_was_not_locked_is_an_error(self):
        practice_id, visit = a_practice(), Ref("appointment", new_id())
        book(practice_id, visit)
        with pytest.raises(operations.NotLocked):
            book(practice_id, visit)

    def test_an_event_holds_no_object_that_could_carry_a_name(self):
        practice_id = a_practice()
        with pytest.raises(TypeError):
            book(practice_id, Ref("appointment", new_id()), patient=object())

    def test_the_other_practice_sees_nothing(self):
        ours, theirs = a_practice(), a_practice("Nordlys Øye")
        visit = Ref("appointment", new_id())
        book(ours, visit)
        assert queries.events_of(theirs, visit) == []
        assert queries.version_of(theirs, visit) == 1
        with scope.transaction(theirs):
            assert not Event.objects.filter(subject_id=visit.id).exists()

    def test_without_a_scope_the_database_shows_nothing_either(self):
        practice_id = a_practice()
        book(practice_id, Ref("appointment", new_id()))
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from ledger_event")
            assert cursor.fetchone() == (0,)

    def test_a_command_pressed_twice_gives_the_first_answer(self):
        practice_id, command, first = a_practice(), new_id(), new_id()
        with operations.act(practice_id, by=SYSTEM, now=NOW) as act:
            assert operations.once(act, command).is_first
            operations.answer(act, command, first)
        with operations.act(practice_id, by=SYSTEM, now=NOW) as act:
            again = operations.once(act, command)
        assert (again.is_first, again.answer) == (False, first)

    def test_who_looked_is_kept(self):
        practice_id, patient = a_practice(), new_id()
        operations.log_access(practice_id, by=SYSTEM, patient_id=patient, page="person", now=NOW)
        assert queries.who_looked(practice_id, patient) == [(NOW, "system", None, "person")]


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["ledger_event", "ledger_access", "ledger_accessseal"])
@pytest.mark.parametrize("statement", ["update {} set practice_id = practice_id", "delete from {}", "truncate {}"])
def test_the_application_can_change_nothing_in_the_record(table, statement):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


@pytest.mark.django_db
def test_an_event_that_does_not_follow_on_is_refused_by_the_database():
    practice_id = a_practice()
    book(practice_id, Ref("appointment", new_id()))
    forged = (
        "insert into ledger_event"
        " (id, practice_id, seq, at, kind, actor_role, subject_kind, subject_id, body, prev, hash)"
        " select gen_random_uuid(), practice_id, seq + 1, at, kind, actor_role, subject_kind, subject_id,"
        " body, hash, hash"
        " from ledger_event where practice_id = %s order by seq desc limit 1"
    )
    with (
        scope.transaction(practice_id),
        pytest.raises(DatabaseError, match="does not follow on"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(forged, [practice_id])


@pytest.mark.parametrize("column", ["body", "prev", "hash", "kind"])
def test_one_flipped_byte_is_named(own_database, cluster, column):
    practice_id, visit = a_practice(), Ref("appointment", new_id())
    book(practice_id, visit)
    for _ in range(3):
        book(practice_id, Ref("appointment", new_id()))
    (seq,) = [h.seq for h in queries.events_of(practice_id, visit)]
    flip = (
        "kind = 'tests.thing.moved'"
        if column == "kind"
        else f"{column} = set_byte({column}, 3, get_byte({column}, 3) # 1)"
    )
    with psycopg.connect(cluster.url(postgres.SUPERUSER, own_database)) as superuser:
        superuser.execute("set session_replication_role = replica")
        superuser.execute(f"update ledger_event set {flip} where seq = %s", [seq])
    report = queries.verify(practice_id)
    assert not report.ok
    assert f"event {seq} " in report.problems[0]


def test_a_body_that_cannot_be_read_any_more_is_named(own_database, cluster, monkeypatch):
    practice_id, visit = a_practice(), Ref("appointment", new_id())
    book(practice_id, visit)
    monkeypatch.setitem(registry._handlers["verify"], "tests", lambda practice_id, _: queries.events(practice_id))
    with psycopg.connect(cluster.url(postgres.SUPERUSER, own_database)) as superuser:
        superuser.execute("set session_replication_role = replica")
        superuser.execute("update ledger_event set body = set_byte(body, 0, 120) where kind = 'tests.thing.made'")
    (seq,) = [queries.last_seq(practice_id)]
    problems = queries.verify(practice_id).problems
    assert problems[0] == f"event {seq} was changed after it was written"
    assert "tests cannot be checked against this record: JSONDecodeError" in problems


def test_a_room_that_stumbles_over_a_whole_record_is_not_hushed_up(own_database, monkeypatch):
    practice_id = a_practice()
    monkeypatch.setitem(registry._handlers["verify"], "tests", lambda *_: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        queries.verify(practice_id)


@pytest.mark.parametrize("kept", ["its head", "its subjects"])
def test_a_chain_cut_short_is_named(own_database, cluster, kept):
    practice_id = a_practice()
    book(practice_id, Ref("appointment", new_id()))
    last = queries.last_seq(practice_id)
    assert queries.verify(practice_id).ok
    cut = {
        "its head": ["delete from ledger_event"],
        "its subjects": [
            f"delete from ledger_event where seq = {last}",
            "update ledger_head h set seq = e.seq, hash = e.hash from"
            " (select seq, hash from ledger_event order by seq desc limit 1) e",
        ],
    }
    with psycopg.connect(cluster.url(postgres.SUPERUSER, own_database)) as superuser:
        superuser.execute("set session_replication_role = replica")
        for statement in cut[kept]:
            superuser.execute(statement)
    assert any("the chain ends at event" in problem for problem in queries.verify(practice_id).problems)


def test_the_owner_is_refused_too(own_database, cluster):
    practice_id = a_practice()
    with psycopg.connect(cluster.url(postgres.OWNER, own_database), autocommit=True) as owner:
        owner.execute("select set_config('glede.practices', %s, false)", [str(practice_id)])
        for statement in (
            "update ledger_event set kind = 'x'",
            "delete from ledger_event",
            "truncate ledger_event cascade",
        ):
            with pytest.raises(psycopg.errors.CheckViolation):
                owner.execute(statement)


def test_a_lost_subject_row_does_not_break_the_chain(own_database):
    practice_id = a_practice()
    with scope.transaction(practice_id):
        assert Subject.objects.filter(kind="practice").count() == 1
    assert queries.verify(practice_id).ok
