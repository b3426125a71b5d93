"""Carry over what must not be lost with a return: visits, people, talk and promises, or at the least every refusal.

Rows come as they are, under their own ids, so that a patient's link goes on opening their visit; the events that tell
of them are appended to the record once more, with their own times. Written as the application's role, past every guard.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models
from psycopg import sql

from glede.config.backups import newer
from glede.config.backups.databases import Connection
from glede.kernel.actor import SYSTEM
from glede.ledger import registry
from glede.ledger.chain import Draft
from glede.ledger.operations import act
from glede.ledger.queries import last_seq
from glede.people.operations import erase_patient
from glede.practices import scope

ROOMS = ("people", "catalogue", "staff", "diary", "inbox", "feedback", "promises")
BESIDE = ("journeys_calloutcome",)  # what came of a call; the rest of that room is planned anew
REFUSALS = ("people_consentevent", "people_contactpreference", "people_suppression")
REFUSING = ["people.consent.", "people.preference."]
# Unique by what they say, whatever their id: forgetting somebody again has written them already.
_KEPT_AS_THEY_ARE = frozenset({"people_suppression"})
_CHUNK = 500


def carry_all(practice_id: UUID, source: Connection, *, now: datetime) -> None:
    """Bring people, visits, conversations, responses and promises to where the newer database has them."""
    after = last_seq(practice_id)
    with scope.transaction(practice_id):
        forgotten = _forgotten_since(practice_id, source, and_merged=True)
        _take_colleagues(practice_id, source)
        for model in _models():
            _bring(practice_id, source, model)
        _take_links(practice_id, source)
        for patient_id in forgotten:
            for _room, handler in sorted(registry.handlers("erase").items()):
                handler(practice_id, patient_id, by=SYSTEM, now=now)
        told = newer.drafts(source, practice_id, after=after, prefixes=[f"{room}." for room in ROOMS])
        _tell(practice_id, told, now)
        _freshen(practice_id, newer.versions(source, practice_id))


def carry_refusals(practice_id: UUID, source: Connection, *, now: datetime) -> None:
    """Forget again who was forgotten since, keep who was taken out, and take over every refusal and wish."""
    after = last_seq(practice_id)
    with scope.transaction(practice_id):
        for patient_id in _forgotten_since(practice_id, source):
            erase_patient(practice_id=practice_id, patient_id=patient_id, reason="restored", by=SYSTEM, now=now)
        _take_endings(practice_id, source)
        people = _known(practice_id)
        for model in _models(REFUSALS):
            _bring(practice_id, source, model, of=people)
        told = newer.drafts(source, practice_id, after=after, prefixes=REFUSING)
        _tell(practice_id, [draft for draft in told if draft.patient in people], now)


def differences(practice_id: UUID, source: Connection, table: str, columns: Sequence[str] = ()) -> newer.Since:
    """Return how the rows of a table, or some of their columns, differ from those of the newer database."""
    with scope.transaction(practice_id):
        connection.ensure_connection()
        here = newer.digests(connection.connection, table, practice_id, columns)
    return newer.since(newer.digests(source, table, practice_id, columns), here)


def _models(tables: Sequence[str] = ()) -> list[type[models.Model]]:
    ours = [m for m in apps.get_models() if m._meta.app_label in ROOMS or m._meta.db_table in BESIDE]
    ours = [m for m in ours if not m._meta.db_table.startswith("outside_")]
    ours = [m for m in ours if any(f.name == "practice" for f in m._meta.local_fields)]
    return [m for m in ours if m._meta.db_table in tables] if tables else ours


def _bring(practice_id: UUID, source: Connection, model: type[models.Model], *, of: set[UUID] | None = None) -> None:
    """Bring the rows of a table; ``of`` leaves out those of people who are not here."""
    table = model._meta.db_table
    differ = differences(practice_id, source, table)
    if differ.gone and _may(table, "delete") and of is None:
        _run(sql.SQL("delete from {} where practice_id = %s and id = any (%s)"), table, [practice_id, differ.gone])
    # Changed rows first: a time that was given back is free before it is taken again.
    for ids in (differ.changed if _may(table, "update") else [], differ.added):
        for some in _chunks(ids):
            told = newer.rows(source, table, some)
            _write(model, [row for row in told if of is None or _is_of(row, of)])


def _is_of(row: dict[str, Any], people: set[UUID]) -> bool:
    return "patient_id" not in row or UUID(row["patient_id"]) in people


def _write(model: type[models.Model], told: list[dict[str, Any]]) -> None:
    table = model._meta.db_table
    names = [f.column for f in model._meta.local_concrete_fields if not getattr(f, "generated", False)]
    columns = sql.Composed([sql.Identifier(name) for name in names if name]).join(", ")
    if _may(table, "update") and table not in _KEPT_AS_THEY_ARE:
        taken = [
            sql.SQL("{c} = excluded.{c}").format(c=sql.Identifier(name)) for name in names if name and name != "id"
        ]
        conflict = sql.SQL("on conflict (id) do update set ") + sql.Composed(taken).join(", ")
    else:
        conflict = sql.Composed([sql.SQL("on conflict do nothing")])
    statement = sql.SQL("insert into {t} ({c}) select {c} from jsonb_populate_recordset(null::{t}, %s) {conflict}")
    with connection.cursor() as cursor:
        cursor.execute(statement.format(t=sql.Identifier(table), c=columns, conflict=conflict), [json.dumps(told)])


def known_to(practice_id: UUID) -> tuple[set[UUID], set[UUID]]:
    """Return the people and the subjects of events that are here: about others nothing can be told twice."""
    with scope.transaction(practice_id), connection.cursor() as cursor:
        cursor.execute("select subject_id from ledger_subject where practice_id = %s", [practice_id])
        subjects = {row[0] for row in cursor.fetchall()}
        return _known(practice_id), subjects


def _may(table: str, right: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select has_table_privilege(%s, %s)", [table, right])
        return bool(cursor.fetchone()[0])


def _run(statement: sql.SQL, table: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(sql.Identifier(table)), values)


def _known(practice_id: UUID) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("select id from people_patient where practice_id = %s", [practice_id])
        return {row[0] for row in cursor.fetchall()}


def _forgotten_since(practice_id: UUID, source: Connection, *, and_merged: bool = False) -> list[UUID]:
    told = source.execute(
        "select id from people_patient where practice_id = %s and erased_at is not null"
        " and (merged_into_id is null or %s)",
        [practice_id, and_merged],
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "select id from people_patient where practice_id = %s and erased_at is null and id = any (%s)",
            [practice_id, [row[0] for row in told.fetchall()]],
        )
        return sorted(row[0] for row in cursor.fetchall())


def _take_colleagues(practice_id: UUID, source: Connection) -> None:
    """Take users and memberships as they are now, so that who came is known and who went stays out."""
    of_users = "select to_jsonb(u) from outside_user u where exists (select 1 from outside_membership m" \
        " where m.user_id = u.id and m.practice_id = %s)"  # fmt: skip
    of_members = "select to_jsonb(m) from outside_membership m where m.practice_id = %s order by m.ended_at is null"
    for table, question in (("outside_user", of_users), ("outside_membership", of_members)):
        model = next(m for m in apps.get_models() if m._meta.db_table == table)
        _write(model, [row[0] for row in source.execute(question, [practice_id]).fetchall()])


def _take_endings(practice_id: UUID, source: Connection) -> None:
    ended = source.execute(
        "select id, ended_at from outside_membership where practice_id = %s and ended_at is not null", [practice_id]
    ).fetchall()
    with connection.cursor() as cursor:
        cursor.executemany(
            "update outside_membership set ended_at = %s where id = %s and ended_at is null",
            [(ended_at, key) for key, ended_at in ended],
        )


def _take_links(practice_id: UUID, source: Connection) -> None:
    links = source.execute(
        "select hash, practice_id, kind from outside_link_index where practice_id = %s", [practice_id]
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into outside_link_index (hash, practice_id, kind) values (%s, %s, %s) on conflict do nothing",
            links.fetchall(),
        )


def _tell(practice_id: UUID, told: Iterable[Draft], now: datetime) -> None:
    waiting = iter(told)
    while some := list(islice(waiting, _CHUNK)):
        with act(practice_id, by=SYSTEM, now=now) as telling:
            telling.lock(*{draft.subject for draft in some})
            telling.drafts.extend(some)


def _freshen(practice_id: UUID, told: list[tuple[str, UUID, int]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "update ledger_subject set version = %s where practice_id = %s and kind = %s and subject_id = %s"
            " and version < %s",
            [(version, practice_id, kind, subject, version) for kind, subject, version in told],
        )


def _chunks(ids: list[UUID]) -> Iterable[list[UUID]]:
    waiting = iter(ids)
    while some := list(islice(waiting, _CHUNK)):
        yield some
