"""Who comes without an appointment, and who is told that we run late."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from glede.diary import errors, rules
from glede.diary.models import Appointment
from glede.diary.operations.booking import book_appointment
from glede.diary.operations.states import arrive_appointment
from glede.diary.operations.writing import Happening, lock_visits, note
from glede.diary.queries.delays import delays_on
from glede.diary.requests import Booking
from glede.diary.rules import Change, State
from glede.kernel.actor import Actor
from glede.kernel.clock import day_of
from glede.ledger.operations import act, answer, once
from glede.practices.queries import practice_by_id


def receive_walk_in(
    *,
    practice_id: UUID,
    patient_id: UUID,
    service_id: UUID | None = None,
    practitioner_id: UUID | None = None,
    by: Actor,
    now: datetime,
    command_id: UUID | None = None,
) -> Appointment:
    """Write down that somebody has come without an appointment: a visit of today, and they are here.

    It holds no time on anybody's chair. ``practitioner_id`` is whom they wait for; None: whoever is free. Raises
    ``UnknownPatient``, ``UnknownService``, ``UnknownPractitioner``, ``NotByPatients``.
    """
    if by.role == "patient":
        raise errors.NotByPatients
    today = day_of(now, practice_by_id(practice_id).zone)
    request = Booking(
        patient_id=patient_id, day=today, wall_time=None, service_id=service_id, practitioner_id=practitioner_id,
        source=rules.Source.WALK_IN,
    )  # fmt: skip
    with act(practice_id, by=by, now=now):
        visit = book_appointment(practice_id=practice_id, request=request, by=by, now=now, command_id=command_id)
        return arrive_appointment(practice_id=practice_id, appointment_id=visit.pk, by=by, now=now)


def tell_delay(
    *,
    practice_id: UUID,
    practitioner_id: UUID | None,
    minutes: int,
    by: Actor,
    now: datetime,
    command_id: UUID | None = None,
) -> Mapping[UUID, int]:
    """Say that a clinician runs ``minutes`` late (1 to 180), and return whose visits begin how much later.

    It is noted with every visit still to come today that it reaches (``delays.carried_on``); the journey tells the
    people. The same delay said twice changes nothing. Raises ``UnknownMinutes``, ``NotByPatients``.
    """
    if by.role == "patient":
        raise errors.NotByPatients
    if not 1 <= minutes <= rules.LATE_MAX:
        raise errors.UnknownMinutes
    with act(practice_id, by=by, now=now) as telling:
        found = dict(delays_on(practice_id, practitioner_id, minutes, now=now))
        if not once(telling, command_id).is_first:
            return found
        visits = [visit for visit in lock_visits(telling, list(found)) if visit.state in rules.AHEAD]
        for visit in visits:
            late = min(found[visit.pk], rules.LATE_MAX)
            if visit.delay_minutes != late:
                note(telling, visit, _delayed(visit, late, now))
        answer(telling, command_id, practice_id)
    return found


def _delayed(visit: Appointment, minutes: int, now: datetime) -> Happening:
    fields = {"delay_minutes": minutes, "delay_told_at": visit.delay_told_at or now}
    return Happening(change=Change.DELAYED, state=State(visit.state), fields=fields, minutes=minutes)
