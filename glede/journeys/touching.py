"""How a row becomes a touch: about whom and what, when, and why. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from glede.journeys.document import Row
from glede.journeys.facts import Person
from glede.kernel.ref import Ref
from glede.outbox.touches import PlannedTouch

FIRST = 1
"""The occurrence of what comes once."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When a touch falls due, until when it may leave, and what else there is to say about it."""

    due_at: datetime
    late_after: datetime
    why: dict[str, Any]
    occurrence: int = FIRST
    act: str = "message"
    answers_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class About:
    """Whom and what a touch is about, and by which version of the journey."""

    person: Person
    subject: Ref
    subject_version: int
    slot: str
    version: int


def touch_of(about: About, row: Row, variant: str, moment: Moment) -> PlannedTouch:
    """Return the touch of a row about something at its moment; ``variant`` is the trigger that pulled."""
    person = about.person
    why = {
        **moment.why,
        "variant": variant,
        "slot": about.slot,
        "channel": person.channel,
        "channel_because": person.channel_because,
        "when_late": row.late.otherwise,
    }
    return PlannedTouch(
        row=row.row,
        journey_version=about.version,
        subject=about.subject,
        subject_version=about.subject_version,
        patient_id=person.id,
        purpose=row.purpose,
        lane=row.lane,
        due_at=moment.due_at,
        occurrence=moment.occurrence,
        act=moment.act,
        channel="call" if moment.act == "call" else person.channel,
        late_after=moment.late_after,
        answers_at=moment.answers_at,
        why=why,
    )
