"""Bring a restored database to where nothing is told twice and nothing is lost that is still known.

Runs on the restored database before anybody else can reach it: sending is off for every practice on real time, and
stays off until its owner has seen what differs.
"""

import contextlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg
from django.db import DatabaseError

from glede.config.backups import carrying, newer
from glede.config.backups.databases import Connection
from glede.journeys.operations import follow, is_behind
from glede.kernel import clock
from glede.kernel.actor import SYSTEM
from glede.kernel.failpoints import guard
from glede.ledger.queries import head_of
from glede.outbox.operations import Twin, doubt_what_was_due, take_over_fates
from glede.practices import scope
from glede.practices.models import Practice
from glede.practices.operations import Returned, begin_restored, go_back_to_rehearsal, retire_practice
from glede.practices.queries import practice_by_id, practice_now, practices_in_use

MOST_LINES = 1000
_COUNTED = {
    "visits": "diary_appointment", "people": "people_patient", "messages_in": "inbox_inboundmessage",
    "replies": "inbox_reply", "responses": "feedback_response", "promises": "promises_promise",
}  # fmt: skip
_PLACE = ("state", "day", "starts_at", "practitioner_id")  # what makes a visit another one for who comes to it
CARRIED, COMPARED, SHOWN, UNREADABLE = "carried", "compared", "shown", "unreadable"


@dataclass
class Seen:
    """What the newer database tells of one practice."""

    newer: str = UNREADABLE
    why: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    lines: list[dict[str, Any]] = field(default_factory=list)
    twins: list[Twin] = field(default_factory=list)


@dataclass(frozen=True)
class Return:
    """The return that is under way: which backup, what is kept aside, and whether visits are carried over."""

    backup_at: datetime
    file_name: str
    kept_as: str
    carries: bool


def reconcile(source: Connection | None, this: Return, *, now: datetime) -> dict[str, dict[str, Any]]:
    """Reconcile every practice on real time and return, by slug, what differs. ``now`` is the machine's time.

    A practice whose clock is moved by hand sends nothing, so it stands as it stood; what differs is told.
    """
    found = {}
    for practice in practices_in_use():
        if practice.is_virtual:
            found[practice.slug] = _told(_looked_at(practice, source), practice_now(practice))
            continue
        seen = _seen(practice, source, this, now)
        _settle(practice, seen, now)
        returned = Returned(
            backup_at=this.backup_at,
            file_name=this.file_name,
            newer=seen.newer,
            kept_as=this.kept_as,
            counts=seen.counts,
            lines=[{k: v for k, v in line.items() if k != "name"} for line in _coming(seen, now)],
        )
        begin_restored(practice_id=practice.pk, returned=returned, by=SYSTEM, now=now)
        found[practice.slug] = _told(seen, now)
    return found


def _told(seen: Seen, now: datetime) -> dict[str, Any]:
    return {"newer": seen.newer, "why": seen.why, "counts": seen.counts, "lines": _coming(seen, now)}


def _looked_at(practice: Practice, source: Connection | None) -> Seen:
    seen = Seen()
    with contextlib.suppress(psycopg.Error):
        if source is not None and newer.goes_on(source, practice.pk, **head_of(practice.pk)):
            seen.counts, seen.lines = _differences(practice, source)
            seen.newer = SHOWN
    return seen


def _coming(seen: Seen, now: datetime) -> list[dict[str, Any]]:
    return [line for line in seen.lines if datetime.fromisoformat(line["starts_at"]) >= now][:MOST_LINES]


def _seen(practice: Practice, source: Connection | None, this: Return, now: datetime) -> Seen:
    """Read what the newer database tells, and carry over what may be; less where it can be read less well."""
    seen = Seen()
    if source is None or not guard("newer_read"):
        return seen
    try:
        if not newer.goes_on(source, practice.pk, **head_of(practice.pk)):
            return Seen(why=["the record of then is not the beginning of the one of now"])
        seen.twins = newer.twins(source, practice.pk, backup_at=this.backup_at)
        seen.counts, seen.lines = _differences(practice, source)
        withdrawn = newer.is_withdrawn(source, practice.pk)
    except psycopg.Error as error:
        return Seen(why=[_said(error)])
    steps = [(carrying.carry_all, CARRIED)] if this.carries else []
    for carry, word in [*steps, (carrying.carry_refusals, COMPARED)]:
        try:
            carry(practice.pk, source, now=now)
        except (psycopg.Error, DatabaseError) as error:
            seen.why.append(_said(error))  # its transaction is undone; less is asked of it next
            continue
        seen.newer = word
        _withdraw(practice, *withdrawn, now=now)
        return seen
    return Seen(why=seen.why)


def _withdraw(practice: Practice, is_rehearsing: bool, is_retired: bool, *, now: datetime) -> None:
    """Let a practice that had gone back to rehearsal, or out of use, be so here too: nothing is sent after a no."""
    if is_rehearsing and practice.is_live:
        go_back_to_rehearsal(practice_id=practice.pk, by=SYSTEM, now=now)
    if is_retired:
        retire_practice(practice_id=practice.pk, by=SYSTEM, now=now)


def _said(error: Exception) -> str:
    """Return what the server said, without the values it may have named."""
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    return (cause.diag.message_primary if isinstance(cause, psycopg.Error) else "") or type(error).__name__


def _differences(practice: Practice, source: Connection) -> tuple[dict[str, int], list[dict[str, Any]]]:
    counts, lines = {}, []
    for word, table in _COUNTED.items():
        differ = carrying.differences(practice.pk, source, table, _PLACE if word == "visits" else ())
        counts[f"{word}_new"] = len(differ.added)
        if word in {"visits", "people"}:
            counts[f"{word}_changed"] = len(differ.changed)
        if word == "visits":
            lines = newer.visits(source, practice.pk, differ)
    return counts, lines


def _settle(practice: Practice, seen: Seen, now: datetime) -> None:
    """End what left or may have left; then plan what is owed, and look again, for the plan may find more."""
    practice = practice_by_id(practice.pk)
    counts: Counter[str] = Counter()
    if seen.newer != UNREADABLE:
        people, subjects = carrying.known_to(practice.pk)
        twins = [t for t in seen.twins if t.patient_id in people and t.subject_id in subjects]
        counts += take_over_fates(practice_id=practice.pk, twins=twins, by=SYSTEM, now=now)
    while is_behind(practice, now=now):
        if not follow(practice.pk, now=now):
            break
    if seen.newer == UNREADABLE and practice.is_live:
        counts += doubt_what_was_due(practice_id=practice.pk, until=now, by=SYSTEM, now=now)
    seen.counts |= {f"messages_{word}": number for word, number in counts.items()}


def forget_sessions() -> None:
    """End every session and every calendar of a colleague: they may have been closed, or taken out, since."""
    from django.db import connection

    with scope.outside(), connection.cursor() as cursor:
        cursor.execute("delete from django_session")
        cursor.execute("update outside_day_feed set ended_at = %s where ended_at is null", [clock.now()])
