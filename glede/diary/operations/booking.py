"""Book a visit, move it, bring it back: the three acts that take time on a chair."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import product
from typing import Any
from uuid import UUID

from glede.diary import errors, rules
from glede.diary.availability import Chair, Need
from glede.diary.models import Appointment
from glede.diary.operations import claims
from glede.diary.operations.leave import keep_what_was_owed, owe_again
from glede.diary.operations.links import hash_for, index_links
from glede.diary.operations.planning import Plan, busy_around, plan_for, sets_of
from glede.diary.operations.states import CLEARED
from glede.diary.operations.writing import TZDATA_VERSION, Happening, lock_visit, note, subjects, tell
from glede.diary.queries.leaves import is_away
from glede.diary.queries.needs import need_again, need_of
from glede.diary.queries.times import alternatives, setting_of
from glede.diary.requests import Booking, Slot
from glede.diary.rules import Change, Placed, State
from glede.kernel.actor import Actor
from glede.kernel.failpoints import fp
from glede.kernel.ids import new_id
from glede.kernel.periods import Period
from glede.ledger.operations import Act, act, answer, once
from glede.people.models import Patient


@dataclass(frozen=True, slots=True)
class Seating:
    """How a visit takes its time: ``take`` it, with the time kept free after it or without."""

    take: Callable[[Act, Appointment, Plan], None]
    has_buffer: bool = True


def book_appointment(
    *, practice_id: UUID, request: Booking, by: Actor, now: datetime, command_id: UUID | None = None
) -> Appointment:
    """Book a visit: the row, its time, its first change, its link and its event, or nothing at all.

    The same ``command_id`` again returns the first answer. What is urgent may take a time kept for it. Raises
    ``TimeTaken``, ``OutsideHours``, ``Away`` and ``KeptForUrgent`` (each with up to three free times near the one
    wished for), ``AlreadyPast``, ``TooFarAhead``, ``NoSuchTime``, ``UnknownPatient``, ``UnknownService``,
    ``UnknownPractitioner``, ``UnknownMinutes``, and ``NotByPatients`` where a patient calls it urgent.
    """
    happening = BOOKED
    if request.is_urgent:
        _by_a_colleague(by)
        happening = replace(BOOKED, reason=rules.URGENT_VISIT)
    with act(practice_id, by=by, now=now) as booking:
        return write_booking(booking, request, Seating(seat), happening, command_id=command_id)


def _by_a_colleague(by: Actor) -> None:
    if by.role == "patient":
        raise errors.NotByPatients


BOOKED = Happening(change=Change.BOOKED, state=State.BOOKED)


def write_booking(
    booking: Act, request: Booking, seating: Seating, happening: Happening, *, command_id: UUID | None
) -> Appointment:
    """Write a visit that takes its time as ``seating`` says. Raises what ``book_appointment`` raises."""
    practice_id, by, now = booking.practice_id, booking.by, booking.now
    pressed = once(booking, command_id)
    if pressed.answer is not None:
        return Appointment.objects.get(practice_id=practice_id, pk=pressed.answer)
    appointment_id, patient_id = new_id(), survivor(practice_id, request.patient_id)
    booking.lock(*subjects(appointment_id, patient_id))
    slot = Slot(
        day=request.day,
        wall_time=request.wall_time,
        practitioner_id=request.practitioner_id,
        minutes=request.minutes,
    )
    setting = setting_of(practice_id)
    need = need_of(
        practice_id, request.service_id, request.minutes, patient_id=patient_id, day=request.day,
        more_time=request.more_time,
    )  # fmt: skip
    # A lane beside the chair takes nothing of what is kept free at the chair.
    need = replace(need, is_urgent=request.is_urgent) if seating.has_buffer else Need(need.minutes, is_urgent=True)
    plan = plan_for(booking, setting, need, slot)
    appointment = _new(appointment_id, patient_id, request, plan, by=by, now=now)
    seating.take(booking, appointment, plan)
    Appointment.objects.bulk_create([appointment])
    index_links(practice_id, [appointment.link_hash])
    answer(booking, command_id, appointment_id)
    fp("diary.book.before_event")
    tell(booking, appointment, happening)
    return appointment


def survivor(practice_id: UUID, patient_id: UUID) -> UUID:
    """Return the person a merged record now belongs to. Raises ``UnknownPatient``."""
    rows = Patient.objects.filter(practice_id=practice_id, erased_at=None)
    person = rows.filter(pk=patient_id).first()
    while person is not None and person.merged_into_id is not None:
        person = rows.filter(pk=person.merged_into_id).first()
    if person is None:
        raise errors.UnknownPatient
    return person.pk


def _new(
    appointment_id: UUID, patient_id: UUID, request: Booking, plan: Plan, *, by: Actor, now: datetime
) -> Appointment:
    return Appointment(
        id=appointment_id,
        practice_id=plan.setting.practice.pk,
        patient_id=patient_id,
        service_id=request.service_id,
        practitioner_id=request.practitioner_id,
        state=State.BOOKED,
        booked_at=now,
        booked_by=by.role,
        changes_count=1,
        source=request.source,
        link_hash=hash_for(appointment_id),
        buffer_minutes=plan.need.buffer_minutes,
        more_time=list(plan.need.more_time),
        **columns(request.day, request.wall_time, plan),
    )


def columns(day: Any, wall_time: Any, plan: Plan) -> dict[str, Any]:
    """Return the columns of a visit that say where it lies."""
    return {
        "day": day,
        "wall_time": wall_time,
        "is_day_visit": wall_time is None,
        "is_history": False,
        "minutes": plan.need.minutes,
        "zone": plan.setting.practice.zone,
        "tzdata_version": TZDATA_VERSION,
        "starts_at": plan.placed.starts_at,
        "ends_at": plan.placed.ends_at,
    }


def seat(booking: Act, appointment: Appointment, plan: Plan, *, instead: bool = False) -> None:
    """Take the visit's time on the first chair that is free. Raises ``TimeTaken`` where none is, or ``Away``.

    With ``instead`` the time the visit holds now is given back in the same breath, and kept where
    the new one cannot be had.
    """
    if not plan.chairs:
        if instead:
            claims.release(booking, [appointment.pk])
        return
    held_before, is_leave = appointment.pk if instead else None, False
    for chair, places in product(plan.chairs, plan.beside):
        appointment.practitioner_id = chair.practitioner_id
        rows = [claims.claim_for(appointment), *(claims.claim_beside(appointment, place) for place in places)]
        try:
            claims.take(booking, rows, instead_of=held_before, unless=leave_at(booking, chair, plan))
        except claims.Overlap as overlap:
            is_leave |= isinstance(overlap, claims.OnLeave)
            continue
        return
    asked_for = plan.chairs[0].practitioner_id if len(plan.chairs) == 1 else None
    # Whoever went on leave while this was written is not in the setting read before.
    setting, refusal = (setting_of(booking.practice_id), errors.Away) if is_leave else (plan.setting, errors.TimeTaken)
    raise refusal(alternatives(setting, plan.need, plan.placed.starts_at, asked_for, now=booking.now))


def leave_at(booking: Act, chair: Chair, plan: Plan) -> Callable[[], bool]:
    """Return the question whether the clinician is away then, to be asked once nobody else can answer it anew."""
    lies = Period(plan.placed.starts_at, plan.placed.ends_at)
    return partial(is_away, booking.practice_id, chair.practitioner_id, lies, plan.setting.practice.zone)


def move_appointment(
    *,
    practice_id: UUID,
    appointment_id: UUID,
    to: Slot,
    by: Actor,
    now: datetime,
    reason: str = "",
    command_id: UUID | None = None,
) -> Appointment:
    """Move a visit to another time, another practitioner or both. Its id and its link stay the same.

    ``reason``, a code of ``rules.Reason``, says whose wish it was where a colleague moves it for the patient.

    The old time is held until the new one is, in one transaction; where the new one is taken the
    old one stays. Moving to where it is already changes nothing. A confirmation lapses with the
    time it was given for. Raises ``NotMovable``, ``UnknownReason`` and whatever booking raises.
    """
    if to.is_urgent:
        _by_a_colleague(by)
    if reason and reason not in rules.REASONS:
        raise errors.UnknownReason
    with act(practice_id, by=by, now=now) as moving:
        pressed = once(moving, command_id)
        appointment = lock_visit(moving, appointment_id)
        if not pressed.is_first:
            return appointment
        rules.check(Change.MOVED, appointment.standing(), role=by.role, now=now)
        slot = _kept(appointment, to)
        answer(moving, command_id, appointment_id)
        if _is_there(appointment, slot):
            return appointment
        need = replace(need_again(appointment), minutes=slot.minutes or appointment.minutes, is_urgent=slot.is_urgent)
        keep_what_was_owed(moving, appointment_id)
        plan = plan_for(moving, setting_of(practice_id), need, slot)
        before = appointment.starts_at
        fields = columns(slot.day, slot.wall_time, plan)
        for name, value in fields.items():
            setattr(appointment, name, value)
        seat(moving, appointment, plan, instead=True)
        fp("diary.move.before_event")
        fields |= {"practitioner_id": appointment.practitioner_id, **UNSAID, "moved_at": now, "moved_by": by.role}
        happening = Happening(change=Change.MOVED, state=State.BOOKED, fields=fields, from_start=before, reason=reason)
        return note(moving, appointment, happening)


def reinstate_appointment(
    *, practice_id: UUID, appointment_id: UUID, by: Actor, now: datetime, command_id: UUID | None = None
) -> Appointment:
    """Bring back a visit that was cancelled, missed or struck out, at its own time, if that is still free.

    Where its clinician is away then, a colleague is promised to move it. Raises ``NotReinstatable``, ``AlreadyPast``
    once its day is over, ``TimeTaken`` with three others.
    """
    with act(practice_id, by=by, now=now) as bringing:
        pressed = once(bringing, command_id)
        appointment = lock_visit(bringing, appointment_id)
        if not pressed.is_first:
            return appointment
        rules.check(Change.REINSTATED, appointment.standing(), role=by.role, now=now)
        answer(bringing, command_id, appointment_id)
        appointment.state = State.BOOKED
        if appointment.holds_time:
            _take_back(bringing, appointment)
            owe_again(bringing, appointment)
        return note(
            bringing,
            appointment,
            Happening(change=Change.REINSTATED, state=State.BOOKED, fields={**CLEARED, **UNSAID}),
        )


def _take_back(bringing: Act, appointment: Appointment) -> None:
    lane = claims.squeezed_lane(appointment)
    setting, need = setting_of(bringing.practice_id), need_again(appointment)
    placed = Placed(appointment.starts_at, appointment.ends_at, appointment.claimed_to)
    beside = () if lane else setting.beside(need)
    for places in sets_of(beside, placed, busy_around(bringing.practice_id, placed) if beside else {}):
        rows = [claims.claim_for(appointment, lane=lane)]
        try:
            claims.take(bringing, [*rows, *(claims.claim_beside(appointment, place) for place in places)])
        except claims.Overlap:
            continue
        return
    asked_for = appointment.practitioner_id
    raise errors.TimeTaken(alternatives(setting, need, appointment.starts_at, asked_for, now=bringing.now))


# What was said about the old time and does not hold for the new one.
UNSAID: dict[str, Any] = {
    "confirmed_at": None, "late_minutes": None, "late_told_at": None, "delay_minutes": None, "delay_told_at": None,
}  # fmt: skip


def _kept(appointment: Appointment, to: Slot) -> Slot:
    return Slot(
        day=to.day,
        wall_time=to.wall_time,
        practitioner_id=to.practitioner_id or appointment.practitioner_id,
        minutes=to.minutes or appointment.minutes,
        is_urgent=to.is_urgent,
    )


def _is_there(appointment: Appointment, slot: Slot) -> bool:
    return (slot.day, slot.wall_time, slot.practitioner_id, slot.minutes) == (
        appointment.day,
        appointment.wall_time,
        appointment.practitioner_id,
        appointment.minutes,
    )
