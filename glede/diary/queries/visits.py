"""Visits: by link, by id, by day, by person; what happened to each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, QuerySet

from glede.diary import errors, rules
from glede.diary.facts import VisitFacts
from glede.diary.models import Appointment, Remark, StateChange
from glede.diary.queries.facts import facts_for
from glede.diary.queries.holds import Held
from glede.diary.rules import Change, State
from glede.kernel.actor import Actor
from glede.people.queries import records_of
from glede.practices import scope
from glede.practices.queries import opening_hours, practice_by_id


def appointment_for(practice_id: UUID, appointment_id: UUID) -> VisitFacts:
    """Return one visit of the practice. Raises ``UnknownAppointment``; another practice's is unknown."""
    found = facts_for(practice_id, [appointment_id])
    if not found:
        raise errors.UnknownAppointment
    return found[0]


def appointment_by_link(practice_id: UUID, link_hash: bytes) -> VisitFacts | None:
    """Return the visit a link opens, or None where it was revoked. Whether it has ended, ``link_state`` says."""
    with scope.transaction(practice_id, read_only=True):
        rows = Appointment.objects.filter(practice_id=practice_id, link_hash=link_hash)
        key = rows.values_list("id", flat=True).first()
        return appointment_for(practice_id, key) if key else None


def appointments_by_external_id(practice_id: UUID, external_ids: Iterable[str]) -> dict[str, UUID]:
    """Return the ids of visits by the numbers a list gave them."""
    with scope.transaction(practice_id, read_only=True):
        rows = Appointment.objects.filter(practice_id=practice_id, external_id__in=[e for e in external_ids if e])
        return dict(rows.values_list("external_id", "id"))


def visits_of(practice_id: UUID, patient_id: UUID) -> list[VisitFacts]:
    """Return a person's visits, those of records merged into theirs included, latest first."""
    with scope.transaction(practice_id, read_only=True):
        visits = facts_for(practice_id, _rows_of(practice_id, patient_id).values_list("id", flat=True))
        return sorted(visits, key=lambda visit: (visit.starts_at, visit.appointment_id), reverse=True)


@dataclass(frozen=True, slots=True)
class VisitTimes:
    """When a visit is and how it stands, nothing more."""

    appointment_id: UUID
    starts_at: datetime
    ends_at: datetime
    state: str


def times_of(practice_id: UUID, patient_id: UUID) -> list[VisitTimes]:
    """Return when a person's visits are, those of records merged into theirs included, latest first."""
    with scope.transaction(practice_id, read_only=True):
        rows = _rows_of(practice_id, patient_id).order_by("-starts_at", "-id")
        return [VisitTimes(*row) for row in rows.values_list("id", "starts_at", "ends_at", "state")]


def _rows_of(practice_id: UUID, patient_id: UUID) -> QuerySet[Appointment]:
    return Appointment.objects.filter(practice_id=practice_id, patient_id__in=records_of(practice_id, [patient_id]))


def next_visits(practice_id: UUID, patient_ids: Iterable[UUID], *, now: datetime) -> dict[UUID, UUID]:
    """Return each person's next visit that still stands, by person; people without one are left out."""
    with scope.transaction(practice_id, read_only=True):
        rows = Appointment.objects.filter(
            practice_id=practice_id, patient_id__in=list(patient_ids), ends_at__gt=now, state__in=rules.AHEAD
        )
        upcoming = rows.order_by("-starts_at", "-id").values_list("patient_id", "id")
        return dict(upcoming)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One thing that happened to a visit, as a page tells it. ``words`` is what was said with it."""

    number: int
    change: Change
    state: State
    at: datetime
    by: Actor
    reason: str
    from_start: datetime | None
    to_start: datetime | None
    minutes: int | None
    words: str


def history_of(practice_id: UUID, appointment_id: UUID) -> list[ChangeLine]:
    """Return everything that happened to a visit, oldest first."""
    with scope.transaction(practice_id, read_only=True):
        rows = StateChange.objects.filter(practice_id=practice_id, appointment_id=appointment_id)
        remarks = Remark.objects.filter(practice_id=practice_id, appointment_id=appointment_id)
        words = dict(remarks.values_list("change_id", "words"))
        return [
            ChangeLine(
                row.number,
                Change(row.change),
                State(row.state),
                row.at,
                Actor(row.actor_role, row.actor_id),  # type: ignore[arg-type]
                row.reason,
                row.from_start,
                row.to_start,
                row.minutes,
                words.get(row.pk, ""),
            )
            for row in rows.order_by("number")
        ]


@dataclass(frozen=True, slots=True)
class CancellationNote:
    """What a person is told before cancelling: until when it is in good time, and the practice's own words."""

    until: datetime | None
    is_in_time: bool
    words: str


def cancellation_note(practice_id: UUID, visit: VisitFacts | Held, *, language: str, now: datetime) -> CancellationNote:
    """Return the practice's rule for cancelling this visit: by closing time the working day before."""
    practice = practice_by_id(practice_id)
    until = rules.notice_ends_at(visit.standing(), opening_hours(practice))
    notes = practice.cancellation_note
    words = notes.get(language) or notes.get(language[:2]) or next(iter(notes.values()), "")
    return CancellationNote(until, until is None or now <= until, str(words))


def days_with_visits(practice_id: UUID, *, from_: date, days: int) -> dict[date, int]:
    """Return how many visits stand on each day from ``from_`` on."""
    with scope.transaction(practice_id, read_only=True):
        rows = Appointment.objects.filter(
            practice_id=practice_id, day__gte=from_, day__lt=from_ + timedelta(days=days)
        ).exclude(state__in=(State.CANCELLED, State.ENTERED_IN_ERROR))
        return dict(rows.order_by().values_list("day").annotate(n=Count("id")))


def count_squeezed(practice_id: UUID, *, since: datetime) -> dict[str, int]:
    """Return how many visits were squeezed in since a moment, by the reason, the most first."""
    with scope.transaction(practice_id, read_only=True):
        rows = StateChange.objects.filter(
            practice_id=practice_id, at__gte=since, change=Change.BOOKED, reason__in=rules.SQUEEZES
        )
        counted = rows.values("reason").annotate(n=Count("id")).order_by("-n", "reason")
        return dict(counted.values_list("reason", "n"))


def unsettled(practice_id: UUID, *, now: datetime, limit: int = 200) -> Sequence[UUID]:
    """Return visits whose time is over and of which nobody said how they ended, oldest first."""
    with scope.transaction(practice_id, read_only=True):
        rows = Appointment.objects.filter(
            practice_id=practice_id,
            ends_at__lte=now,
            is_history=False,
            state__in=(State.BOOKED, State.CONFIRMED, State.ARRIVED, State.WITH),
        )
        return list(rows.order_by("ends_at", "id").values_list("id", flat=True)[:limit])
