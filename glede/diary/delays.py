"""We run late: whose visit begins later for it, and by how much. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

STEP_MINUTES: Final = 5  # our own choice: nobody is told of 17 minutes
WORTH_TELLING: Final = 10  # our own choice: a wait of up to ten minutes is told at the door


@dataclass(frozen=True, slots=True)
class Coming:
    """One visit still to come on a chair. Moments are UTC."""

    appointment_id: UUID
    starts_at: datetime
    minutes: int


def carried_on(coming: Iterable[Coming], minutes: int) -> dict[UUID, int]:
    """Return how many minutes later than its time each visit begins, in order; those not worth telling left out.

    ``minutes`` is how late the first of ``coming`` begins. Free time between two visits takes up what it can, so that
    nobody is told of a delay that is over before they come.
    """
    late: dict[UUID, int] = {}
    free_from: datetime | None = None
    for visit in sorted(coming, key=lambda one: (one.starts_at, one.appointment_id)):
        begins = visit.starts_at + timedelta(minutes=minutes) if free_from is None else max(visit.starts_at, free_from)
        free_from = begins + timedelta(minutes=visit.minutes)
        delay = -(-((begins - visit.starts_at) // timedelta(minutes=1)) // STEP_MINUTES) * STEP_MINUTES
        if delay > WORTH_TELLING:
            late[visit.appointment_id] = delay
    return late
