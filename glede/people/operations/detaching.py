"""A number or an address that is somebody else's: used no more from this moment, and a colleague asks for theirs."""

from datetime import datetime, timedelta
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.periods import NeverOpen
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.people.models import ContactPoint
from glede.people.operations.contacts import end_contact
from glede.people.queries.names import head_of, records_of
from glede.practices.models import Practice
from glede.practices.queries import opening_hours, practice_by_id
from glede.promises.operations import NewPromise, make_promise

WRONG = "wrong_number"


def detach_contact(*, practice_id: UUID, contact_id: UUID, by: Actor, now: datetime) -> ContactPoint:
    """End a number or an address that is not the person's, and promise that a colleague asks for the right one.

    Where they stand twice on file it ends with both records. Raises ``ContactEnded`` where it is in force no more: it
    was told of before.
    """
    with act(practice_id, by=by, now=now):
        ended = end_contact(practice_id=practice_id, contact_id=contact_id, reason=WRONG, by=by, now=now)
        whose = head_of(practice_id, ended.patient_id) or ended.patient_id
        for again in _standing(practice_id, whose, ended.address):
            end_contact(practice_id=practice_id, contact_id=again, reason=WRONG, by=by, now=now)
        new = NewPromise(
            kind="undelivered", subject=Ref("patient", whose), due_at=_due(practice_by_id(practice_id), now),
            cause=f"{WRONG}:{contact_id}", detail={"reason": WRONG}, patient_id=whose,
        )  # fmt: skip
        make_promise(practice_id=practice_id, new=new, by=by, now=now)
    return ended


def detach_address(*, practice_id: UUID, patient_id: UUID, address: str, by: Actor, now: datetime) -> int:
    """End ``address``, in its normal form, wherever it stands on a person; return how often it stood there."""
    with act(practice_id, by=by, now=now):
        found = _standing(practice_id, head_of(practice_id, patient_id) or patient_id, address)
        if found:
            detach_contact(practice_id=practice_id, contact_id=found[0], by=by, now=now)
    return len(found)


def _standing(practice_id: UUID, patient_id: UUID, address: str) -> list[UUID]:
    """Return the rows in force that hold an address, of a person and of every record merged into theirs."""
    records = records_of(practice_id, [patient_id])
    rows = ContactPoint.objects.filter(practice_id=practice_id, patient_id__in=records, ended_at=None)
    return [row.pk for row in rows.order_by("id") if row.address == address]


def _due(practice: Practice, now: datetime) -> datetime:
    try:
        return opening_hours(practice).add_open_minutes(now, practice.answer_minutes)
    except NeverOpen:
        return now + timedelta(days=1)
