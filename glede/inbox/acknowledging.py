"""What a person gets at once: the safety net out of hours, and the word that their refusal was heard."""

from datetime import datetime
from uuid import UUID

from glede.inbox.models import InboundMessage
from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.outbox.operations import plan_touches
from glede.outbox.touches import PlannedTouch

ROW = "31/1"
RECEIPT_ROW = "31/2"


def plan(message: InboundMessage, patient_id: UUID, *, by: Actor, now: datetime) -> None:
    """Owe the person one acknowledgement of this message, now: it answers their own act."""
    _plan(ROW, message, patient_id, {"rule": "out_of_hours"}, by=by, now=now)


def plan_receipt(message: InboundMessage, patient_id: UUID, *, by: Actor, now: datetime) -> None:
    """Owe the person one word, on the channel they refused, that says what stopped; nothing follows it."""
    _plan(RECEIPT_ROW, message, patient_id, {"opt_out_receipt": True}, by=by, now=now)


def _plan(
    row: str, message: InboundMessage, patient_id: UUID, why: dict[str, object], *, by: Actor, now: datetime
) -> None:
    touch = PlannedTouch(
        row=row,
        journey_version=0,
        subject=Ref("conversation", message.conversation_id),
        subject_version=1,
        patient_id=patient_id,
        purpose="acknowledgement",
        lane="safety",
        due_at=now,
        occurrence=message.n,
        channel=message.channel if message.channel in {"email", "sms"} else "",
        answers_at=now,
        why={"message": str(message.pk), **why},
    )
    plan_touches(practice_id=message.practice_id, touches=[touch], by=by, now=now)
