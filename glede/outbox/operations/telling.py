"""How the outbox records what became of its messages: one event each, ids and codes only."""

from __future__ import annotations

from typing import Any

from glede.kernel.ref import Ref
from glede.ledger.operations import Act
from glede.outbox.models import Message, Touch


def tell(this: Act, kind: str, message: Message, touch: Touch, **more: Any) -> None:
    """Record `kind` about a message, for the patient it is owed to."""
    data = {
        "touch": str(touch.id),
        "row": touch.row,
        "purpose": touch.purpose,
        "about": f"{touch.subject_kind}:{touch.subject_id}",
        "channel": message.channel,
        "n": message.n,
        **more,
    }
    this.record(kind, subject=Ref("message", message.id), patient=touch.patient_id, data=data)
