"""Where a visit would lie and who works then: found before any time is taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice, product
from typing import Any
from uuid import UUID

from glede.diary import errors, rules
from glede.diary.availability import Chair, Need, kept_periods, working_periods
from glede.diary.gaps import merge
from glede.diary.operations.writing import TZDATA_VERSION
from glede.diary.queries.facilities import Place
from glede.diary.queries.times import Setting, alternatives, busy_between
from glede.diary.requests import Slot
from glede.diary.rules import Placed
from glede.kernel.periods import Period
from glede.ledger.operations import Act

SETS_TRIED = 12  # of rooms and devices for one visit: more than any practice has free at one time


@dataclass(frozen=True, slots=True)
class Plan:
    """Where a visit is to lie, and all that was needed to know it.

    ``beside`` are sets of rooms and devices, each of which has all that is asked for, the freest first.
    """

    setting: Setting
    need: Need
    placed: Placed
    chairs: Sequence[Chair]
    beside: Sequence[tuple[Place, ...]] = ((),)


def plan_for(booking: Act, setting: Setting, need: Need, slot: Slot) -> Plan:
    """Return where the visit would lie and who works then, most suitable first.

    A visit of the day has no chair: it takes no time.
    """
    zone, need = setting.practice.zone, setting.able(need)
    placed = rules.place(slot.day, slot.wall_time, zone, minutes=need.minutes, buffer_minutes=need.buffer_minutes)
    rules.check_bookable(placed, role=booking.by.role, now=booking.now)
    wanted = _wanted_chairs(setting, slot.practitioner_id)
    if slot.wall_time is None:
        return Plan(setting, need, placed, ())
    there = [chair for chair in wanted if _works(chair, setting, slot, placed)]
    working = [chair for chair in there if need.is_urgent or not _is_kept(chair, setting, slot, placed, booking.now)]
    if not working:
        refusal = errors.KeptForUrgent if there else _not_there(wanted, setting, slot, placed)
        raise refusal(alternatives(setting, need, placed.starts_at, slot.practitioner_id, now=booking.now))
    beside = setting.beside(need)
    if len(working) == 1 and not beside:
        return Plan(setting, need, placed, working)
    busy = busy_around(booking.practice_id, placed)
    return Plan(setting, need, placed, _by_suitability(working, placed, busy), sets_of(beside, placed, busy))


def columns(day: date, wall_time: time | None, plan: Plan) -> dict[str, Any]:
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


def busy_around(practice_id: UUID, placed: Placed) -> Mapping[UUID, Sequence[Period]]:
    """Return what is held within half a day of a visit."""
    half_day = timedelta(hours=12)
    return busy_between(practice_id, placed.starts_at - half_day, placed.ends_at + half_day)


def sets_of(
    beside: Sequence[Sequence[Place]], placed: Placed, busy: Mapping[UUID, Sequence[Period]]
) -> list[tuple[Place, ...]]:
    """Return the sets of rooms and devices to try, one of each asked for, those not held now first."""
    wanted = Period(placed.starts_at, placed.claimed_to)

    def is_held(place: Place) -> bool:
        return any(wanted.overlaps(period) for period in busy.get(place.id, ()))

    return list(islice(product(*(sorted(group, key=is_held) for group in beside)), SETS_TRIED))


def _wanted_chairs(setting: Setting, practitioner_id: UUID | None) -> list[Chair]:
    if practitioner_id is None:
        return list(setting.chairs)
    chair = setting.chair_of(practitioner_id)
    if chair is None:
        raise errors.UnknownPractitioner
    return [chair]


def _works(chair: Chair, setting: Setting, slot: Slot, placed: Placed) -> bool:
    spans = working_periods(slot.day, setting.hours, chair)
    return rules.within(Period(placed.starts_at, placed.ends_at), spans)


def _is_kept(chair: Chair, setting: Setting, slot: Slot, placed: Placed, now: datetime) -> bool:
    wanted = Period(placed.starts_at, placed.claimed_to)
    return any(wanted.overlaps(kept) for kept in kept_periods(slot.day, setting.hours, chair, now))


def _not_there(wanted: Sequence[Chair], setting: Setting, slot: Slot, placed: Placed) -> type[errors.OutsideHours]:
    would = any(_works(replace(chair, away=()), setting, slot, placed) for chair in wanted)
    return errors.Away if would else errors.OutsideHours


def _by_suitability(chairs: list[Chair], placed: Placed, busy: Mapping[UUID, Sequence[Period]]) -> list[Chair]:
    # Only the order in which chairs are tried; whether one is free, the constraint decides.
    wanted = Period(placed.starts_at, placed.claimed_to)

    def burden(chair: Chair) -> tuple[bool, float]:
        held = merge(busy.get(chair.id, ()))
        return any(wanted.overlaps(period) for period in held), sum(period.minutes for period in held)

    return sorted(chairs, key=burden)
