"""Take over the visits of a brought list: many at once, the same list twice changes nothing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from glede.diary import errors, rules
from glede.diary.models import Appointment
from glede.diary.operations import lanes
from glede.diary.operations.bulk import insert
from glede.diary.operations.claims import one_list_at_a_time
from glede.diary.operations.leave import keep_what_a_list_moved, lock_what_is_owed, owe_what_was_brought
from glede.diary.operations.links import hash_for, index_links
from glede.diary.operations.listed import Known, as_it_stands, columns_of, known_for, said_by, state_columns
from glede.diary.operations.relisting import take_over
from glede.diary.operations.writing import Happening, change_row, record, subjects
from glede.diary.requests import ListedVisit, Outcome
from glede.diary.rules import Change, State
from glede.kernel.actor import Actor
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act
from glede.people.values import Taken, Watch, nobody_watches
from glede.promises.operations import NewPromise, make_promises

# Each line leaves one event, and one more where two visits stand on one time: at most 1,000 a transaction.
LINES_A_TRANSACTION = 500


@dataclass
class Batch:
    """What one transaction of an import collects before it writes."""

    outcomes: list[Outcome] = field(default_factory=list)
    new: list[Appointment] = field(default_factory=list)
    seated: list[Appointment] = field(default_factory=list)
    overlapping: list[Appointment] = field(default_factory=list)
    before: dict[UUID, dict[str, Any]] = field(default_factory=dict)

    def refuse(self, line: ListedVisit, refusal: errors.Refused, appointment_id: UUID | None = None) -> None:
        """Note that a line was not taken over, and why."""
        word = "kept" if appointment_id else "rejected"
        self.outcomes.append(Outcome(line.external_id, word, appointment_id, refusal.code))


def import_appointments(
    *, practice_id: UUID, rows: Iterable[ListedVisit], by: Actor, now: datetime, watch: Watch = nobody_watches
) -> list[Outcome]:
    """Take over the lines of a list, and return what became of each, in their order.

    A line the practice does not know becomes a visit; one whose time differs from what the list
    said before moves the same visit; one that says the same changes nothing, whatever happened to
    the visit here since. Visits before ``now`` are history and hold no time, visits without a wall
    time are visits of the day. Where two lie on one time the second takes a lane beside the first
    and a colleague is promised to settle it. At most 500 lines and 1,000 events a transaction;
    ``watch`` is told in each.
    """
    outcomes: list[Outcome] = []
    lines = iter(rows)
    while some := list(islice(lines, LINES_A_TRANSACTION)):
        with act(practice_id, by=by, now=now) as importing:
            batch = _take_batch(importing, some)
            watch(len(some), _taken(batch, len(outcomes)))
        outcomes += batch.outcomes
    return outcomes


def _taken(batch: Batch, first: int) -> list[Taken]:
    """Return what the lines of a batch changed; the first line of the batch stands at place ``first``."""
    return [
        Taken(place, outcome.appointment_id, word, batch.before.get(outcome.appointment_id, {}), "appointment")
        for place, outcome in enumerate(batch.outcomes, start=first)
        if outcome.appointment_id and (word := _WORDS.get(outcome.word, "changed"))
    ]


_WORDS = {"added": "added", "same": "", "kept": "", "rejected": ""}


def _take_batch(importing: Act, lines: Sequence[ListedVisit]) -> Batch:
    one_list_at_a_time(importing.practice_id)
    known = known_for(importing.practice_id, lines)
    ids = _locked(importing, lines)
    standing = _standing(importing.practice_id, lines)
    away = {key: chair.away for chair in known.setting.chairs if chair.away and (key := chair.practitioner_id)}
    owed = lock_what_is_owed(importing, [visit.pk for visit in standing.values()]) if away else []
    batch = Batch()
    for line in _first_of_each(lines, batch):
        current = standing.get(line.external_id)
        try:
            if current is None:
                _add(importing, batch, line, known, ids[line.external_id])
            else:
                before = as_it_stands(current)
                batch.outcomes.append(take_over(importing, current, line, known, batch.seated))
                batch.before[current.pk] = before
        except errors.Refused as refusal:
            batch.refuse(line, refusal, current.pk if current else None)
    if away:
        keep_what_a_list_moved(importing, owed, standing.values(), away)
    _write(importing, batch)
    _settle(importing, batch, known)
    if batch.seated:
        owe_what_was_brought(importing, away)
    return batch


def _standing(practice_id: UUID, lines: Sequence[ListedVisit]) -> dict[str, Appointment]:
    rows = Appointment.objects.filter(
        practice_id=practice_id, external_id__in={line.external_id for line in lines if line.external_id}
    )
    return {row.external_id: row for row in rows}


def _locked(importing: Act, lines: Sequence[ListedVisit]) -> dict[str, UUID]:
    """Lock every visit and patient of the batch, new visits by the id they will have."""
    rows = Appointment.objects.filter(
        practice_id=importing.practice_id, external_id__in={line.external_id for line in lines if line.external_id}
    )
    pairs = list(rows.values_list("external_id", "id", "patient_id"))
    ids = {external_id: key for external_id, key, _ in pairs}
    refs = {ref for _, key, patient_id in pairs for ref in subjects(key, patient_id)}
    for line in lines:
        key = ids.setdefault(line.external_id, new_id())
        refs.update(subjects(key, line.patient_id))
    importing.lock(*refs)
    return ids


def _first_of_each(lines: Sequence[ListedVisit], batch: Batch) -> Iterator[ListedVisit]:
    seen: set[str] = set()
    for line in lines:
        if not line.external_id or line.external_id in seen:
            batch.outcomes.append(Outcome(line.external_id, "rejected", None, "same_number_twice"))
            continue
        seen.add(line.external_id)
        yield line


def _add(importing: Act, batch: Batch, line: ListedVisit, known: Known, appointment_id: UUID) -> None:
    known.check(line)
    appointment = Appointment(
        id=appointment_id,
        practice_id=importing.practice_id,
        patient_id=line.patient_id,
        service_id=line.service_id,
        practitioner_id=line.practitioner_id,
        state=line.state,
        booked_at=line.booked_at or importing.now,
        booked_by=importing.by.role,
        source=line.source,
        external_id=line.external_id,
        list_said=said_by(line),
        link_hash=hash_for(appointment_id),
        changes_count=1,
        **columns_of(line, known, importing.now),
    )
    for name, value in state_columns(appointment, line.state, importing).items():
        setattr(appointment, name, value)
    batch.new.append(appointment)
    if appointment.holds_time:
        batch.seated.append(appointment)
    batch.outcomes.append(Outcome(line.external_id, "added", appointment_id))


def _write(importing: Act, batch: Batch) -> None:
    batch.overlapping = lanes.seat_all(importing, batch.seated)
    insert(batch.new)
    index_links(importing.practice_id, [row.link_hash for row in batch.new])
    happenings = [(row, Happening(change=Change.IMPORTED, state=State(row.state))) for row in batch.new]
    insert([change_row(importing, row, happening) for row, happening in happenings])
    for row, happening in happenings:
        record(importing, row, happening)


def _settle(importing: Act, batch: Batch, known: Known) -> None:
    if not batch.overlapping:
        return
    hours = known.setting.hours
    new = [
        NewPromise(
            kind="settle",
            subject=Ref("appointment", row.pk),
            due_at=rules.settle_by(row.starts_at, importing.now, hours),
            cause="diary.overlap",
            patient_id=row.patient_id,
            detail={"reason": "overlap", "day": row.day.isoformat()},
        )
        for row in batch.overlapping
    ]
    make_promises(practice_id=importing.practice_id, new=new, by=importing.by, now=importing.now)
    overlapping = {row.pk for row in batch.overlapping}
    batch.outcomes = [
        replace(outcome, reason="overlap") if outcome.appointment_id in overlapping else outcome
        for outcome in batch.outcomes
    ]
