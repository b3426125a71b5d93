"""The record read once, from its first event to its last: each event against its hash, its columns, and the tree."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from uuid import UUID

import psycopg
from django.db import connection
from django.db.models import Max
from psycopg.rows import args_row

from glede.kernel.failpoints import guard
from glede.ledger import chain
from glede.ledger.checkpoints import PAGE, Comparison, Kept
from glede.ledger.models import Head, Subject


class Stored(NamedTuple):
    """An event as it stands in the table; all but its bytes as text, as its bytes write it."""

    seq: int
    body: bytes
    prev: bytes
    hash: bytes
    id: str
    at: str
    kind: str
    role: str
    actor: str | None
    subject_kind: str
    subject: str
    patient: str | None


# A million events are read here: ids and times come as text, so that none is made into an object to be written again.
_STORED = """
select seq, body, prev, hash, id::text as id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') as at, kind,
  actor_role as role, actor_id::text as actor, subject_kind, subject_id::text as subject, patient_id::text as patient
from ledger_event where practice_id = %s order by seq
"""


@contextmanager
def _stored(practice_id: UUID) -> Iterator[Iterator[Stored]]:
    raw = connection.connection
    if raw is None or not connection.in_atomic_block:
        raise psycopg.InterfaceError("the record is read inside a transaction")
    with (
        connection.wrap_database_errors,
        psycopg.ServerCursor(raw, "record", row_factory=args_row(Stored)) as cursor,
    ):
        cursor.itersize = PAGE
        cursor.execute(_STORED, [practice_id], binary=True)
        yield iter(cursor)


class Walk:
    """One walk over a practice's record. ``kept`` stands outside the database. Needs a scope."""

    def __init__(self, practice_id: UUID, kept: Kept) -> None:
        self.practice_id = practice_id
        self.tree = Comparison(practice_id, kept)
        self.events = self.seq = 0
        self.problems: list[str] = []
        self._prev, self._name = chain.GENESIS, str(practice_id)
        self._checks_chain = guard("record_chain")

    def go(self) -> None:
        """Read every event, then where the chain should end."""
        with _stored(self.practice_id) as rows:
            for row in rows:
                self._take(row)
        if self._checks_chain:
            self._compare_end()
        self.problems += self.tree.finish()

    def _take(self, row: Stored) -> None:
        self.events += 1
        self.seq += 1
        leaf = chain.leaf(self.practice_id, row.seq, row.body)
        self.tree.add(row.seq, leaf)
        if self._checks_chain:
            self._compare(row, leaf)
        self.seq, self._prev = row.seq, row.hash

    def _compare(self, row: Stored, leaf: bytes) -> None:
        if row.seq != self.seq:
            self.problems.append(f"event {self.seq} is missing (found {row.seq})")
        elif row.prev != self._prev:
            self.problems.append(f"event {row.seq} does not follow from the one before it")
        if chain.link_hash(row.prev, leaf) != row.hash:
            self.problems.append(f"event {row.seq} was changed after it was written")
        elif not columns_agree(row, self._name):
            self.problems.append(f"event {row.seq} has a column that differs from what was recorded")

    def _compare_end(self) -> None:
        head = Head.objects.filter(practice_id=self.practice_id).first()
        if (self.seq, self._prev) != ((head.seq, bytes(head.hash)) if head else (0, chain.GENESIS)):
            self.problems.append(f"the chain ends at event {self.seq}, but its head says otherwise")
        known = Subject.objects.filter(practice_id=self.practice_id).aggregate(last=Max("seq"))["last"] or 0
        if known > self.seq:
            self.problems.append(f"the chain ends at event {self.seq}, but event {known} is known of")


def columns_agree(row: Stored, practice: str) -> bool:
    """Return whether the columns say what the bytes say. Raises ``ValueError`` for bytes that say nothing."""
    at = row.at.removesuffix(".000000") + "+00:00"
    begins = f'{{"actor":["{row.role}",{_quoted(row.actor)}],"at":"{at}","data":'
    ends = (
        f',"id":"{row.id}","kind":"{row.kind}","patient":{_quoted(row.patient)},"practice":"{practice}",'
        f'"subject":["{row.subject_kind}","{row.subject}"],"v":1,"version":'
    )
    text = row.body.decode("ascii")
    version = text.rfind(":") + 1
    # The bytes have one form; where they begin and end as these columns would, reading them tells nothing more.
    if text.startswith(begins) and text.endswith(ends, 0, version) and text[version:-1].isdigit():
        return True
    facts = json.loads(text)
    return bool(
        facts["at"] == at
        and [row.role, row.actor] == facts["actor"]
        and [row.subject_kind, row.subject] == facts["subject"]
        and (row.kind, row.patient, row.id) == (facts["kind"], facts["patient"], facts["id"])
    )


def _quoted(value: str | None) -> str:
    return "null" if value is None else f'"{value}"'
