"""What the database knew since its backup: read from the one kept aside, practice by practice, as far as it goes."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from glede.config.backups.databases import Connection
from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.chain import Draft
from glede.outbox.operations import Twin

_BEFORE = timedelta(days=1)  # a message under way at the backup's moment was closed a little later
_HAS_RECORD = "select to_regclass('public.ledger_head') is not null"


@dataclass(frozen=True)
class Since:
    """How the rows of one table differ: ids only the newer one has, has otherwise, and has no longer."""

    added: list[UUID] = field(default_factory=list)
    changed: list[UUID] = field(default_factory=list)
    gone: list[UUID] = field(default_factory=list)


@contextlib.contextmanager
def readable(url: str) -> Iterator[Connection | None]:
    """Open the newer database for reading; None where it cannot be, or was never used."""
    connection = None
    with contextlib.suppress(psycopg.Error):
        connection = psycopg.connect(url, autocommit=True)
        connection.execute("set default_transaction_read_only = on")
        found = connection.execute(_HAS_RECORD).fetchone()
        if not found or not found[0]:
            connection.close()
            connection = None
    try:
        yield connection
    finally:
        if connection is not None:
            connection.close()


def practices_of(newer: Connection) -> set[str]:
    """Return the practices in use there, by their short names."""
    found = newer.execute("select slug from outside_practice where retired_at is null")
    return {slug for (slug,) in found.fetchall()}


def is_withdrawn(newer: Connection, practice_id: UUID) -> tuple[bool, bool]:
    """Return whether the practice had gone back to rehearsal, and whether it was put out of use."""
    found = newer.execute("select mode, retired_at from outside_practice where id = %s", [practice_id]).fetchone()
    return bool(found and found[0] == "rehearsal"), bool(found and found[1])


def goes_on(newer: Connection, practice_id: UUID, *, seq: int, digest: bytes) -> bool:
    """Return whether the newer record is the same one, further on: the wall is opened for this practice."""
    newer.execute("select set_config('glede.practices', %s, false)", [str(practice_id)])
    if seq == 0:
        return newer.execute("select 1 from outside_practice where id = %s", [practice_id]).fetchone() is not None
    row = newer.execute("select hash from ledger_event where practice_id = %s and seq = %s", [practice_id, seq])
    found = row.fetchone()
    return bool(found and bytes(found[0]) == digest)


def digests(newer: Any, table: str, practice_id: UUID, columns: Sequence[str] = ()) -> dict[UUID, str]:
    """Return the digest of every row of a practice by its id, from either database: of some columns, or of all."""
    named = sql.Composed([sql.Identifier(name) for name in columns]).join(", ")
    what = sql.SQL("({})").format(named) if columns else sql.SQL("{}").format(sql.Identifier("t"))
    statement = sql.SQL("select id, md5({w}::text) from {t} t where practice_id = %s")
    return dict(newer.execute(statement.format(w=what, t=sql.Identifier(table)), [practice_id]).fetchall())


def since(there: dict[UUID, str], here: dict[UUID, str]) -> Since:
    """Return how the rows there differ from those here."""
    return Since(
        added=sorted(there.keys() - here.keys()),
        changed=sorted(key for key in there.keys() & here.keys() if there[key] != here[key]),
        gone=sorted(here.keys() - there.keys()),
    )


def rows(newer: Connection, table: str, ids: list[UUID]) -> list[dict[str, Any]]:
    """Return rows as JSON, by id."""
    statement = sql.SQL("select to_jsonb(t) from {} t where id = any (%s) order by id").format(sql.Identifier(table))
    return [row[0] for row in newer.execute(statement, [ids]).fetchall()]


def drafts(newer: Connection, practice_id: UUID, *, after: int, prefixes: list[str]) -> list[Draft]:
    """Return the events after ``after`` whose kinds begin so, as they were recorded."""
    found = newer.execute(
        "select id, at, kind, actor_role, actor_id, subject_kind, subject_id, patient_id,"
        " convert_from(body, 'UTF8')::jsonb from ledger_event where practice_id = %s and seq > %s"
        " and kind like any (%s) order by seq",
        [practice_id, after, [f"{prefix}%" for prefix in prefixes]],
    )
    return [
        Draft(key, at, kind, Actor(role, who), Ref(of, subject), patient, facts["version"], facts["data"])
        for key, at, kind, role, who, of, subject, patient, facts in found.fetchall()
    ]


def versions(newer: Connection, practice_id: UUID) -> list[tuple[str, UUID, int]]:
    """Return how fresh the visits and people were."""
    found = newer.execute(
        "select kind, subject_id, version from ledger_subject where practice_id = %s and version > 1"
        " and kind in ('appointment', 'patient')",
        [practice_id],
    )
    return [(kind, subject, version) for kind, subject, version in found.fetchall()]


_TWINS = """
select to_jsonb(t), to_jsonb(m), coalesce(a.tried, '[]'::jsonb), coalesce(a.was_begun, false)
from outbox_touch t
join lateral (select * from outbox_message o where o.practice_id = t.practice_id and o.touch_id = t.id
              order by n desc limit 1) m on true
left join lateral (select jsonb_agg(to_jsonb(x) order by x.at, x.id) as tried,
                     bool_or(x.kind = 'begun' and x.fence = m.fence) as was_begun
                   from outbox_attempt x where x.practice_id = m.practice_id and x.message_id = m.id) a on true
where t.practice_id = %s and t.live
  and (m.state in ('sending', 'unknown') or greatest(m.closed_at, t.closed_at) > %s)
"""


def twins(newer: Connection, practice_id: UUID, *, backup_at: datetime) -> list[Twin]:
    """Return every live touch that may have ended since the backup, with its last message and all attempts."""
    found = newer.execute(_TWINS, [practice_id, backup_at - _BEFORE])
    return [Twin(touch, message, tried, begun) for touch, message, tried, begun in found.fetchall()]


_VISITS = """
select a.id, a.patient_id, a.starts_at, a.state, p.given_name, p.family_name
from diary_appointment a join people_patient p on p.practice_id = a.practice_id and p.id = a.patient_id
where a.practice_id = %s and a.id = any (%s) order by a.starts_at, a.id
"""


def visits(newer: Connection, practice_id: UUID, differ: Since) -> list[dict[str, Any]]:
    """Return the visits that differ, each with what happened since and whose it is."""
    added = set(differ.added)
    found = newer.execute(_VISITS, [practice_id, [*differ.added, *differ.changed]])
    return [
        {
            "what": "booked" if key in added else ("cancelled" if state == "cancelled" else "changed"),
            "visit": str(key),
            "patient": str(patient),
            "starts_at": starts_at.isoformat(),
            "state": state,
            "name": f"{given} {family}".strip(),
        }
        for key, patient, starts_at, state, given, family in found.fetchall()
    ]
