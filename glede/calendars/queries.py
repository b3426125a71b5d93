"""Calendars kept elsewhere: whose, how old, what was odd, and what a colleague is asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from glede.calendars.errors import NoSuchCalendar
from glede.calendars.models import BusyTime, Calendar, CalendarFile
from glede.practices import scope
from glede.practices.sealing import unseal

EVERY = timedelta(minutes=30)
"""How often an address is fetched. Our own choice."""
REREAD = timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class Vanished:
    """A time that stands in its calendar no longer, and nobody has said yet whether it is free."""

    id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """A calendar as its page shows it; ``read_at`` is its age."""

    id: UUID
    practitioner_id: UUID
    name: str
    host: str
    is_fetched: bool
    read_at: datetime | None
    failure: str
    failed_since: datetime | None
    times: int
    vanished: tuple[Vanished, ...]
    counts: dict[str, int]
    findings: list[dict[str, Any]]


def calendars(practice_id: UUID, *, now: datetime) -> list[Card]:
    """Return the calendars that stand, in the order they were added."""
    with scope.transaction(practice_id):
        rows = Calendar.objects.filter(practice_id=practice_id, ended_at=None).order_by("made_at", "id")
        return [_card(row, now) for row in rows]


def calendar_for(practice_id: UUID, calendar_id: UUID, *, now: datetime) -> Card:
    """Return one calendar that stands. Raises ``NoSuchCalendar``."""
    with scope.transaction(practice_id):
        row = Calendar.objects.filter(practice_id=practice_id, pk=calendar_id, ended_at=None).first()
        if row is None:
            raise NoSuchCalendar(str(calendar_id))
        return _card(row, now)


def _card(row: Calendar, now: datetime) -> Card:
    standing = BusyTime.objects.filter(practice_id=row.practice_id, calendar=row, ended_at=None, ends_at__gt=now)
    asked = standing.filter(vanished_at__isnull=False, kept_at=None).order_by("starts_at", "id")
    files = CalendarFile.objects.filter(practice_id=row.practice_id, calendar=row)
    last = files.order_by("-came_at", "-id").first()
    return Card(
        row.pk, row.practitioner_id, row.name, row.host, row.address is not None, row.read_at, row.failure,
        row.failed_since, standing.count(),
        tuple(Vanished(*told) for told in asked.values_list("id", "starts_at", "ends_at")),
        last.counts if last else {}, last.findings if last else [],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Due:
    """A calendar to be fetched or read again: its address in the clear, for the fetching alone."""

    id: UUID
    address: str
    etag: str
    modified: str


def due(practice_id: UUID, *, now: datetime) -> list[Due]:
    """Return the calendars whose address is to be asked again, and the files to be read for days come nearer."""
    with scope.transaction(practice_id):
        rows = Calendar.objects.filter(practice_id=practice_id, ended_at=None)
        return [due_of(row) for row in rows.order_by("tried_at", "id") if _is_due(row, now)]


def _is_due(row: Calendar, now: datetime) -> bool:
    return row.tried_at is None or now - row.tried_at >= (EVERY if row.address else REREAD)


def address_of(practice_id: UUID, calendar_id: UUID) -> Due:
    """Return the address of a calendar that stands, and what to ask with. Raises ``NoSuchCalendar``."""
    with scope.transaction(practice_id):
        row = Calendar.objects.filter(practice_id=practice_id, pk=calendar_id, ended_at=None).first()
        if row is None:
            raise NoSuchCalendar(str(calendar_id))
        return due_of(row)


def due_of(row: Calendar) -> Due:
    """Return a calendar as the fetching needs it."""
    return Due(row.pk, unseal(row.address).decode() if row.address else "", row.etag, row.modified)
