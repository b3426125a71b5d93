"""What happens to a visit that keeps its time: confirmed, late, arrived, with, done, missed; or gives it back."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from glede.diary import errors, rules
from glede.diary.folding import fold
from glede.diary.models import Appointment, StateChange
from glede.diary.operations import claims
from glede.diary.operations.leave import keep_what_was_owed
from glede.diary.operations.linked import goes_along
from glede.diary.operations.writing import Happening, lock_linked, lock_visit, lock_visits, note, note_all
from glede.diary.rules import Change, Reason, State
from glede.kernel.actor import Actor
from glede.ledger import registry
from glede.ledger.operations import EVENTS_A_TRANSACTION, Act, act, answer, once


def confirm_appointment(
    *, practice_id: UUID, appointment_id: UUID, by: Actor, now: datetime, command_id: UUID | None = None
) -> Appointment:
    """Say that the patient comes, to what follows too. Confirming twice is one confirmation.

    Raises ``NotConfirmable``, ``AlreadyPast``, ``UnknownAppointment``.
    """
    happening = _happening(Change.CONFIRMED, State.CONFIRMED, confirmed_at=now)
    return _change(practice_id, appointment_id, happening, by=by, now=now, command_id=command_id)


def cancel_appointment(
    *,
    practice_id: UUID,
    appointment_id: UUID,
    reason: str,
    by: Actor,
    now: datetime,
    words: str = "",
    command_id: UUID | None = None,
) -> Appointment:
    """Cancel a visit and give its time back; by whom and why stays on it. Cancelling twice is one cancellation.

    Of a visit in two parts both are cancelled, as far as they are still to come.

    ``reason`` is a code of ``rules.Reason``; ``words`` what was said, kept beside it. Raises
    ``NotCancellable``, ``AlreadyPast`` (for a patient, once it has begun), ``UnknownReason``.
    """
    happening = _happening(
        Change.CANCELLED, State.CANCELLED, cancelled_at=now, cancelled_by=by.role, cancel_reason=_reason(reason)
    )
    happening = replace(happening, reason=reason, words=words.strip())
    return _change(practice_id, appointment_id, happening, by=by, now=now, command_id=command_id)


def tell_running_late(
    *,
    practice_id: UUID,
    appointment_id: UUID,
    minutes: int,
    by: Actor,
    now: datetime,
    command_id: UUID | None = None,
) -> Appointment:
    """Note that the patient comes ``minutes`` late (1 to 180), on the day of the visit.

    Raises ``NotLate``, ``TooEarly`` before that day, ``AlreadyPast``, ``UnknownMinutes``.
    """
    if not 1 <= minutes <= rules.LATE_MAX:
        raise errors.UnknownMinutes
    with act(practice_id, by=by, now=now) as telling:
        pressed = once(telling, command_id)
        appointment = lock_visit(telling, appointment_id)
        if not pressed.is_first or appointment.late_minutes == minutes:
            return appointment
        rules.check(Change.RUNNING_LATE, appointment.standing(), role=by.role, now=now)
        happening = _happening(Change.RUNNING_LATE, State(appointment.state), late_minutes=minutes, late_told_at=now)
        answer(telling, command_id, appointment_id)
        return note(telling, appointment, replace(happening, minutes=minutes))


def arrive_appointment(
    *, practice_id: UUID, appointment_id: UUID, by: Actor, now: datetime, command_id: UUID | None = None
) -> Appointment:
    """Say that the patient is here. Raises ``NotArrivable``, ``TooEarly`` and ``AlreadyPast`` on another day."""
    happening = _happening(Change.ARRIVED, State.ARRIVED, arrived_at=now)
    return _change(practice_id, appointment_id, happening, by=by, now=now, command_id=command_id)


def start_appointment(
    *, practice_id: UUID, appointment_id: UUID, by: Actor, now: datetime, command_id: UUID | None = None
) -> Appointment:
    """Say that the patient is with the practitioner. Raises ``NotStartable``, ``TooEarly``, ``AlreadyPast``."""
    happening = _happening(Change.STARTED, State.WITH, started_at=now)
    return _change(practice_id, appointment_id, happening, by=by, now=now, command_id=command_id)


def take_back_step(
    *, practice_id: UUID, appointment_id: UUID, by: Actor, now: datetime, command_id: UUID | None = None
) -> Appointment:
    """Take back that somebody came, or was shown in: the visit stands as before, and its history says both.

    Raises ``NotTakenBack``, ``NotByPatients``, ``AlreadyPast`` on a later day.
    """
    if by.role == "patient":
        raise errors.NotByPatients
    with act(practice_id, by=by, now=now) as taking:
        pressed = once(taking, command_id)
        appointment = lock_visit(taking, appointment_id)
        if not pressed.is_first:
            return appointment
        rules.check(Change.TAKEN_BACK, appointment.standing(), role=by.role, now=now)
        answer(taking, command_id, appointment_id)
        rows = StateChange.objects.filter(practice_id=practice_id, appointment_id=appointment_id).order_by("number")
        told: list[tuple[str, dict[str, object]]] = [(row.change, {"state": row.state}) for row in rows]
        state = fold([*told, (Change.TAKEN_BACK, {})]) or State.BOOKED
        gone = {"started_at": None} | ({"arrived_at": None} if state in rules.AHEAD else {})
        return note(taking, appointment, _happening(Change.TAKEN_BACK, state, **gone))


def finish_appointment(
    *, practice_id: UUID, appointment_id: UUID, by: Actor, now: datetime, command_id: UUID | None = None
) -> Appointment:
    """Say that the visit has taken place. Raises ``NotFinishable``, ``TooEarly`` before it begins."""
    happening = _happening(Change.DONE, State.DONE, done_at=now)
    return _change(practice_id, appointment_id, happening, by=by, now=now, command_id=command_id)


def finish_appointments(*, practice_id: UUID, appointment_ids: Iterable[UUID], by: Actor, now: datetime) -> list[UUID]:
    """Say of many visits that they have taken place, in this order, and return which; one event each.

    What may not be finished now is left as it is: done already, cancelled meanwhile, not begun. At most 1,000 visits
    a transaction.
    """
    done: list[UUID] = []
    waiting = iter(appointment_ids)
    while some := list(islice(waiting, EVENTS_A_TRANSACTION)):
        with act(practice_id, by=by, now=now) as finishing:
            visits = list(_finishable(finishing, some))
            note_all(finishing, visits, _happening(Change.DONE, State.DONE, done_at=now))
        done += [visit.pk for visit in visits]
    return done


def _finishable(finishing: Act, ids: Sequence[UUID]) -> Iterator[Appointment]:
    for visit in lock_visits(finishing, ids):
        with suppress(errors.Refused):
            rules.check(Change.DONE, visit.standing(), role=finishing.by.role, now=finishing.now)
            yield visit


def miss_appointment(
    *, practice_id: UUID, appointment_id: UUID, by: Actor, now: datetime, command_id: UUID | None = None
) -> Appointment:
    """Say that the patient did not come; what is left of the time is free. Raises ``NotMissable``, ``TooEarly``."""
    happening = _happening(Change.MISSED, State.MISSED, missed_at=now)
    return _change(practice_id, appointment_id, happening, by=by, now=now, command_id=command_id)


def strike_out_appointment(
    *,
    practice_id: UUID,
    appointment_id: UUID,
    by: Actor,
    now: datetime,
    words: str = "",
    command_id: UUID | None = None,
) -> Appointment:
    """Mark a visit as entered in error: it was never meant. Nothing is deleted, its time is free again."""
    happening = _happening(Change.ENTERED_IN_ERROR, State.ENTERED_IN_ERROR, **CLEARED)
    happening = replace(happening, reason=Reason.MISTAKE, words=words.strip())
    return _change(practice_id, appointment_id, happening, by=by, now=now, command_id=command_id)


# The moments that belong to a state which a visit leaves when it is struck out, brought back or moved.
CLEARED: dict[str, Any] = {
    "done_at": None,
    "missed_at": None,
    "cancelled_at": None,
    "cancelled_by": "",
    "cancel_reason": "",
}


def _happening(change: Change, state: State, **fields: Any) -> Happening:
    return Happening(change=change, state=state, fields=fields)


def _reason(code: str) -> str:
    if code not in rules.REASONS:
        raise errors.UnknownReason
    return code


def undo_what_it_left(changing: Act, appointment_id: UUID) -> None:
    """Let rooms above take back what the end of a visit left, before its time is given back: it never took place."""
    for _room, handler in sorted(registry.handlers("undo_visit").items()):
        handler(changing.practice_id, appointment_id, by=changing.by, now=changing.now)


def _change(
    practice_id: UUID,
    appointment_id: UUID,
    happening: Happening,
    *,
    by: Actor,
    now: datetime,
    command_id: UUID | None,
) -> Appointment:
    with act(practice_id, by=by, now=now) as changing:
        pressed = once(changing, command_id)
        appointment, other = lock_linked(changing, appointment_id)
        if not pressed.is_first or appointment.state == happening.state:
            return appointment
        rules.check(happening.change, appointment.standing(), role=by.role, now=now)
        answer(changing, command_id, appointment_id)
        if appointment.state == State.DONE:
            undo_what_it_left(changing, appointment_id)
        changed = [(appointment, happening)]
        if other and goes_along(happening.change, appointment, other):
            changed.append((other, replace(happening, words="")))
        if happening.state not in rules.HOLDING:
            keep_what_was_owed(changing, *(visit.pk for visit, _ in changed))
            claims.release(changing, [visit.pk for visit, _ in changed])
        for visit, what in changed:
            note(changing, visit, what)
        return appointment
