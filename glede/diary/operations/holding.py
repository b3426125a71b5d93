"""A free time is kept ten minutes for somebody unknown, given back, or becomes their visit.

Whoever changes a held time waits for its chair first (``claims.queue_up``) and for its row after, so that nobody waits
in a ring. What lapses does so in the act of whoever takes the time.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from glede.catalogue.rules import MoreTime
from glede.diary import errors, events
from glede.diary.models import Appointment, Claim, HeldTime
from glede.diary.operations import claims
from glede.diary.operations.booking import BOOKED, Seating, seat, write_booking
from glede.diary.operations.linked import Second, seat_both
from glede.diary.operations.links import hash_for
from glede.diary.operations.planning import plan_for
from glede.diary.queries.holds import find
from glede.diary.queries.needs import need_of
from glede.diary.queries.times import setting_of
from glede.diary.requests import Booking, Slot, TimeToHold
from glede.kernel import actor
from glede.kernel.actor import Actor
from glede.kernel.failpoints import fp
from glede.kernel.ids import link_code, new_id
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act, answer, once
from glede.people.operations import add_patient
from glede.people.values import PersonForm

HELD_FOR: Final = timedelta(minutes=10)
A_DAY_AT_MOST: Final = 8  # our choice: docs/booking.md
AT_ONCE_AT_MOST: Final = 40
STRANGERS: Final = frozenset({MoreTime.FIRST})
"""Why somebody unknown needs more time: as far as we know they have never been here."""


def secret_of(hold: HeldTime) -> str:
    """Return the 13 letters and digits by which whoever holds a time proves it; only their hash is stored."""
    return link_code(settings.GLEDE_LINK_KEY, hold.pk, 0)


def hold_time(
    *, practice_id: UUID, request: TimeToHold, by: Actor, now: datetime, command_id: UUID | None = None
) -> HeldTime:
    """Keep a free time for ten minutes; what the same person held before is given back in the same breath.

    Raises ``TooManyHeld`` where 8 times of that day or 40 of the practice are held already, and what
    ``book_appointment`` raises about the time; then what was held before stays held.
    """
    with act(practice_id, by=by, now=now) as holding:
        pressed = once(holding, command_id)
        if pressed.answer is not None:
            return HeldTime.objects.get(practice_id=practice_id, pk=pressed.answer)
        before = _before(practice_id, request.instead_of)
        holding.take_claims()
        claims.one_hold_at_a_time(practice_id)
        _check_room(practice_id, request, before, now)
        hold = _take(holding, request, before)
        if before is not None:
            _end(holding, before, HeldTime.End.RELEASED)
        HeldTime.objects.bulk_create([hold])
        answer(holding, command_id, hold.pk)
        fp("diary.hold.before_event")
        _record(holding, events.HOLD_TAKEN, hold)
        return hold


def _before(practice_id: UUID, secret: str) -> HeldTime | None:
    try:
        hold = find(practice_id, secret)
    except errors.UnknownHold:
        return None
    return hold if hold.ended_at is None else None


def _check_room(practice_id: UUID, request: TimeToHold, before: HeldTime | None, now: datetime) -> None:
    live = HeldTime.objects.filter(practice_id=practice_id, ended_at=None, until__gt=now)
    others = live.exclude(pk=before.pk) if before else live
    days = list(others.values_list("day", flat=True))
    if len(days) >= AT_ONCE_AT_MOST or days.count(request.day) >= A_DAY_AT_MOST:
        raise errors.TooManyHeld


def _take(holding: Act, request: TimeToHold, before: HeldTime | None) -> HeldTime:
    setting = setting_of(holding.practice_id)
    need = need_of(holding.practice_id, request.service_id, more_time=STRANGERS)
    slot = Slot(day=request.day, wall_time=request.wall_time, practitioner_id=request.practitioner_id)
    plan = plan_for(holding, setting, need, slot)
    key = new_id()
    hold = HeldTime(
        id=key, practice_id=holding.practice_id, service_id=request.service_id, day=request.day,
        wall_time=request.wall_time, minutes=plan.need.minutes, buffer_minutes=plan.need.buffer_minutes,
        starts_at=plan.placed.starts_at, ends_at=plan.placed.ends_at, held_at=holding.now,
        until=holding.now + HELD_FOR, secret_hash=hash_for(key),
    )  # fmt: skip
    instead_of = [before.pk] if before else []
    if plan.need.then and plan.chairs:
        seat_both(holding, hold, plan, partial(_second, hold), instead_of=instead_of)
    else:
        seat(holding, hold, plan, instead_of=instead_of)
    return hold


def _second(hold: HeldTime, second: Second) -> HeldTime:
    """Return what follows, held with the first part: a place for its claims, and no row of its own."""
    placed = second.plan.placed
    return HeldTime(
        id=hold.pk, practice_id=hold.practice_id, practitioner_id=second.practitioner_id, until=hold.until,
        buffer_minutes=second.plan.need.buffer_minutes, starts_at=placed.starts_at, ends_at=placed.ends_at,
    )  # fmt: skip


def release_hold(
    *, practice_id: UUID, secret: str, by: Actor, now: datetime, command_id: UUID | None = None
) -> HeldTime:
    """Give back a time that is held; one that has ended stays as it ended. Raises ``UnknownHold``."""
    with act(practice_id, by=by, now=now) as releasing:
        pressed, hold = once(releasing, command_id), find(practice_id, secret)
        answer(releasing, command_id, hold.pk)
        if not pressed.is_first or hold.ended_at is not None:
            return hold
        releasing.take_claims()
        claims.queue_up(_chairs(hold))
        if _end(releasing, hold, HeldTime.End.RELEASED):
            claims.release(releasing, [hold.pk])
        return find(practice_id, secret)


def book_held(
    *, practice_id: UUID, secret: str, person: PersonForm, by: Actor, now: datetime, command_id: UUID | None = None
) -> Appointment:
    """Add somebody unknown and book the time they hold: the visit takes it over in one transaction.

    Whoever wrote their name is a new person, whoever else has that name and number: a colleague says who is the same.
    A time held past its moment is still theirs while nobody else took it. A hold that was booked gives its visit
    again. Raises ``UnknownHold``, ``UnreadableContact``, and what ``book_appointment`` raises.
    """
    with act(practice_id, by=by, now=now) as booking:
        pressed, hold = once(booking, command_id), find(practice_id, secret)
        done = pressed.answer or hold.appointment_id
        if done is not None:
            return Appointment.objects.get(practice_id=practice_id, pk=done)
        added = add_patient(practice_id=practice_id, person=replace(person, source="online"), by=by, now=now)
        with act(practice_id, by=actor.patient(added.pk), now=now) as theirs:
            visit = _book(theirs, hold, added.pk)
        if hold.ended_at is None and not _end(booking, hold, HeldTime.End.BOOKED, appointment=visit):
            # Another form of the same hold, or whoever took the time after it, was quicker by a breath.
            raise errors.TimeTaken
        answer(booking, command_id, visit.pk)
        fp("diary.hold.before_event")
        return visit


def _book(booking: Act, hold: HeldTime, patient_id: UUID) -> Appointment:
    request = Booking(
        patient_id=patient_id, day=hold.day, wall_time=hold.wall_time, more_time=STRANGERS, service_id=hold.service_id,
        practitioner_id=hold.practitioner_id, source="online",
    )  # fmt: skip
    over = (hold.pk,)
    seating = Seating(partial(seat, instead_of=over), instead_of=over)
    return write_booking(booking, request, seating, BOOKED, command_id=None)


def _chairs(hold: HeldTime) -> set[UUID]:
    rows = Claim.objects.filter(practice_id=hold.practice_id, hold_id=hold.pk)
    return set(rows.values_list("chair", flat=True))


def _end(this: Act, hold: HeldTime, end: HeldTime.End, **fields: Any) -> bool:
    """End a held time, if nobody did yet, and say whether this did it. Its chair must be waited for."""
    rows = HeldTime.objects.filter(Q(ended_at=None), practice_id=hold.practice_id, pk=hold.pk)
    if rows.update(end=end, ended_at=this.now, **fields) != 1:
        return False
    _record(this, events.HOLD_BOOKED if end == HeldTime.End.BOOKED else events.HOLD_RELEASED, hold, **fields)
    return True


def _record(this: Act, kind: str, hold: HeldTime, **fields: Appointment) -> None:
    data = {
        "day": hold.day.isoformat(),
        "at": hold.wall_time.isoformat("minutes"),
        "practitioner": str(hold.practitioner_id) if hold.practitioner_id else None,
        "service": str(hold.service_id),
        "until": hold.until.isoformat(),
        **{name: str(row.pk) for name, row in fields.items()},
    }
    this.record(kind, subject=Ref("held_time", hold.pk), data=data)
