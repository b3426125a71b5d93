"""Is the diary what the record says? Visits are the fold of their events, claims belong to them, none overlap, and
every receipt code ever given leads to its visit.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef

from glede.diary import events, rules
from glede.diary.folding import fold
from glede.diary.models import Appointment, Claim, HeldTime
from glede.diary.receipts import GONE, NOWHERE, OTHER, Receipts
from glede.ledger.models import Event
from glede.ledger.queries import Happening, Report, happenings

CHUNK = 2000
BESIDE = (Claim.Kind.ROOM, Claim.Kind.DEVICE)


@dataclass
class Told:
    """What the record tells of one visit: its state and where it lies, by its last event that says so."""

    state: rules.State | None = None
    place: Mapping[str, Any] = field(default_factory=dict)
    changes: int = 0


def verify(practice_id: UUID, report: Report) -> None:
    """Add to ``report`` every visit without an event, event without a visit, difference and overlap."""
    told = {key: _told(group) for key, group in by_visit(practice_id)}
    held = _held(practice_id)
    visits = 0
    for visit in Appointment.objects.filter(practice_id=practice_id).order_by("id").iterator(chunk_size=CHUNK):
        visits += 1
        tale = told.pop(visit.pk, None)
        report.problems += _differences(visit, tale)
        report.problems += _wrong_claims(visit, held.pop(visit.pk, []))
    report.problems += [f"visit {key} is recorded but not in the diary" for key in sorted(told)]
    report.problems += [f"time is held for visit {key}, which is not in the diary" for key in sorted(held)]
    report.problems += list(_beside_astray(practice_id))
    report.problems += list(_held_times(practice_id))
    report.problems += list(_overlaps(practice_id))
    report.problems += _lost_receipts(practice_id, report)
    report.counts["visits"] = visits


def by_visit(practice_id: UUID) -> Iterator[tuple[UUID, Iterator[Happening]]]:
    """Yield every visit the record tells of with what happened to it, oldest first. Needs a scope."""
    rows = Event.objects.filter(practice_id=practice_id, subject_kind="appointment")
    ordered = happenings(rows.filter(kind__startswith=events.PREFIX).order_by("subject_id", "seq"))
    return groupby(ordered, key=lambda happening: happening.subject.id)


def _told(happened: Iterator[Happening]) -> Told:
    told, words = Told(), []
    for happening in happened:
        words.append((happening.kind.removeprefix(events.PREFIX), happening.data))
        told.place = happening.data
    told.state, told.changes = fold(words), len(words)
    return told


def _differences(visit: Appointment, told: Told | None) -> Iterator[str]:
    if told is None:
        yield f"visit {visit.pk} is in the diary but was never recorded"
        return
    if visit.state != told.state:
        yield f"visit {visit.pk} is {visit.state}, but the record amounts to {told.state}"
    if visit.changes_count != told.changes:
        yield f"visit {visit.pk} counts {visit.changes_count} changes, the record {told.changes}"
    at = visit.wall_time.isoformat("minutes") if visit.wall_time else None
    practitioner = str(visit.practitioner_id) if visit.practitioner_id else None
    if (visit.day.isoformat(), at, practitioner) != tuple(told.place[name] for name in ("day", "at", "practitioner")):
        yield f"visit {visit.pk} lies elsewhere than the record says"
    told_of, is_of = told.place.get("part_of"), str(visit.part_of_id) if visit.part_of_id else None
    if told_of != is_of:
        yield f"visit {visit.pk} follows {is_of or 'none'}, but the record says {told_of or 'none'}"


def _held(practice_id: UUID) -> dict[UUID, list[tuple[UUID, datetime, datetime]]]:
    rows = Claim.objects.filter(practice_id=practice_id, is_active=True, appointment_id__isnull=False)
    rows = rows.exclude(kind__in=BESIDE)
    held: dict[UUID, list[tuple[UUID, datetime, datetime]]] = {}
    for key, *claim in rows.values_list("appointment_id", "chair", "starts_at", "ends_at").iterator(chunk_size=CHUNK):
        held.setdefault(key, []).append(tuple(claim))  # type: ignore[arg-type]
    return held


def _wrong_claims(visit: Appointment, held: list[tuple[UUID, datetime, datetime]]) -> Iterator[str]:
    wanted = []
    if visit.holds_time:
        wanted = [(visit.practitioner_id or visit.practice_id, visit.starts_at, visit.claimed_to)]
    if held != wanted:
        yield f"visit {visit.pk} holds {len(held)} times that are not those of its place in the diary"


def _lost_receipts(practice_id: UUID, report: Report) -> Iterator[str]:
    receipts = Receipts(practice_id)
    for lost in receipts.lost():
        if lost.how != GONE:  # that a visit is gone was said already
            yield f"visit {lost.appointment_id} is not found by its receipt code: {_HOW[lost.how]}"
    report.counts["receipts"] = receipts.given
    report.counts["visits_of_an_earlier_link_key"] = receipts.of_an_earlier_key
    if receipts.of_an_earlier_key:
        said = f"{receipts.of_an_earlier_key} visits have codes of an earlier link key: their links and receipts do"
        report.remarks.append(f"{said} not open")


_HOW = {NOWHERE: "a code that was given leads nowhere", OTHER: "it has another code than the one given"}


def _beside_astray(practice_id: UUID) -> Iterator[str]:
    """Yield each room or device that is held for a visit which does not hold that time itself."""
    own = Claim.objects.filter(
        practice_id=practice_id, is_active=True, appointment_id=OuterRef("appointment_id"),
        starts_at=OuterRef("starts_at"), ends_at=OuterRef("ends_at"),
    ).exclude(kind__in=BESIDE)  # fmt: skip
    rows = Claim.objects.filter(practice_id=practice_id, is_active=True, kind__in=BESIDE, hold=None)
    for ref, key in rows.filter(~Exists(own)).order_by("id").values_list("ref", "appointment_id"):
        yield f"{ref} is held for visit {key} at a time the visit does not hold"


def _held_times(practice_id: UUID) -> Iterator[str]:
    """Yield each held time the record tells otherwise of, that is on no time while it lasts, or on one afterwards."""
    rows = Event.objects.filter(practice_id=practice_id, subject_kind="held_time").order_by("seq")
    said = {key: kind.removeprefix(events.HOLD_PREFIX) for key, kind in rows.values_list("subject_id", "kind")}
    claims = Claim.objects.filter(practice_id=practice_id, is_active=True, hold__isnull=False)
    standing = set(claims.values_list("hold_id", flat=True))
    for key, end in HeldTime.objects.filter(practice_id=practice_id).order_by("id").values_list("id", "end"):
        told = said.pop(key, "never recorded")
        if told != (end or "taken"):
            yield f"held time {key} is {end or 'taken'}, but the record amounts to {told}"
        if (key in standing) is bool(end):
            yield f"time is held by {key}, which has ended" if end else f"held time {key} is on no time"
    yield from (f"held time {key} is recorded but not in the diary" for key in sorted(said))


def _overlaps(practice_id: UUID) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select ref, starts_at from ("
            " select ref, starts_at, max(ends_at) over (partition by kind, ref order by starts_at, id"
            " rows between unbounded preceding and 1 preceding) as taken_to"
            " from diary_claim where practice_id = %s and is_active) held where starts_at < taken_to",
            [practice_id],
        )
        for ref, start in cursor.fetchall():
            yield f"two visits hold {ref} at {start.isoformat()}"
