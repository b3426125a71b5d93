"""What every act of the diary does alike: find and lock the visit, write what happened, record it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import metadata
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from glede.diary import errors, events, rules
from glede.diary.models import Appointment, Remark, StateChange
from glede.diary.operations.bulk import insert
from glede.diary.rules import Change, State
from glede.kernel.ref import Ref
from glede.ledger.operations import Act

# The package's version is the edition of the zones' law it carries (2026.3 is 2026c).
TZDATA_VERSION = metadata.version("tzdata")


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What happened to a visit, and which of its columns it changes."""

    change: Change
    state: State
    fields: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    words: str = ""
    from_start: datetime | None = None
    minutes: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


def subjects(appointment_id: UUID, patient_id: UUID) -> tuple[Ref, Ref]:
    """Return what an act on a visit locks: the visit and its patient."""
    return Ref("appointment", appointment_id), Ref("patient", patient_id)


def lock_visit(act: Act, appointment_id: UUID) -> Appointment:
    """Lock the visit and its patient, and return the visit as it is then. Raises ``UnknownAppointment``."""
    rows = Appointment.objects.filter(practice_id=act.practice_id, pk=appointment_id)
    patient_id = rows.values_list("patient_id", flat=True).first()
    if patient_id is None:
        raise errors.UnknownAppointment
    act.lock(*subjects(appointment_id, patient_id))
    return rows.get()


def lock_linked(act: Act, appointment_id: UUID) -> tuple[Appointment, Appointment | None]:
    """Lock the visit, the other part of it where it has one, and the patient, and return both as they are then.

    Raises ``UnknownAppointment``.
    """
    rows = Appointment.objects.filter(practice_id=act.practice_id)
    is_either = Q(pk=appointment_id) | Q(part_of_id=appointment_id)
    found: dict[UUID, tuple[UUID, UUID | None]] = {
        key: (patient, of) for key, patient, of in rows.filter(is_either).values_list("pk", "patient_id", "part_of_id")
    }
    if appointment_id not in found:
        raise errors.UnknownAppointment
    patient_id, part_of = found[appointment_id]
    ids = {*found, part_of} if part_of else set(found)
    act.lock(*(Ref("appointment", key) for key in ids), Ref("patient", patient_id))
    both = {row.pk: row for row in rows.filter(pk__in=ids)}
    this = both.pop(appointment_id)
    other = next(iter(both.values()), None)
    if other is not None and this.pk != other.part_of_id and other.pk != this.part_of_id:
        other = None  # parted while we waited
    return this, other


def lock_visits(act: Act, ids: Sequence[UUID]) -> list[Appointment]:
    """Lock visits and their patients, and return those there are as they are then, in the order of ``ids``."""
    rows = Appointment.objects.filter(practice_id=act.practice_id, pk__in=ids)
    act.lock(*{ref for pk, patient_id in rows.values_list("pk", "patient_id") for ref in subjects(pk, patient_id)})
    found = {row.pk: row for row in rows.all()}
    return [found[pk] for pk in dict.fromkeys(ids) if pk in found]


def note(act: Act, appointment: Appointment, happening: Happening) -> Appointment:
    """Write a change of a visit: its columns, its row of history, its event. The visit must be locked."""
    changed = {**happening.fields, "state": happening.state, "changes_count": appointment.changes_count + 1}
    written = Appointment.objects.filter(
        practice_id=act.practice_id, pk=appointment.pk, changes_count=appointment.changes_count
    ).update(**changed)
    if written != 1:
        raise AssertionError("A visit was changed without being locked")
    for name, value in changed.items():
        setattr(appointment, name, value)
    tell(act, appointment, happening)
    return appointment


def note_all(act: Act, appointments: Sequence[Appointment], happening: Happening) -> None:
    """Write what happened to many visits alike, without words; each keeps its time. They must be locked."""
    changed = {**happening.fields, "state": happening.state}
    rows = Appointment.objects.filter(practice_id=act.practice_id, pk__in=[one.pk for one in appointments])
    if rows.update(**changed, changes_count=F("changes_count") + 1) != len(appointments):
        raise AssertionError("A visit was changed without being locked")
    for one in appointments:
        one.changes_count += 1
        for name, value in changed.items():
            setattr(one, name, value)
    insert([change_row(act, one, happening) for one in appointments])
    for one in appointments:
        record(act, one, happening)


def tell(act: Act, appointment: Appointment, happening: Happening) -> None:
    """Write the row of history, what was said with it, and the event, of a visit already written."""
    row = change_row(act, appointment, happening)
    StateChange.objects.bulk_create([row])
    if happening.words:
        Remark.objects.create(practice_id=act.practice_id, appointment=appointment, change=row, words=happening.words)
    record(act, appointment, happening)


def change_row(act: Act, appointment: Appointment, happening: Happening) -> StateChange:
    """Return the row of history, not yet written."""
    return StateChange(
        practice_id=act.practice_id,
        appointment=appointment,
        number=appointment.changes_count,
        change=happening.change,
        state=happening.state,
        at=act.now,
        actor_role=act.by.role,
        actor_id=act.by.id,
        reason=happening.reason,
        from_start=happening.from_start,
        to_start=appointment.starts_at,
        minutes=happening.minutes,
    )


def record(act: Act, appointment: Appointment, happening: Happening) -> None:
    """Record the event: ids, codes and times, never a word or a name."""
    act.record(
        events.PREFIX + happening.change,
        subject=Ref("appointment", appointment.pk),
        patient=appointment.patient_id,
        data={**place_data(appointment), **_said(happening), **happening.data},
        moot=happening.change in rules.MOOT,
    )


def place_data(appointment: Appointment) -> dict[str, Any]:
    """Return where the visit lies: the wall time that is the truth, and the moment it was in UTC then."""
    return {
        "day": appointment.day.isoformat(),
        "at": appointment.wall_time.isoformat("minutes") if appointment.wall_time else None,
        "to": appointment.starts_at,
        "minutes": appointment.minutes,
        "practitioner": appointment.practitioner_id and str(appointment.practitioner_id),
        "service": appointment.service_id and str(appointment.service_id),
        "state": str(appointment.state),
        **_belongs_to(appointment),
    }


def _belongs_to(appointment: Appointment) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if appointment.part_of_id:
        said["part_of"] = str(appointment.part_of_id)
    if appointment.series_id:
        said |= {"series": str(appointment.series_id), "number": appointment.series_number}
    return said


def _said(happening: Happening) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if happening.reason:
        said["reason"] = str(happening.reason)
    if happening.from_start:
        said["from"] = happening.from_start
    if happening.minutes is not None:
        said["late_minutes"] = happening.minutes
    return said
