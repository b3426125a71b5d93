"""The safety net: what a person gets at once when they write while the practice is closed (RULES 6.6 d)."""

from datetime import datetime
from uuid import UUID

from glede.inbox.models import InboundMessage
from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.outbox.operations import plan_touches
from glede.outbox.touches import PlannedTouch

ROW = "31/1"


def plan(message: InboundMessage, patient_id: UUID, *, by: Actor, now: datetime) -> None:
    """Owe the person one acknowledgement of this message, now: it answers their own act."""
    touch = PlannedTouch(
        row=ROW,
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
        why={"message": str(message.pk), "rule": "out_of_hours"},
    )
    plan_touches(practice_id=message.practice_id, touches=[touch], by=by, now=now)
