"""What calendars outside the house may fetch: times, and nothing of what for."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from glede.diary.models import Appointment
from glede.diary.rules import HOLDING, State
from glede.practices import scope
from glede.staff.models import Practitioner


@dataclass(frozen=True, slots=True)
class BusyTime:
    """A visit of a chair as the calendar of who sits on it may know it; moments are UTC, names nobody."""

    appointment_id: UUID
    sequence: int
    starts_at: datetime
    ends_at: datetime
    is_cancelled: bool


def own_visits(practice_id: UUID, membership_id: UUID, *, from_: date, days: int) -> list[BusyTime]:
    """Return the visits booked with a colleague on ``days`` days from ``from_`` on, in order of time.

    Visits without an hour, and those entered in error, are left out; a cancelled one says so.
    """
    with scope.transaction(practice_id, read_only=True):
        chairs = Practitioner.objects.filter(practice_id=practice_id, membership_id=membership_id)
        rows = Appointment.objects.filter(
            practice_id=practice_id, practitioner__in=chairs, day__gte=from_, day__lt=from_ + timedelta(days=days),
            state__in=(*HOLDING, State.CANCELLED), is_day_visit=False,
        )  # fmt: skip
        shown = rows.order_by("starts_at", "id").values_list("id", "changes_count", "starts_at", "ends_at", "state")
        return [
            BusyTime(key, sequence, starts_at, ends_at, is_cancelled=state == State.CANCELLED)
            for key, sequence, starts_at, ends_at, state in shown
        ]
