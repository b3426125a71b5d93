"""How fast a million events are verified, beside reading the same bytes and hashing them alone."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final
from uuid import UUID

import psycopg
from django.db import connection

from glede.kernel import clock
from glede.kernel.actor import SYSTEM
from glede.kernel.ids import new_id, uuid7
from glede.kernel.ref import Ref
from glede.ledger import chain
from glede.ledger.operations import make_checkpoint
from glede.ledger.queries import last_seq, verify
from glede.practices import scope
from glede.practices.arrays import insert_columns
from glede.practices.operations import NewPractice, start_practice

COUNT: Final = 1_000_000
AIM_SECONDS: Final = 30.0
A_TRANSACTION: Final = 10_000
NOW: Final = datetime(2026, 11, 24, 8, 12, tzinfo=UTC)
KINDS: Final = ("people.contact.added", "people.preference.set", "people.consent.given", "people.patient.corrected")


def measure(count: int = COUNT) -> dict[str, Any]:
    """Fill a practice's record with ``count`` events, verify it, and return the figures."""
    new = NewPractice(name="Bench", country="NO", language="nb", zone="Europe/Oslo", virtual_now=NOW)
    practice_id = start_practice(new, by=SYSTEM, now=NOW).pk
    began = clock.monotonic()
    fill(practice_id, count - last_seq(practice_id))
    filled = clock.monotonic() - began
    make_checkpoint(practice_id, at=NOW)
    limit = read_and_hash_seconds(practice_id)
    began = clock.monotonic()
    report = verify(practice_id)
    took = clock.monotonic() - began
    if not report.ok or report.events != count:
        raise AssertionError(f"{report.events} of {count} events, {report.problems[:1]}")
    return {
        "bench": "verify",
        "figure": round(took, 2),
        "unit": f"s for {count:,} events",
        "limit": round(limit, 2),
        "limit_words": "reading the bytes of the same events in order and taking SHA-256 of each, in the same run",
        "ratio": round(took / limit, 2),
        "target": AIM_SECONDS,
        "ok": took <= AIM_SECONDS * count / COUNT or took <= 1,
        "events_a_second": round(count / took),
        "appended_a_second": round(count / filled),
        "checkpoints": report.counts["checkpoints"],
    }


def fill(practice_id: UUID, count: int) -> None:
    """Append made-up events, chained as every other is, past every guard of the database."""
    drafts = _drafts()
    for first in range(0, count, A_TRANSACTION):
        with scope.transaction(practice_id), connection.cursor() as cursor:
            cursor.execute("select seq, hash from ledger_take_head(%s, %s)", [practice_id, new_id()])
            seq, prev = cursor.fetchone()
            some = list(islice(drafts, min(A_TRANSACTION, count - first)))
            links = list(chain.link_up(practice_id, seq, bytes(prev), (chain.body_of(practice_id, d) for d in some)))
            insert_columns(
                "ledger_event",
                [
                    ("id", "uuid", [d.id for d in some]),
                    ("practice_id", "uuid", [practice_id] * len(some)),
                    ("seq", "bigint", [link.seq for link in links]),
                    ("at", "timestamptz", [d.at for d in some]),
                    ("kind", "text", [d.kind for d in some]),
                    ("actor_role", "text", [d.by.role for d in some]),
                    ("subject_kind", "text", [d.subject.kind for d in some]),
                    ("subject_id", "uuid", [d.subject.id for d in some]),
                    ("patient_id", "uuid", [d.patient for d in some]),
                    ("body", "bytea", [link.body for link in links]),
                    ("prev", "bytea", [link.prev for link in links]),
                    ("hash", "bytea", [link.hash for link in links]),
                ],
            )


def _drafts() -> Iterator[chain.Draft]:
    at, number = NOW - timedelta(days=3650), 0
    while True:
        number += 1
        at += timedelta(seconds=300)
        millis = int(at.timestamp() * 1000)
        patient, event = uuid7(millis, number % 50_000), uuid7(millis, number)
        data = {"contact": str(event), "kind": "phone", "rank": number % 3}
        yield chain.Draft(
            event, at, KINDS[number % len(KINDS)], SYSTEM, Ref("patient", patient), patient, 1 + number % 4, data
        )


def read_and_hash_seconds(practice_id: UUID) -> float:
    """Return how long it takes to read the bytes of every event in order and hash each, with nothing else done."""
    began = clock.monotonic()
    with scope.transaction(practice_id, read_only=True):
        raw = connection.connection
        if raw is None:
            raise psycopg.InterfaceError("not connected")
        with psycopg.ServerCursor(raw, "bench") as cursor:
            cursor.itersize = A_TRANSACTION
            cursor.execute("select body from ledger_event where practice_id = %s order by seq", [practice_id])
            for (body,) in cursor:
                hashlib.sha256(body).digest()
    return clock.monotonic() - began
