"""Owe a person a colleague's answer, at once, by the channel they wrote on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.outbox.models import Message, Touch
from glede.outbox.operations.planning import SEND
from glede.outbox.rules import Lane, State
from glede.practices.models import Practice

REPLY_ROW = "reply"


@dataclass(frozen=True, slots=True)
class ReplyToSend:
    """A colleague's answer that is about to leave. Its words are read when it leaves, from the one who keeps them."""

    patient_id: UUID
    conversation_id: UUID
    reply_id: UUID
    channel: str
    in_reply_to: str = ""


def send_reply(*, practice_id: UUID, reply: ReplyToSend, by: Actor, now: datetime) -> UUID:
    """Write down that the answer is owed, and return the touch's id.

    The caller holds the conversation's lock, so that two answers are two touches.
    """
    subject = Ref("conversation", reply.conversation_id)
    with act(practice_id, by=by, now=now) as this:
        live = Practice.objects.get(pk=practice_id).is_live
        last = Touch.objects.filter(
            row=REPLY_ROW, subject_kind=subject.kind, subject_id=subject.id, live=live
        ).aggregate(last=Max("occurrence"))["last"]
        touch = Touch.objects.create(
            practice_id=practice_id, row=REPLY_ROW, subject_kind=subject.kind, subject_id=subject.id,
            subject_version=this.version_of(subject), occurrence=(last or 0) + 1, live=live,
            patient_id=reply.patient_id, purpose="reply", lane=Lane.REPLY, due_at=now, planned_at=now,
            why={"reply": str(reply.reply_id), "channel": reply.channel},
        )  # fmt: skip
        Message.objects.create(
            practice_id=practice_id, touch=touch, lane=Lane.REPLY, live=live, channel=reply.channel,
            state=State.READY, due_at=now, in_reply_to=reply.in_reply_to,
        )  # fmt: skip
        this.wake(SEND, lane=Lane.REPLY.value)
    return touch.id
