"""Let two visits change places: both new times are taken while both old ones are given back, or neither is."""

from dataclasses import replace
from datetime import datetime
from itertools import islice, product
from typing import Any
from uuid import UUID

from glede.diary import errors, rules
from glede.diary.models import Appointment, Claim
from glede.diary.operations import claims
from glede.diary.operations.booking import UNSAID
from glede.diary.operations.leave import keep_what_was_owed
from glede.diary.operations.planning import SETS_TRIED, Plan, columns, plan_for
from glede.diary.operations.writing import Happening, lock_visits, note
from glede.diary.queries.leaves import is_away
from glede.diary.queries.needs import need_again
from glede.diary.queries.times import alternatives, setting_of
from glede.diary.requests import Slot
from glede.diary.rules import Change, State
from glede.kernel.actor import Actor
from glede.kernel.failpoints import fp
from glede.kernel.periods import Period
from glede.ledger.operations import Act, act, answer, once


def swap_appointments(
    *,
    practice_id: UUID,
    appointment_id: UUID,
    other_id: UUID,
    by: Actor,
    now: datetime,
    command_id: UUID | None = None,
) -> Appointment:
    """Let two visits change day, hour and clinician, each with its own length; return the first.

    In one transaction, under the constraint: where one of them does not fit, both stay where they are. Only visits
    with an hour that stand alone change places. Raises ``NotMovable``, ``UnknownAppointment``, ``TimeTaken`` with
    times near the one that could not be had, and whatever booking raises.
    """
    with act(practice_id, by=by, now=now) as swapping:
        pressed = once(swapping, command_id)
        both = lock_visits(swapping, [appointment_id, other_id])
        if len(both) < 2:
            raise errors.UnknownAppointment
        if not pressed.is_first:
            return both[0]
        for visit in both:
            rules.check(Change.MOVED, visit.standing(), role=by.role, now=now)
        if any(visit.is_day_visit or _is_part(visit) for visit in both):
            raise errors.NotMovable
        answer(swapping, command_id, appointment_id)
        before = [visit.starts_at for visit in both]
        keep_what_was_owed(swapping, *(visit.pk for visit in both))
        there = [_slot_of(visit) for visit in reversed(both)]
        plans = _plans(swapping, both, there)
        placed = [_place(*one) for one in zip(both, plans, there, strict=True)]
        _take(swapping, both, plans)
        fp("diary.move.before_event")
        for visit, fields, start in zip(both, placed, before, strict=True):
            said = {**fields, "moved_at": now, "moved_by": by.role}
            note(swapping, visit, Happening(change=Change.MOVED, state=State.BOOKED, fields=said, from_start=start))
        return both[0]


def _is_part(visit: Appointment) -> bool:
    return visit.part_of_id is not None or Appointment.objects.filter(part_of_id=visit.pk).exists()


def _slot_of(visit: Appointment) -> Slot:
    return Slot(day=visit.day, wall_time=visit.wall_time, practitioner_id=visit.practitioner_id)


def _plans(swapping: Act, both: list[Appointment], there: list[Slot]) -> list[Plan]:
    setting = setting_of(swapping.practice_id)
    needs = [replace(need_again(visit), minutes=visit.minutes) for visit in both]
    return [plan_for(swapping, setting, need, slot) for need, slot in zip(needs, there, strict=True)]


def _place(visit: Appointment, plan: Plan, slot: Slot) -> dict[str, Any]:
    """Put a visit where it is to lie, and return its columns that change."""
    fields = columns(slot.day, slot.wall_time, plan) | {"practitioner_id": slot.practitioner_id, **UNSAID}
    for name, value in fields.items():
        setattr(visit, name, value)
    return fields


def _take(swapping: Act, both: list[Appointment], plans: list[Plan]) -> None:
    """Take both new times in one breath. Raises ``TimeTaken``."""

    def unless() -> bool:
        zone = plans[0].setting.practice.zone
        return any(
            is_away(swapping.practice_id, visit.practitioner_id, Period(visit.starts_at, visit.ends_at), zone)
            for visit in both
        )

    for places in islice(product(*(plan.beside for plan in plans)), SETS_TRIED):
        rows: list[Claim] = []
        for visit, beside in zip(both, places, strict=True):
            rows += [claims.claim_for(visit), *(claims.claim_beside(visit, place) for place in beside)]
        try:
            claims.take(swapping, rows, instead_of=[visit.pk for visit in both], unless=unless)
        except claims.Overlap:
            continue
        return
    plan = plans[0]
    raise errors.TimeTaken(
        alternatives(plan.setting, plan.need, plan.placed.starts_at, both[0].practitioner_id, now=swapping.now)
    )
