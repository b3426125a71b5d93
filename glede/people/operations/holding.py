"""Hold what can wait for a person who cannot read now, and let it go again."""

from datetime import datetime
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.people import events
from glede.people.models import Hold
from glede.people.operations.patients import locked_all


class NoSuchHold(LookupError):
    """No such hold stands: it has ended, or was never made here."""


def hold_messages(
    *, practice_id: UUID, patient_id: UUID, reason: str, until: datetime, by: Actor, now: datetime
) -> Hold:
    """Hold every message to a person that can wait until a moment (aware, after ``now``); it ends by itself then.

    ``reason`` is one of ``Hold.Reason``. Of several holds the longest counts. Raises ``NoSuchPatient``.
    """
    with act(practice_id, by=by, now=now) as holding:
        locked_all(holding, [patient_id])
        row = Hold.objects.create(
            practice_id=practice_id, patient_id=patient_id, reason=Hold.Reason(reason), began_at=now, until=until
        )
        data = {"hold": row.pk, "reason": row.reason, "until": until}
        holding.record(events.MESSAGES_HELD, subject=Ref("patient", patient_id), patient=patient_id, data=data)
    return row


def release_messages(*, practice_id: UUID, hold_id: UUID, by: Actor, now: datetime) -> Hold:
    """End a hold before its time, because it was noted by mistake. Raises ``NoSuchHold``."""
    with act(practice_id, by=by, now=now) as releasing:
        row = Hold.objects.filter(practice_id=practice_id, pk=hold_id, ended_at=None).first()
        if row is None:
            raise NoSuchHold(str(hold_id))
        subject = Ref("patient", row.patient_id)
        releasing.lock(subject)
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        data = {"hold": row.pk, "reason": row.reason}
        releasing.record(events.MESSAGES_RELEASED, subject=subject, patient=row.patient_id, data=data)
    return row
