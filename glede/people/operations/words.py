"""What a person told us, and what we noted about them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from glede.kernel.actor import Actor
from glede.kernel.clock import at_wall, day_of
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act
from glede.people import events
from glede.people.models import Need, Note, Patient
from glede.people.operations.patients import committed, locked
from glede.practices.models import Practice
from glede.practices.queries import opening_hours, practice_by_id
from glede.promises.operations import NewPromise, make_promise

# A flag stands without words: "anxious" says enough.
FLAGS = frozenset({Need.Kind.ANXIOUS, Need.Kind.COMPLEX})


class NoWords(ValueError):
    """There is nothing to note."""


class NoSuchNeed(LookupError):
    """The person has no such line in force."""


class DayHasPassed(ValueError):
    """A note cannot be promised for a day that is over."""


def note_need(
    *,
    practice_id: UUID,
    patient_id: UUID,
    kind: str,
    words: str,
    replaces: UUID | None = None,
    asked_on: date | None = None,
    by: Actor,
    now: datetime,
) -> Need:
    """Note one line of what matters to a person, in their words; ``replaces`` names the line it follows.

    ``kind`` is one of ``Need.Kind``. Raises ``NoWords``, ``NoSuchPatient``, and ``NoSuchNeed`` where the
    line it replaces is not in force.
    """
    said = words.strip()
    if not said and kind not in FLAGS:
        raise NoWords
    if kind not in Need.Kind.values:
        raise ValueError(f"no kind of need: {kind}")
    with act(practice_id, by=by, now=now) as noting:
        return write_need(noting, locked(noting, patient_id), Line(kind, said, replaces=replaces, asked_on=asked_on))


@dataclass(frozen=True, slots=True)
class Line:
    """One line to write: its kind, the words, the code of a communication need, the line it follows, when asked."""

    kind: str
    words: str
    code: str = ""
    replaces: UUID | None = None
    asked_on: date | None = None


def write_need(this: Act, patient: Patient, line: Line) -> Need:
    """Write one line of a locked person, and record it. Raises ``NoSuchNeed`` where what it follows is not in force."""
    row = Need.objects.create(
        practice_id=this.practice_id, patient_id=patient.pk, kind=line.kind, words=line.words, code=line.code,
        noted_at=this.now, noted_by_role=this.by.role, noted_by_id=this.by.id, asked_on=line.asked_on,
    )  # fmt: skip
    if line.replaces is not None:
        _end(patient.pk, line.replaces, this.now, replaced_by=row.pk)
    said = {line.kind: f"{line.code} {line.words}".strip()}
    this.record(
        events.NEED_NOTED,
        subject=Ref("patient", patient.pk),
        patient=patient.pk,
        data={"need": row.pk, "kind": line.kind, "replaces": line.replaces, "commit": committed(patient, said)},
    )
    return row


def end_need(*, practice_id: UUID, need_id: UUID, by: Actor, now: datetime) -> None:
    """Say that a line no longer holds; it stays in the history. Raises ``NoSuchNeed``."""
    with act(practice_id, by=by, now=now) as ending:
        row = Need.objects.filter(practice_id=practice_id, pk=need_id).first()
        if row is None:
            raise NoSuchNeed
        give_up(ending, locked(ending, row.patient_id), row)


def give_up(this: Act, patient: Patient, row: Need) -> None:
    """End one line of a locked person, and record it. Raises ``NoSuchNeed`` where it is not in force."""
    _end(patient.pk, row.pk, this.now)
    this.record(
        events.NEED_ENDED,
        subject=Ref("patient", patient.pk),
        patient=patient.pk,
        data={"need": row.pk, "kind": row.kind},
    )


def _end(patient_id: UUID, need_id: UUID, now: datetime, replaced_by: UUID | None = None) -> None:
    theirs = Q(patient_id=patient_id) | Q(patient__in=Patient.objects.filter(merged_into_id=patient_id))
    standing = Need.objects.filter(theirs, pk=need_id, ended_at=None)
    if not standing.update(ended_at=now, replaced_by_id=replaced_by):
        raise NoSuchNeed


def write_note(
    *, practice_id: UUID, patient_id: UUID, words: str, on: date | None = None, by: Actor, now: datetime
) -> Note:
    """Write a note about a person. With a day it is promised to the one who wrote it, by closing time of that day.

    Raises ``NoWords``, ``NoSuchPatient``, and ``DayHasPassed`` for a day before today.
    """
    said = words.strip()
    if not said:
        raise NoWords
    with act(practice_id, by=by, now=now) as writing:
        patient = locked(writing, patient_id)
        practice = practice_by_id(practice_id)
        if on is not None and on < day_of(now, practice.zone):
            raise DayHasPassed
        row = Note.objects.create(
            practice_id=practice_id,
            patient_id=patient.pk,
            words=said,
            on=on,
            written_at=now,
            written_by_role=by.role,
            written_by_id=by.id,
        )
        writing.record(
            events.NOTE_WRITTEN,
            subject=Ref("patient", patient.pk),
            patient=patient.pk,
            data={"note": row.pk, "on": on.isoformat() if on else None, "commit": committed(patient, {"note": said})},
        )
        if on is not None:
            _promise(row, _closing(practice, on, now), by=by, now=now)
    return row


def _promise(note: Note, due_at: datetime, *, by: Actor, now: datetime) -> None:
    follow_up = NewPromise(
        kind="follow_up",
        subject=Ref("patient", note.patient_id),
        due_at=due_at,
        cause=f"note:{note.pk}",
        patient_id=note.patient_id,
        owner_id=by.id if by.role == "staff" else None,
        detail={"note": str(note.pk)},
    )
    make_promise(practice_id=note.practice_id, new=follow_up, by=by, now=now)


def _closing(practice: Practice, day: date, now: datetime) -> datetime:
    closes = opening_hours(practice).day_end(day) or at_wall(day, practice.hours_to, practice.zone)
    return max(closes, now)
