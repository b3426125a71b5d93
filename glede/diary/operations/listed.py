"""What a line of a brought list says, as columns of a visit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from glede.catalogue.models import Service
from glede.diary import errors, rules
from glede.diary.models import Appointment
from glede.diary.operations.writing import TZDATA_VERSION
from glede.diary.queries.times import Setting, setting_of
from glede.diary.requests import ListedVisit
from glede.diary.rules import Reason, State
from glede.ledger.operations import Act
from glede.people.models import Patient
from glede.staff.models import Practitioner

# What a list can know of a visit; who is here right now it cannot.
LISTABLE: Final = frozenset({State.BOOKED, State.CONFIRMED, State.DONE, State.MISSED, State.CANCELLED})


@dataclass(frozen=True, slots=True)
class Known:
    """What lines refer to and the practice has: people, services by (minutes, buffer), practitioners."""

    setting: Setting
    patients: frozenset[UUID]
    services: Mapping[UUID, tuple[int, int]]
    practitioners: frozenset[UUID]

    def check(self, line: ListedVisit) -> None:
        """Raise the named refusal where a line refers to what is not there."""
        if line.patient_id not in self.patients:
            raise errors.UnknownPatient
        if line.service_id is not None and line.service_id not in self.services:
            raise errors.UnknownService
        if line.practitioner_id is not None and line.practitioner_id not in self.practitioners:
            raise errors.UnknownPractitioner
        if line.state not in LISTABLE:
            raise errors.UnknownState

    def lengths(self, line: ListedVisit) -> tuple[int, int]:
        """Return the minutes of the visit and of the time after it."""
        own = self.services.get(line.service_id) if line.service_id else None
        minutes, buffer = own or (rules.DEFAULT_MINUTES, 0)
        return line.minutes or minutes, buffer


def known_for(practice_id: UUID, lines: Sequence[ListedVisit]) -> Known:
    """Return what the practice has of what lines refer to."""
    patients = Patient.objects.filter(
        practice_id=practice_id, pk__in={line.patient_id for line in lines}, erased_at=None
    )
    services = Service.objects.filter(practice_id=practice_id, pk__in={line.service_id for line in lines})
    people = Practitioner.objects.filter(practice_id=practice_id, pk__in={line.practitioner_id for line in lines})
    return Known(
        setting_of(practice_id),
        frozenset(patients.values_list("id", flat=True)),
        {key: (minutes, buffer) for key, minutes, buffer in services.values_list("id", "minutes", "buffer_minutes")},
        frozenset(people.values_list("id", flat=True)),
    )


def said_by(line: ListedVisit) -> dict[str, Any]:
    """Return what a line says, to be compared with what it says next time."""
    return _told(line)


def as_it_stands(visit: Appointment) -> dict[str, Any]:
    """Return what a list would have to say to leave a visit as it is, and what one said of it last."""
    return {**_told(visit), "said": visit.list_said}


def _told(one: ListedVisit | Appointment) -> dict[str, Any]:
    return {
        "day": one.day.isoformat(),
        "at": one.wall_time.isoformat("minutes") if one.wall_time else None,
        "minutes": one.minutes,
        "service": str(one.service_id) if one.service_id else None,
        "practitioner": str(one.practitioner_id) if one.practitioner_id else None,
        "state": str(one.state),
    }


def columns_of(line: ListedVisit, known: Known, now: datetime) -> dict[str, Any]:
    """Return the columns that say where the visit lies. Raises ``NoSuchTime``, ``UnknownMinutes``."""
    minutes, buffer = known.lengths(line)
    zone = known.setting.practice.zone
    placed = rules.place(line.day, line.wall_time, zone, minutes=minutes, buffer_minutes=buffer)
    return {
        "day": line.day,
        "wall_time": line.wall_time,
        "is_day_visit": line.wall_time is None,
        "is_history": placed.ends_at <= now,
        "minutes": minutes,
        "buffer_minutes": buffer,
        "zone": zone,
        "tzdata_version": TZDATA_VERSION,
        "starts_at": placed.starts_at,
        "ends_at": placed.ends_at,
    }


def state_columns(appointment: Appointment, state: State, importing: Act) -> dict[str, Any]:
    """Return the columns that go with a state the list tells; when it was so, as near as can be known."""
    if state == State.CONFIRMED:
        return {"confirmed_at": importing.now}
    if state == State.DONE:
        return {"done_at": min(appointment.ends_at, importing.now)}
    if state == State.MISSED:
        return {"missed_at": min(appointment.ends_at, importing.now)}
    if state == State.CANCELLED:
        return {
            "cancelled_at": importing.now,
            "cancelled_by": importing.by.role,
            "cancel_reason": Reason.LIST,
        }
    return {}
