"""What follows a visit with somebody else: its time is found and taken together with the visit's, or neither is."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import partial
from typing import TypeVar
from uuid import UUID

from glede.diary import availability, errors, linked, rules
from glede.diary.availability import Chair, Offer, Search, Window
from glede.diary.gaps import merge, touching
from glede.diary.models import Appointment, Claim, HeldTime
from glede.diary.operations import claims
from glede.diary.operations.planning import Plan
from glede.diary.queries.facilities import Place
from glede.diary.queries.leaves import is_away
from glede.diary.queries.times import Setting, alternatives, search_in, setting_of
from glede.diary.rules import Change, Placed, State
from glede.kernel.periods import Period
from glede.ledger.operations import Act

Holder = TypeVar("Holder", Appointment, HeldTime)

TRIES = 5  # in which somebody else was faster; each looks anew at what is free


@dataclass(frozen=True, slots=True)
class Second:
    """Where the second part is to lie, and with whom."""

    plan: Plan
    service_id: UUID | None
    day: date
    wall_time: time
    practitioner_id: UUID | None
    places: tuple[Place, ...]


def side_of(appointment: Appointment) -> linked.Side:
    """Return a part as the rules see it."""
    return linked.Side(State(appointment.state), appointment.cancelled_at, appointment.part_of_id is not None)


def goes_along(change: Change, this: Appointment, other: Appointment | None) -> bool:
    """Return whether ``change`` of a visit is made of the other part too."""
    if other is None:
        return False
    return linked.goes_along(change, side_of(this), side_of(other), is_after=_is_after(this, other))


def parting(change: Change, this: Appointment, other: Appointment | None) -> dict[str, None]:
    """Return the columns by which ``change`` makes a second part a visit of its own; none where it does not."""
    if other is None or not linked.parts(change, side_of(this), side_of(other), is_after=_is_after(this, other)):
        return {}
    return {"part_of_id": None}


def _is_after(this: Appointment, other: Appointment) -> bool:
    first, second = (other, this) if this.part_of_id else (this, other)
    return first.ends_at <= second.starts_at <= first.ends_at + linked.LONGEST_WAIT


def seat_both(
    booking: Act,
    first: Holder,
    plan: Plan,
    placed_as: Callable[[Second], Holder],
    *,
    instead_of: Sequence[UUID] = (),
) -> Holder:
    """Take the time of a visit and of what follows it, and return the second part: both or neither.

    ``placed_as`` returns the second part with the columns that say where it lies. What ``instead_of`` holds
    is given back in the same breath. Raises ``TimeTaken``, or ``Away``, with times at which both fit.
    """
    is_leave = False
    for _ in range(TRIES):
        search = search_in(plan.setting, plan.need, Window(first.day, 1, booking.now), but=instead_of)
        found = next(_fitting(search, first, plan), None)
        if found is None:
            break
        chair, places, second = found
        first.practitioner_id = chair.practitioner_id
        part = placed_as(second)
        rows = _claims(first, places) + _claims(part, second.places)
        try:
            claims.take(booking, rows, instead_of=instead_of, unless=partial(_is_leave, plan, first, part))
        except claims.Overlap as overlap:
            is_leave |= isinstance(overlap, claims.OnLeave)
            continue
        return part
    asked_for = plan.chairs[0].practitioner_id if len(plan.chairs) == 1 else None
    setting, refusal = (setting_of(booking.practice_id), errors.Away) if is_leave else (plan.setting, errors.TimeTaken)
    raise refusal(alternatives(setting, plan.need, plan.placed.starts_at, asked_for, now=booking.now))


def _fitting(
    search: Search, first: Appointment | HeldTime, plan: Plan
) -> Iterator[tuple[Chair, tuple[Place, ...], Second]]:
    for chair in plan.chairs:
        places = _free_places(search, plan.setting, plan)
        if places is None or _is_held(search, chair.id, plan.placed):
            continue
        then = availability.second_part(search, first.day, plan.placed.starts_at, chair)
        second = _second(search, plan.setting, plan, then) if then else None
        if second is not None:
            yield chair, places, second


def _second(search: Search, setting: Setting, plan: Plan, then: Offer) -> Second | None:
    follows = plan.need.then
    if follows is None:
        return None
    need = follows.need
    placed = rules.place(
        then.day, then.wall_time, setting.practice.zone, minutes=need.minutes, buffer_minutes=need.buffer_minutes
    )
    chair = setting.chair_of(then.practitioner_id)
    second = Plan(setting, need, placed, (chair,) if chair else ())
    places = _free_places(search, setting, second)
    return (
        None
        if places is None
        else Second(second, follows.service_id, then.day, then.wall_time, then.practitioner_id, places)
    )


def _free_places(search: Search, setting: Setting, plan: Plan) -> tuple[Place, ...] | None:
    """Return a room or device for each thing asked for that is free then; None where one is missing."""
    chosen = []
    for group in setting.beside(plan.need):
        free = next((place for place in group if not _is_held(search, place.id, plan.placed)), None)
        if free is None:
            return None
        chosen.append(free)
    return tuple(chosen)


def _is_held(search: Search, ref: UUID, placed: Placed) -> bool:
    return bool(touching(merge(search.busy.get(ref, ())), placed.starts_at, placed.claimed_to))


def _claims(visit: Appointment | HeldTime, places: Iterable[Place]) -> list[Claim]:
    return [claims.claim_for(visit), *(claims.claim_beside(visit, place) for place in places)]


def _is_leave(plan: Plan, *visits: Appointment | HeldTime) -> bool:
    practice = plan.setting.practice
    return any(
        is_away(practice.pk, one.practitioner_id, Period(one.starts_at, one.ends_at), practice.zone) for one in visits
    )
