"""How the practice came by people's addresses: one event each, asked for once before anything is sent."""

from datetime import datetime
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act
from glede.people import events
from glede.people.models import ConsentEvent
from glede.people.queries.origins import without_origin
from glede.people.rules.consent import CONTACT
from glede.people.values import EVERY_CHANNEL

# What may be answered, and how such an address was collected (``collected_via``).
ORIGINS = {"asked": "in_person", "form": "form", "old_system": "import", "unknown": "import"}
PEOPLE_A_TRANSACTION = 500


def record_origin(*, practice_id: UUID, origin: str, wording: str, by: Actor, now: datetime) -> int:
    """Note for everybody who has an address of unsaid origin how it came here; return for how many.

    ``origin`` is one of ``ORIGINS``; ``wording`` is the sentence that was chosen. It permits nothing: it is the proof
    that is asked for when somebody wants to know where we have their number from (GDPR 14). Said twice it adds only
    those who came since. Raises ``ValueError`` for an unknown origin.
    """
    if origin not in ORIGINS:
        raise ValueError(f"no origin of addresses: {origin}")
    done = 0
    while ids := without_origin(practice_id, limit=PEOPLE_A_TRANSACTION):
        with act(practice_id, by=by, now=now) as noting:
            noting.lock(*(Ref("patient", patient_id) for patient_id in ids))
            _note(noting, ids, origin, wording)
        done += len(ids)
    return done


def _note(this: Act, ids: list[UUID], origin: str, wording: str) -> None:
    rows = [
        ConsentEvent(
            practice_id=this.practice_id,
            patient_id=patient_id,
            action=ConsentEvent.Action.IMPORT,
            purpose=CONTACT,
            channel=EVERY_CHANNEL,
            legal_basis=origin,
            wording_text=wording,
            collected_via=ORIGINS[origin],
            actor_role=this.by.role,
            actor_id=this.by.id,
            created_at=this.now,
            processed_at=this.now,
        )
        for patient_id in ids
    ]
    ConsentEvent.objects.bulk_create(rows)
    for row in rows:
        this.record(
            events.CONSENT_GIVEN,
            subject=Ref("patient", row.patient_id),
            patient=row.patient_id,
            data={"consent": row.pk, "action": row.action, "purpose": row.purpose, "channel": row.channel},
        )
