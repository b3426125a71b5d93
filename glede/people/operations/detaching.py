"""A number or an address that is somebody else's: used no more from this moment, and a colleague asks for theirs."""

from datetime import datetime, timedelta
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.periods import NeverOpen
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.people.models import ContactPoint
from glede.people.operations.contacts import end_contact
from glede.practices.models import Practice
from glede.practices.queries import opening_hours, practice_by_id
from glede.promises.operations import NewPromise, make_promise

WRONG = "wrong_number"


def detach_contact(*, practice_id: UUID, contact_id: UUID, by: Actor, now: datetime) -> ContactPoint:
    """End a number or an address that is not the person's, and promise that a colleague asks for the right one.

    Raises ``ContactEnded`` where it is in force no more: it was told of before.
    """
    with act(practice_id, by=by, now=now):
        ended = end_contact(practice_id=practice_id, contact_id=contact_id, reason=WRONG, by=by, now=now)
        new = NewPromise(
            kind="undelivered", subject=Ref("patient", ended.patient_id), due_at=_due(practice_by_id(practice_id), now),
            cause=f"{WRONG}:{contact_id}", detail={"reason": WRONG}, patient_id=ended.patient_id,
        )  # fmt: skip
        make_promise(practice_id=practice_id, new=new, by=by, now=now)
    return ended


def detach_address(*, practice_id: UUID, patient_id: UUID, address: str, by: Actor, now: datetime) -> int:
    """End ``address``, in its normal form, wherever it stands on a person; return how often it stood there."""
    with act(practice_id, by=by, now=now):
        rows = ContactPoint.objects.filter(practice_id=practice_id, patient_id=patient_id, ended_at=None)
        found = [row.pk for row in rows.order_by("id") if row.address == address]
        for contact_id in found:
            detach_contact(practice_id=practice_id, contact_id=contact_id, by=by, now=now)
    return len(found)


def _due(practice: Practice, now: datetime) -> datetime:
    try:
        return opening_hours(practice).add_open_minutes(now, practice.answer_minutes)
    except NeverOpen:
        return now + timedelta(days=1)
