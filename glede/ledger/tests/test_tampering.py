"""Somebody with every right on the database, but without the key and the folder: ten thousand times, at random.

Each tampering is done for real by the superuser, judged by what ``glede verify`` judges by, and taken back. What
touches an event at or before the last checkpoint is found and the first event that is not as it was is named; of
what came later all is found but an end written wholly anew.
"""

import contextlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections

from glede.config import postgres
from glede.kernel import failpoints
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.ledger import chain, merkle, notes, outside, queries, registry
from glede.ledger.models import Event
from glede.ledger.operations import make_checkpoint
from glede.ledger.tests.test_ledger import NOW, a_practice, book
from glede.practices import scope
from tests.depth import DEPTH, count

SEED = 20261122
SIGNED_EVERY, CHECKPOINTS, LATER = 9, 3, 8
"""Events between two checkpoints, how many checkpoints, and events after the last."""
Row = dict[str, Any]
TIMES = count(10_000) if DEPTH > 1 else 250
COLUMNS = ("kind", "actor_role", "subject_kind", "subject_id", "patient_id", "at")


class TakenBack(Exception):
    """Ends a tampering: nothing of it stays."""


@dataclass
class Record:
    """The record as it was, and a dice of its own."""

    practice_id: UUID
    rows: list[Row]
    signed: int
    dice: random.Random

    @property
    def size(self) -> int:
        """How many events there are."""
        return len(self.rows)


@dataclass
class Done:
    """What was done: the first event that is not as it was, and whether the database alone could never tell."""

    first: int
    is_anew: bool = False


@pytest.fixture
def superuser(own_database, cluster, tmp_path, settings, monkeypatch) -> None:
    """Let Django itself be the superuser, whom no wall, no right and no trigger stops."""
    settings.GLEDE_HOME = tmp_path
    monkeypatch.setattr(registry, "handlers", lambda act: {})
    connections.close_all()
    connections.settings["default"].update(USER=postgres.SUPERUSER, PASSWORD=cluster.password(postgres.SUPERUSER))


def a_record(seed: int) -> Record:
    practice_id = a_practice()
    for place in range(CHECKPOINTS * SIGNED_EVERY + LATER):
        book(practice_id, Ref("appointment", new_id()), day="2026-11-26", at="09:00")
        if place % SIGNED_EVERY == SIGNED_EVERY - 1:
            assert make_checkpoint(practice_id, at=NOW)
    outside.carry_out(practice_id)
    with scope.transaction(practice_id):
        rows: list[Row] = [{**row} for row in Event.objects.filter(practice_id=practice_id).order_by("seq").values()]
    signed = max(note.size for note in outside.kept(practice_id).checkpoints)
    return Record(practice_id, rows, signed, random.Random(seed))


def problems_after(record: Record, tamper: Callable[[Record, Any], Done]) -> tuple[Done, list[str]]:
    """Tamper, look, and take it back."""
    done, found = Done(0), [""]
    with contextlib.suppress(TakenBack), scope.transaction(record.practice_id), connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        done = tamper(record, cursor)
        found = queries.verify(record.practice_id, outside.kept(record.practice_id)).problems
        found += outside.differences(record.practice_id)[0]
        raise TakenBack
    return done, found


def flip_a_bit(record: Record, cursor: Any) -> Done:
    seq = record.dice.randint(1, record.size)
    column = record.dice.choice(["body", "body", "body", "prev", "hash"])
    bit = record.dice.randrange(8 * len(record.rows[seq - 1][column]))
    cursor.execute(
        f"update ledger_event set {column} = set_bit({column}, %s, 1 - get_bit({column}, %s)) where seq = %s",
        [bit, bit, seq],
    )
    return Done(seq)


def edit_a_column(record: Record, cursor: Any) -> Done:
    seq, column = record.dice.randint(1, record.size), record.dice.choice(COLUMNS)
    other = {
        "kind": "kind || 'x'", "actor_role": "actor_role || 'x'", "subject_kind": "subject_kind || 'x'",
        "subject_id": "gen_random_uuid()", "patient_id": "gen_random_uuid()", "at": "at + interval '1 microsecond'",
    }[column]  # fmt: skip
    cursor.execute(f"update ledger_event set {column} = {other} where seq = %s", [seq])
    return Done(seq)


def edit_with_its_hash(record: Record, cursor: Any) -> Done:
    """Change what an event says, and give it the hash that fits; those after it stay."""
    seq = record.dice.randint(1, record.size - 1)
    row = bent(record, record.rows[seq - 1])
    write(record, cursor, seq, row["prev"], [row], upto=seq)
    return Done(seq)


def swap_two(record: Record, cursor: Any) -> Done:
    one, other = sorted(record.dice.sample(range(1, record.size + 1), 2))
    for seq, to in ((one, -1), (other, one), (-1, other)):
        cursor.execute("update ledger_event set seq = %s where seq = %s", [to, seq])
    return Done(one)


def remove_some(record: Record, cursor: Any) -> Done:
    """Take one to three out; at the end with the head set back and no subject that knows of them."""
    first = record.dice.randint(1, record.size)
    last = min(record.size, first + record.dice.randint(0, 2))
    cursor.execute("delete from ledger_event where seq between %s and %s", [first, last])
    is_anew = last == record.size and record.dice.random() < 0.5
    if is_anew:
        set_head(cursor, first - 1, record.rows[first - 2]["hash"] if first > 1 else bytes(32))
    return Done(first, is_anew)


def rehash_the_tail(record: Record, cursor: Any) -> Done:
    """Change, leave out or add one event, and give all that follow their true hashes."""
    first = record.dice.randint(1, record.size)
    rows, way = list(record.rows[first - 1 :]), record.dice.choice(["bent", "out", "in"])
    if way == "bent":
        rows[0] = bent(record, rows[0])
    elif way == "out" and len(rows) > 1:
        del rows[0]
    else:
        rows.insert(0, {**bent(record, rows[0]), "id": new_id()})
    write(record, cursor, first, record.rows[first - 2]["hash"] if first > 1 else bytes(32), rows)
    return Done(first, is_anew=True)


def rewrite_all(record: Record, cursor: Any) -> Done:
    """The tail, and every checkpoint in the database made to fit: with another key, or with none."""
    done = rehash_the_tail(record, cursor)
    cursor.execute("select body from ledger_event order by seq")
    leaves = [chain.leaf(record.practice_id, seq, body) for seq, (body,) in enumerate(cursor.fetchall(), start=1)]
    cursor.execute("select number, size, public_key, signature from ledger_checkpoint order by number")
    before = notes.NOTHING
    for number, size, key, signature in cursor.fetchall():
        frontier = merkle.Frontier()
        frontier.extend(leaves[:size])
        note = notes.Note(notes.CHECKPOINT, record.practice_id, number, frontier.size, frontier.root(), NOW, before)
        before = notes.Signed(note.text(), key, signature).digest
        cursor.execute(
            "update ledger_checkpoint set size = %s, root = %s, frontier = %s, note = %s where number = %s",
            [note.size, note.root, frontier.kept(), note.text(), number],
        )
    return done


def forget_the_checkpoints(record: Record, cursor: Any) -> Done:
    """Write the end anew, and take the checkpoints over it out of the database, or all of them."""
    done = rehash_the_tail(record, cursor)
    cursor.execute("delete from ledger_checkpoint where size >= %s", [record.dice.choice([0, done.first])])
    return done


def cut_off(record: Record, cursor: Any) -> Done:
    """Take the end away, with all that knows of it in the database."""
    first = record.dice.randint(1, record.size)
    cursor.execute("delete from ledger_event where seq >= %s", [first])
    cursor.execute("delete from ledger_checkpoint where size >= %s", [first])
    set_head(cursor, first - 1, record.rows[first - 2]["hash"] if first > 1 else bytes(32))
    return Done(first, is_anew=True)


def bent(record: Record, row: Row) -> Row:
    body = bytes(row["body"]).replace(b'"09:00"', b'"%02d:30"' % record.dice.randrange(24))
    return {**row, "body": body if body != bytes(row["body"]) else body.replace(b'"v":1', b'"v":2')}


def write(record: Record, cursor: Any, first: int, prev: bytes, rows: list[Row], upto: int | None = None) -> None:
    """Put ``rows`` in the place of the events from ``first`` on (to ``upto``), truly chained, and move the head."""
    cursor.execute("delete from ledger_event where seq >= %s and seq <= %s", [first, upto or record.size])
    links = list(chain.link_up(record.practice_id, first - 1, bytes(prev), [bytes(row["body"]) for row in rows]))
    names = list(rows[0])
    places = ", ".join(["%s"] * len(names))
    written = [
        [{**row, "seq": k.seq, "body": k.body, "prev": k.prev, "hash": k.hash}[name] for name in names]
        for row, k in zip(rows, links, strict=True)
    ]
    cursor.executemany(f"insert into ledger_event ({', '.join(names)}) values ({places})", written)
    if upto is None:
        set_head(cursor, links[-1].seq, links[-1].hash)


def set_head(cursor: Any, seq: int, digest: bytes) -> None:
    cursor.execute("update ledger_head set seq = %s, hash = %s", [seq, digest])
    cursor.execute("update ledger_subject set seq = least(seq, %s)", [seq])


WAYS = [
    flip_a_bit, edit_a_column, edit_with_its_hash, swap_two, remove_some, rehash_the_tail, rewrite_all,
    forget_the_checkpoints, cut_off,
]  # fmt: skip


def missed(record: Record, ways: Sequence[Callable[[Record, Any], Done]], times: int) -> list[str]:
    """Tamper so many times, and return what was not found as it must be."""
    wrong = []
    for number in range(times):
        way = record.dice.choice(ways)
        done, found = problems_after(record, way)
        if done.first <= record.signed:
            is_told = f"event {done.first} " in " ".join(found) + " "
        else:
            is_told = done.is_anew or bool(found)
        if not is_told:
            wrong.append(
                f"{number}: {way.__name__} from {done.first} of {record.size}, {record.signed} signed: {found}"
            )
    return wrong


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_whatever_is_done_to_what_was_signed_is_found_and_the_first_event_named(superuser):
    record = a_record(SEED)
    assert missed(record, WAYS, TIMES) == []
    assert problems_after(record, lambda *_: Done(record.size + 1, is_anew=True))[1] == []


CONTROLS = [
    ("record_chain", edit_with_its_hash),
    ("checkpoint_root", rehash_the_tail),
    ("record_file", rewrite_all),
]


def test_without_any_one_of_the_checks_something_passes(superuser):
    for guard, way in CONTROLS:
        record = a_record(SEED)
        assert missed(record, [way], 12) == []
        failpoints.remove_guards(*([guard, "record_signature"] if guard == "record_file" else [guard]))
        try:
            assert missed(record, [way], 12), guard
        finally:
            failpoints.remove_guards()
