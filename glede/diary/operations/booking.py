"""Book a visit, move it, bring it back: the three acts that take time on a chair."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import product
from typing import Any
from uuid import UUID

from glede.diary import errors, rules
from glede.diary.availability import Chair, Need
from glede.diary.models import Appointment, HeldTime
from glede.diary.operations import claims
from glede.diary.operations.leave import keep_what_was_owed, owe_again
from glede.diary.operations.linked import Second, goes_along, parting, seat_both
from glede.diary.operations.links import hash_for, index_links
from glede.diary.operations.planning import Plan, busy_around, columns, plan_for, sets_of
from glede.diary.operations.states import CLEARED
from glede.diary.operations.writing import Happening, lock_linked, note, subjects, tell
from glede.diary.queries.facilities import Place
from glede.diary.queries.leaves import is_away
from glede.diary.queries.needs import need_again, need_of
from glede.diary.queries.times import Setting, alternatives, setting_of
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
    """How a visit takes its time: ``take`` it, with the time kept free after it or without.

    ``instead_of`` are the held times it takes over.
    """

    take: Callable[[Act, Appointment, Plan], None]
    has_buffer: bool = True
    instead_of: tuple[UUID, ...] = ()


def book_appointment(
    *, practice_id: UUID, request: Booking, by: Actor, now: datetime, command_id: UUID | None = None
) -> Appointment:
    """Book a visit: the row, its time, its first change, its link and its event, or nothing at all.

    What follows its service is booked with it, with another clinician: both, each with its own time, or neither.

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
    visits = [appointment]
    if plan.need.then and plan.chairs:
        part = partial(_new_part, booking, appointment, request)
        visits.append(seat_both(booking, appointment, plan, part, instead_of=seating.instead_of))
    else:
        seating.take(booking, appointment, plan)
    Appointment.objects.bulk_create(visits)
    index_links(practice_id, [visit.link_hash for visit in visits])
    answer(booking, command_id, appointment_id)
    fp("diary.book.before_event")
    told = replace(happening, data={**happening.data, "source": str(request.source)})
    for visit in visits:
        tell(booking, visit, told)
    return appointment


def _new_part(booking: Act, first: Appointment, request: Booking, second: Second) -> Appointment:
    asked = replace(
        request, wall_time=second.wall_time, practitioner_id=second.practitioner_id, series_id=None, series_number=None,
        service_id=second.service_id,
    )  # fmt: skip
    part = _new(new_id(), first.patient_id, asked, second.plan, by=booking.by, now=booking.now)
    part.practitioner_id, part.part_of_id = second.practitioner_id, first.pk
    return part


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
        series_id=request.series_id,
        series_number=request.series_number,
        buffer_minutes=plan.need.buffer_minutes,
        more_time=list(plan.need.more_time),
        **columns(request.day, request.wall_time, plan),
    )


def seat(booking: Act, appointment: Appointment | HeldTime, plan: Plan, *, instead_of: Sequence[UUID] = ()) -> None:
    """Take the visit's time on the first chair that is free. Raises ``TimeTaken`` where none is, or ``Away``.

    What the visits or held times ``instead_of`` hold is given back in the same breath, and kept where the new time
    cannot be had.
    """
    if not plan.chairs:
        if instead_of:
            claims.release(booking, instead_of)
        return
    is_leave = False
    for chair, places in product(plan.chairs, plan.beside):
        appointment.practitioner_id = chair.practitioner_id
        rows = [claims.claim_for(appointment), *(claims.claim_beside(appointment, place) for place in places)]
        try:
            claims.take(booking, rows, instead_of=instead_of, unless=leave_at(booking, chair, plan))
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
    old one stays. What follows the visit moves with it; moved alone it is a visit of its own from
    then on. Moving to where it is already changes nothing. A confirmation lapses with the
    time it was given for. Raises ``NotMovable``, ``UnknownReason`` and whatever booking raises.
    """
    if to.is_urgent:
        _by_a_colleague(by)
    if reason and reason not in rules.REASONS:
        raise errors.UnknownReason
    with act(practice_id, by=by, now=now) as moving:
        pressed = once(moving, command_id)
        appointment, other = lock_linked(moving, appointment_id)
        if not pressed.is_first:
            return appointment
        rules.check(Change.MOVED, appointment.standing(), role=by.role, now=now)
        slot = _kept(appointment, to)
        answer(moving, command_id, appointment_id)
        if _is_there(appointment, slot):
            return appointment
        moves = _take_elsewhere(moving, appointment, other, slot)
        fp("diary.move.before_event")
        for moved in moves:
            moved.note(moving, reason)
        return appointment


def _take_elsewhere(moving: Act, visit: Appointment, other: Appointment | None, slot: Slot) -> "list[_Moved]":
    """Take the new time of a visit, and of what goes along with it, and return what moves."""
    part = other if goes_along(Change.MOVED, visit, other) else None
    if part and slot.wall_time is None:
        raise errors.NoSuchTime
    again = need_again(visit, part)
    keep_what_was_owed(moving, *(one.pk for one in (visit, part) if one))
    need = replace(again, minutes=slot.minutes or visit.minutes, is_urgent=slot.is_urgent)
    plan = plan_for(moving, setting_of(moving.practice_id), need, slot)
    place = columns(slot.day, slot.wall_time, plan)
    moved = _Moved(visit, visit.starts_at, place | parting(Change.MOVED, visit, other))
    moved.place()
    if part is None or plan.need.then is None:
        seat(moving, visit, plan, instead_of=[visit.pk])
        return [moved]
    follows = _Moved(part, part.starts_at, {})
    seat_both(moving, visit, plan, follows.placed_as, instead_of=[visit.pk, part.pk])
    return [moved, follows]


@dataclass(slots=True)
class _Moved:
    """A visit on its way to another place, and the columns that change with it."""

    visit: Appointment
    from_start: datetime
    fields: dict[str, Any]

    def place(self) -> None:
        for name, value in self.fields.items():
            setattr(self.visit, name, value)

    def placed_as(self, second: Second) -> Appointment:
        self.fields = columns(second.day, second.wall_time, second.plan)
        self.place()
        self.visit.practitioner_id = second.practitioner_id
        return self.visit

    def note(self, moving: Act, reason: str) -> None:
        said = {**UNSAID, "moved_at": moving.now, "moved_by": moving.by.role}
        fields = {**self.fields, "practitioner_id": self.visit.practitioner_id, **said}
        happening = Happening(
            change=Change.MOVED, state=State.BOOKED, fields=fields, from_start=self.from_start, reason=reason
        )
        note(moving, self.visit, happening)


def reinstate_appointment(
    *, practice_id: UUID, appointment_id: UUID, by: Actor, now: datetime, command_id: UUID | None = None
) -> Appointment:
    """Bring back a visit that was cancelled, missed or struck out, at its own time, if that is still free.

    What followed it and went with it comes back with it, or neither does.

    Where its clinician is away then, a colleague is promised to move it. Raises ``NotReinstatable``, ``AlreadyPast``
    once its day is over, ``TimeTaken`` with three others.
    """
    with act(practice_id, by=by, now=now) as bringing:
        pressed = once(bringing, command_id)
        appointment, other = lock_linked(bringing, appointment_id)
        if not pressed.is_first:
            return appointment
        rules.check(Change.REINSTATED, appointment.standing(), role=by.role, now=now)
        answer(bringing, command_id, appointment_id)
        fields = {**CLEARED, **UNSAID, **parting(Change.REINSTATED, appointment, other)}
        both = [appointment, other] if other and goes_along(Change.REINSTATED, appointment, other) else [appointment]
        both.sort(key=lambda visit: visit.starts_at)
        for visit in both:
            visit.state = State.BOOKED
        held = [visit for visit in both if visit.holds_time]
        if held:
            _take_back(bringing, held)
            for visit in held:
                owe_again(bringing, visit)
        for visit in both:
            note(bringing, visit, Happening(change=Change.REINSTATED, state=State.BOOKED, fields=fields))
        return appointment


def _take_back(bringing: Act, visits: Sequence[Appointment]) -> None:
    """Take the time of a visit, and of what follows it, again: all or nothing."""
    setting = setting_of(bringing.practice_id)
    for places in product(*(_beside_again(bringing, setting, visit) for visit in visits)):
        rows = []
        for visit, beside in zip(visits, places, strict=True):
            rows.append(claims.claim_for(visit, lane=claims.squeezed_lane(visit)))
            rows += [claims.claim_beside(visit, place) for place in beside]
        try:
            claims.take(bringing, rows)
        except claims.Overlap:
            continue
        return
    first = visits[0]
    need = need_again(first, *visits[1:])
    raise errors.TimeTaken(alternatives(setting, need, first.starts_at, first.practitioner_id, now=bringing.now))


def _beside_again(bringing: Act, setting: Setting, visit: Appointment) -> list[tuple[Place, ...]]:
    beside = () if claims.squeezed_lane(visit) else setting.beside(need_again(visit))
    placed = Placed(visit.starts_at, visit.ends_at, visit.claimed_to)
    return sets_of(beside, placed, busy_around(bringing.practice_id, placed) if beside else {})


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
