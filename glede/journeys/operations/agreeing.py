"""Once a night: what patients were told is held against the book, and what differs becomes a manager's promise."""

from datetime import datetime, timedelta
from uuid import UUID

from glede.journeys.agreeing import CAUSE, Difference, differences
from glede.journeys.operations.cursors import AGREED, locked, reached
from glede.kernel.actor import SYSTEM
from glede.kernel.clock import day_of, wall
from glede.kernel.periods import NeverOpen
from glede.ledger.operations import act
from glede.practices.models import Practice
from glede.practices.queries import opening_hours, practice_by_id
from glede.promises.operations import NewPromise, make_promises, withdraw_promise
from glede.promises.queries import causes_like, open_promises
from glede.staff.queries import manager_of

HOUR = 3
"""When it is night: from this hour on the wall, once a day. Our choice: before anybody is at the desk."""
SETTLE = "settle"


def agree(practice_id: UUID, *, now: datetime) -> list[Difference]:
    """Compare once a night; a difference found for the first time is promised, one that is mended is withdrawn.

    Returns what differs; nothing before the night's hour, or where this night's comparison was made.
    """
    practice = practice_by_id(practice_id)
    today = day_of(now, practice.zone).toordinal()
    if reached(practice_id, AGREED) >= today or wall(now, practice.zone).hour < HOUR:
        return []
    found = differences(practice_id, now=now)
    with act(practice_id, by=SYSTEM, now=now):
        cursor = locked(practice_id, AGREED)
        if cursor.seq >= today:
            return []
        cursor.seq = today
        cursor.save(update_fields=["seq"])
        _promise(practice, found, now)
        _withdraw(practice, found, now)
    return found


def _promise(practice: Practice, found: list[Difference], now: datetime) -> None:
    before = causes_like(practice.pk, SETTLE, CAUSE)
    new = [one for one in found if one.cause not in before]
    if not new:
        return
    due, owner = _due(practice, now), manager_of(practice.pk)
    promises = [
        NewPromise(
            kind=SETTLE, subject=one.subject, due_at=due, cause=one.cause, patient_id=one.patient_id, owner_id=owner,
            urgency=2, detail={"reason": f"told_{one.how}", "visit": str(one.appointment_id)},
        )
        for one in new
    ]  # fmt: skip
    make_promises(practice_id=practice.pk, new=promises, by=SYSTEM, now=now)


def _withdraw(practice: Practice, found: list[Difference], now: datetime) -> None:
    standing = {one.cause for one in found}
    for owed in open_promises(practice.pk, kinds=[SETTLE]):
        if owed.cause.startswith(CAUSE) and owed.cause not in standing:
            withdraw_promise(practice_id=practice.pk, promise_id=owed.id, reason="mended", by=SYSTEM, now=now)


def _due(practice: Practice, now: datetime) -> datetime:
    try:
        return opening_hours(practice).add_open_minutes(now, practice.answer_minutes)
    except NeverOpen:
        return now + timedelta(days=1)
