"""Squeeze somebody in beside another visit: on the one lane of each clinician that only colleagues see."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from glede.diary import errors, rules
from glede.diary.models import Appointment
from glede.diary.operations import claims
from glede.diary.operations.booking import Seating, leave_at, write_booking
from glede.diary.operations.planning import Plan
from glede.diary.operations.writing import Happening
from glede.diary.queries.times import lane_alternatives
from glede.diary.requests import Booking
from glede.diary.rules import Change, State
from glede.kernel.actor import Actor
from glede.ledger.operations import Act, act


def squeeze_in(
    *,
    practice_id: UUID,
    request: Booking,
    reason: str,
    words: str = "",
    by: Actor,
    now: datetime,
    command_id: UUID | None = None,
) -> Appointment:
    """Book a visit beside another one of the same clinician, and say why.

    ``reason`` is a code of ``rules.Squeeze``, ``words`` what was said with it. Each clinician has exactly one lane for
    it, under the same constraint as the chair: two cannot be squeezed in at one time. The second finds ``TimeTaken``,
    with up to three times near it that the lane still has. Raises whatever booking raises, and ``NotByPatients``,
    ``UnknownReason``, ``NoSuchTime`` for a visit without an hour.
    """
    if by.role == "patient":
        raise errors.NotByPatients
    if reason not in rules.SQUEEZES:
        raise errors.UnknownReason
    if request.wall_time is None:
        raise errors.NoSuchTime
    happening = Happening(change=Change.BOOKED, state=State.BOOKED, reason=reason, words=words.strip())
    seating, asked = Seating(_on_the_lane, has_buffer=False), replace(request, source=rules.Source.SQUEEZE_IN)
    with act(practice_id, by=by, now=now) as squeezing:
        return write_booking(squeezing, asked, seating, happening, command_id=command_id)


def _on_the_lane(booking: Act, appointment: Appointment, plan: Plan) -> None:
    for chair in plan.chairs:
        appointment.practitioner_id = chair.practitioner_id
        try:
            row = claims.claim_for(appointment, lane=rules.squeeze_lane(chair.id))
            claims.take(booking, [row], unless=leave_at(booking, chair, plan))
        except claims.Overlap:
            continue
        return
    others = lane_alternatives(plan.setting, plan.chairs[0], plan.need, plan.placed.starts_at, now=booking.now)
    raise errors.TimeTaken(others)
