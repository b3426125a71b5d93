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

UnderWay = Literal["keep", "move", "stop"]


class ChangedMeanwhile(RuntimeError):
    """Somebody else made a version since this one was read."""


def change_journey(
    *,
    practice_id: UUID,
    raw: Any,
    under_way: UnderWay = "keep",
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> Journey:
    """Make a new version of a journey of plain values and return it. Raises ``document.DocumentRefused``.

    ``under_way``: the visits that walk an older version keep it, move to the new one, or get nothing more of it.
    What was stopped stays so. ``seen`` is the version that was changed: raises ``ChangedMeanwhile`` where another is
    in force by now.
    """
    read = document.parse(raw)
    subject = Ref("practice", practice_id)
    with act(practice_id, by=by, now=now) as changing:
        changing.lock(subject)
        last = Journey.objects.filter(practice_id=practice_id, key=read.key).aggregate(last=Max("version"))["last"]
        if seen is not None and seen != (last or versions.SHIPPED):
            raise ChangedMeanwhile(str(last))
        journey = Journey.objects.create(
            practice_id=practice_id, key=read.key, version=(last or versions.SHIPPED) + 1, document=raw, made_at=now,
            made_by_role=by.role, made_by_id=by.id,
        )  # fmt: skip
        walking = Enrolment.objects.filter(practice_id=practice_id, key=read.key, is_stopped=False)
        if under_way == "move":
            walking.update(version=journey.version)
        elif under_way == "stop":
            walking.update(is_stopped=True)
        changing.record(
            events.JOURNEY_CHANGED,
            subject=subject,
            data={"journey": read.key, "version": journey.version, "under_way": under_way},
        )
    return journey
