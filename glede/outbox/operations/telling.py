"""How the outbox records what became of its messages: one event each, ids and codes only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from glede.kernel.ref import Ref
from glede.ledger.operations import Act
from glede.outbox.models import Message, Touch


@dataclass(frozen=True, slots=True)
class About:
    """What every event of a message tells of its touch."""

    touch_id: UUID
    row: str
    purpose: str
    subject: Ref
    channel: str
    n: int


def tell(this: Act, kind: str, message: Message, touch: Touch, **more: Any) -> None:
    """Record `kind` about a message, for the patient it is owed to."""
    subject = Ref(touch.subject_kind, touch.subject_id)
    about = About(touch.id, touch.row, touch.purpose, subject, message.channel, message.n)
    record(this, kind, message.id, touch.patient_id, about, **more)


def record(this: Act, kind: str, message_id: UUID, patient_id: UUID, about: About, **more: Any) -> None:
    """Record `kind` about a message by its ids."""
    data = {
        "touch": str(about.touch_id),
        "row": about.row,
        "purpose": about.purpose,
        "about": str(about.subject),
        "channel": about.channel,
        "n": about.n,
        **more,
    }
    this.record(kind, subject=Ref("message", message_id), patient=patient_id, data=data)
