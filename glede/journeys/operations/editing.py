"""Change a journey: always another version, never the one that people walk."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import Max

from glede.journeys import document, events, versions
from glede.journeys.models import Enrolment, Journey
from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import act


def change_journey(
    *,
    practice_id: UUID,
    raw: Any,
    under_way: Literal["keep", "move"] = "keep",
    by: Actor,
    now: datetime,
) -> Journey:
    """Make a new version of a journey of plain values and return it. Raises ``document.DocumentRefused``.

    ``under_way``: those who walk an older version keep it, or move to the new one.
    """
    read = document.parse(raw)
    subject = Ref("practice", practice_id)
    with act(practice_id, by=by, now=now) as changing:
        changing.lock(subject)
        last = Journey.objects.filter(practice_id=practice_id, key=read.key).aggregate(last=Max("version"))["last"]
        journey = Journey.objects.create(
            practice_id=practice_id, key=read.key, version=(last or versions.SHIPPED) + 1, document=raw, made_at=now,
            made_by_role=by.role, made_by_id=by.id,
        )  # fmt: skip
        if under_way == "move":
            Enrolment.objects.filter(practice_id=practice_id, key=read.key).update(version=journey.version)
        changing.record(
            events.JOURNEY_CHANGED,
            subject=subject,
            data={"journey": read.key, "version": journey.version, "under_way": under_way},
        )
    return journey
