"""What a colleague leaves at the end of a visit, and what stands of it. Frozen values."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Plan:
    """When somebody is due again: after ``months`` (1 to 120; None: not at all); why, as a code and in own words."""

    months: int | None
    why: str = ""
    words: str = ""
    service_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Leaving:
    """All that is left at the end of a visit; whatever is empty is left out.

    ``follow_up`` is one line, promised back on ``follow_up_on``. ``hand_to`` is the colleague (a membership) who takes
    the person over, with ``what_matters`` in one line.
    """

    plan: Plan | None = None
    drops: bool = False
    follow_up: str = ""
    follow_up_on: date | None = None
    hand_to: UUID | None = None
    what_matters: str = ""


@dataclass(frozen=True, slots=True)
class NextDue:
    """When somebody is due again, as it stands. ``due_month`` is a month's first day, None where none is planned."""

    id: UUID
    patient_id: UUID
    appointment_id: UUID | None
    months: int | None
    due_month: date | None
    service_id: UUID | None
    why: str
    words: str
    set_at: datetime
    set_by: UUID | None


@dataclass(frozen=True, slots=True)
class Closed:
    """How a visit was closed."""

    id: UUID
    appointment_id: UUID
    patient_id: UUID
    closed_at: datetime
    closed_by: UUID | None
    held_until: datetime | None
    follow_up_id: UUID | None
    handed_id: UUID | None
    has_plan: bool
