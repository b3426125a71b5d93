"""Who is away when, which visits stand in a leave all the same, and what is kept for what is urgent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from glede.diary.apart import Away, Kept
from glede.diary.models import Appointment, Leave, UrgentTime
from glede.diary.queries.coming import Outside
from glede.diary.rules import AHEAD
from glede.kernel.clock import day_of
from glede.kernel.periods import Period
from glede.practices import scope


@dataclass(frozen=True, slots=True)
class LeaveTaken:
    """A leave as the settings show it. ``kind`` is for managers alone."""

    id: UUID
    practitioner_id: UUID
    kind: str
    away: Away
    is_ended: bool


@dataclass(frozen=True, slots=True)
class UrgentKept:
    """A span that is kept, with whom (None: with each) and until when."""

    id: UUID
    practitioner_id: UUID | None
    kept: Kept


def leaves(practice_id: UUID, *, from_: date) -> list[LeaveTaken]:
    """Return every leave in force that is not over before ``from_``, the soonest first."""
    with scope.transaction(practice_id):
        rows = Leave.objects.filter(practice_id=practice_id, ended_at=None, last_on__gte=from_)
        return [_leave(row) for row in rows.order_by("first_on", "from_time", "id")]


def leave_by_id(practice_id: UUID, leave_id: UUID) -> LeaveTaken | None:
    """Return a leave, in force or ended; None where the practice has no such."""
    with scope.transaction(practice_id):
        row = Leave.objects.filter(practice_id=practice_id, pk=leave_id).first()
        return _leave(row) if row else None


def _leave(row: Leave) -> LeaveTaken:
    return LeaveTaken(row.pk, row.practitioner_id, row.kind, away_of(row), row.ended_at is not None)


def away_of(row: Leave) -> Away:
    """Return when a leave is."""
    return Away(row.first_on, row.last_on, row.from_time, row.to_time)


def is_away(practice_id: UUID, practitioner_id: UUID | None, visit: Period, zone: str) -> bool:
    """Return True where a clinician is away at some moment of ``visit``, as the rows say now. Needs a scope."""
    if practitioner_id is None:
        return False
    rows = Leave.objects.filter(
        practice_id=practice_id, practitioner_id=practitioner_id, ended_at=None,
        first_on__lte=day_of(visit.end, zone), last_on__gte=day_of(visit.start, zone),
    )  # fmt: skip
    return any(away_of(row).touches(visit, zone) for row in rows)


def standing_in(
    practice_id: UUID, practitioner_id: UUID, leave: Iterable[Away], *, zone: str, now: datetime
) -> list[Outside]:
    """Return a clinician's visits to come that stand in ``leave``, in order of time."""
    away = list(leave)
    if not away:
        return []
    first, last = min(one.first_on for one in away), max(one.last_on for one in away)
    with scope.transaction(practice_id):
        rows = Appointment.objects.filter(
            practice_id=practice_id, practitioner_id=practitioner_id, state__in=AHEAD, starts_at__gt=now,
            is_history=False, day__gte=first - timedelta(days=1), day__lte=last + timedelta(days=1),
        )  # fmt: skip
        return [
            Outside(row.pk, row.patient_id, row.day, row.starts_at, row.is_day_visit)
            for row in rows.order_by("starts_at", "id")
            if any(stands_in(row, one, zone) for one in away)
        ]


def stands_in(visit: Appointment, away: Away, zone: str) -> bool:
    """Return True where a visit lies in a leave, or on a day of it where it has no hour."""
    if visit.is_day_visit:
        return away.from_time is None and away.first_on <= visit.day <= away.last_on
    return away.touches(Period(visit.starts_at, visit.ends_at), zone)


def urgent_times(practice_id: UUID) -> list[UrgentKept]:
    """Return every span that is kept for what is urgent, in the order of the week."""
    with scope.transaction(practice_id):
        rows = UrgentTime.objects.filter(practice_id=practice_id, ended_at=None)
        return [
            UrgentKept(row.pk, row.practitioner_id, kept_of(row)) for row in rows.order_by("weekday", "opens", "id")
        ]


def kept_of(row: UrgentTime) -> Kept:
    """Return what is kept."""
    return Kept(row.weekday, row.opens, row.closes, row.release_days, row.release_at)
