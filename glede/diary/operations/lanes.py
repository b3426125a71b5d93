"""Seats for many visits at once; where a list has two on one time, the second stands on a lane beside."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from glede.diary import rules
from glede.diary.models import Appointment, Claim
from glede.diary.operations import claims
from glede.diary.operations.bulk import insert
from glede.diary.queries.times import busy_lanes
from glede.kernel.periods import Period
from glede.ledger.operations import Act


def seat_all(importing: Act, visits: Sequence[Appointment]) -> list[Appointment]:
    """Take the time of all ``visits``, and return those that only found a lane.

    Earlier visits come first, so the same list always makes the same lanes.
    """
    if not visits:
        return []
    importing.take_claims()
    chairs = {visit.practitioner_id or visit.practice_id for visit in visits}
    claims.queue_up(chairs)
    stretch = Period(min(visit.starts_at for visit in visits), max(visit.claimed_to for visit in visits))
    claims.lapse_held(importing, chairs, stretch)
    held = busy_lanes(importing.practice_id, chairs, stretch.start, stretch.end)
    rows, overlapping = [], []
    for visit in sorted(visits, key=lambda v: (v.starts_at, v.external_id)):
        row = _place(visit, held)
        if row.ref != row.chair:
            overlapping.append(visit)
        rows.append(row)
    rows.sort(key=lambda row: (row.kind, row.ref, row.starts_at))
    insert(rows)
    return overlapping


def _place(visit: Appointment, held: "defaultdict[UUID, list[Period]]") -> Claim:
    chair = visit.practitioner_id or visit.practice_id
    wanted = Period(visit.starts_at, visit.claimed_to)
    lane, number = chair, 0
    while not _fits(wanted, held[lane]):
        number += 1
        lane = rules.lane_ref(chair, number)
    insort(held[lane], wanted)
    return claims.claim_for(visit, lane=lane if number else None)


def _fits(wanted: Period, taken: list[Period]) -> bool:
    # On one lane nothing overlaps, so only the neighbours in time can be in the way.
    place = bisect_left(taken, wanted)
    return not any(wanted.overlaps(period) for period in taken[max(0, place - 1) : place + 1])
