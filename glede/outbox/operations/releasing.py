"""Let go what was held for a reason that has gone: the policy is asked again at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from glede.kernel.actor import Actor
from glede.ledger.operations import act
from glede.outbox import events
from glede.outbox.models import Message
from glede.outbox.operations.planning import SEND
from glede.outbox.operations.telling import tell
from glede.outbox.rules import PENDING
from glede.people.queries import records_of


def release_held(*, practice_id: UUID, patient_id: UUID, held_by: str, by: Actor, now: datetime) -> int:
    """Let go every message to a person that waits because of ``held_by``, a code of ``HELD_BY``; return how many.

    One that somebody else has under their hand is left to them: it is asked about again when its own hold ends.
    """
    with act(practice_id, by=by, now=now) as this:
        rows = Message.objects.select_for_update(of=("self",), no_key=True, skip_locked=True).select_related("touch")
        held = list(
            rows.filter(
                touch__patient_id__in=records_of(practice_id, [patient_id]), held_by=held_by, state__in=PENDING
            ).order_by("id")
        )
        for message in held:
            message.held_until, message.held_by = None, ""
            message.save(update_fields=["held_until", "held_by"])
            tell(this, events.RELEASED, message, message.touch)
            this.wake(SEND, lane=message.lane)
    return len(held)
