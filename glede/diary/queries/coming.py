"""Visits to come: which stand outside the opening hours of their day, and how many there are of a kind."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from glede.diary.models import Appointment
from glede.diary.rules import AHEAD
from glede.kernel.periods import WeeklyHours
from glede.practices import scope


@dataclass(frozen=True, slots=True)
class Outside:
    """A visit to come that the hours of its day have no room for."""

    appointment_id: UUID
    patient_id: UUID
    day: date
    starts_at: datetime
    is_day_visit: bool


def outside(practice_id: UUID, days: Collection[date], hours: WeeklyHours, *, now: datetime) -> list[Outside]:
    """Return the visits to come on ``days`` that do not lie within ``hours``, in order of time."""
    with scope.transaction(practice_id):
        rows = Appointment.objects.filter(
            practice_id=practice_id, day__in=list(days), state__in=AHEAD, starts_at__gt=now, is_history=False
        )
        return [
            Outside(row.pk, row.patient_id, row.day, row.starts_at, row.is_day_visit)
            for row in rows.order_by("starts_at", "id")
            if not _fits(row, hours)
        ]


def days_changed(practice_id: UUID, before: WeeklyHours, after: WeeklyHours, *, now: datetime) -> list[date]:
    """Return the days with visits to come whose hours are others ``after`` than ``before``, in order."""
    with scope.transaction(practice_id):
        rows = Appointment.objects.filter(practice_id=practice_id, state__in=AHEAD, starts_at__gt=now, is_history=False)
        days = rows.order_by("day").values_list("day", flat=True).distinct()
        return [day for day in days if before.hours_on(day) != after.hours_on(day)]


def _fits(row: Appointment, hours: WeeklyHours) -> bool:
    if row.is_day_visit:
        return hours.is_open_day(row.day)
    return any(p.start <= row.starts_at and row.ends_at <= p.end for p in hours.periods_on(row.day))


def count_coming(
    practice_id: UUID, *, now: datetime, service_id: UUID | None = None, practitioner_id: UUID | None = None
) -> int:
    """Return how many visits to come there are, of a service or with a practitioner where one is named."""
    with scope.transaction(practice_id):
        rows = Appointment.objects.filter(practice_id=practice_id, state__in=AHEAD, starts_at__gt=now)
        if service_id is not None:
            rows = rows.filter(service_id=service_id)
        if practitioner_id is not None:
            rows = rows.filter(practitioner_id=practitioner_id)
        return rows.filter(is_history=False).count()
