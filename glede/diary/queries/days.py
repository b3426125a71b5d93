"""The diary of a day: chair by chair, who comes when, and how unhurried it is."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.db.models import F

from glede.diary.availability import working_periods
from glede.diary.models import Appointment, Claim
from glede.diary.models.time import CLAIM_HOURS_MAX
from glede.diary.queries.times import Setting, setting_of
from glede.diary.rules import State
from glede.kernel.clock import at_wall, wall
from glede.kernel.periods import Period
from glede.practices import scope
from glede.staff.models import Practitioner

# With at least this much free before the next, a visit is unhurried; below it, tight.
UNHURRIED_MINUTES = 5


@dataclass(frozen=True, slots=True)
class DayVisit:
    """A visit as the diary of its day shows it. Times are those of the practice's wall."""

    appointment_id: UUID
    patient_id: UUID
    given_name: str
    family_name: str
    state: State
    wall_time: time | None
    wall_end: time | None
    starts_at: datetime
    ends_at: datetime
    minutes: int
    buffer_minutes: int
    practitioner_id: UUID | None
    service_id: UUID | None
    service_code: str
    service_name: dict[str, str]
    arrived_at: datetime | None
    late_minutes: int | None
    is_confirmed: bool
    is_unhurried: bool
    is_beside: bool
    delay_minutes: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class DayChair:
    """One column of the day. ``practitioner_id`` None is the column of visits without one.

    ``busy`` is time held on the chair by no visit, as for what the clinician's own calendar says.
    """

    practitioner_id: UUID | None
    display_name: str
    given_name: str
    working: tuple[Period, ...]
    visits: tuple[DayVisit, ...]
    busy: tuple[Period, ...] = ()

    @property
    def is_unhurried(self) -> bool:
        """Whether no visit of the chair is tight."""
        return all(visit.is_unhurried for visit in self.visits)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the diary: its chairs, and the visits that have a day but no hour."""

    day: date
    zone: str
    opening: tuple[Period, ...]
    chairs: tuple[DayChair, ...]
    day_visits: tuple[DayVisit, ...]

    @property
    def visits(self) -> tuple[DayVisit, ...]:
        """All visits of the day, in order of time."""
        timed = [visit for chair in self.chairs for visit in chair.visits]
        return (*self.day_visits, *sorted(timed, key=lambda v: (v.starts_at, v.appointment_id)))


SHOWN = (
    "id", "patient_id", "patient__given_name", "patient__family_name", "patient__external_id", "state",
    "wall_time", "starts_at", "ends_at",
    "minutes", "buffer_minutes", "practitioner_id", "service_id", "service__code", "service__name", "arrived_at",
    "late_minutes", "delay_minutes", "source", "confirmed_at", "zone", "is_history",
)  # fmt: skip


def day(practice_id: UUID, day: date) -> Day:
    """Return the diary of ``day``; cancelled and struck-out visits are not on it."""
    with scope.transaction(practice_id, read_only=True):
        setting = setting_of(practice_id)
        rows = _rows(practice_id, day)
        beside = _beside(practice_id, [row["id"] for row in rows])
        by_chair: dict[UUID | None, list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            by_chair[row["practitioner_id"]].append(row)
        names = _names(practice_id, [key for key in by_chair if key])
        return Day(
            day,
            setting.practice.zone,
            tuple(setting.hours.periods_on(day)),
            tuple(_with_busy(_chairs(day, setting, by_chair, names, beside), practice_id, day, setting)),
            tuple(_visit(row, None, is_beside=False) for row in rows if row["wall_time"] is None),
        )


def arrivals(practice_id: UUID, day: date) -> list[DayVisit]:
    """Return who is here and waits, the longest waiting first."""
    with scope.transaction(practice_id, read_only=True):
        rows = [row for row in _rows(practice_id, day) if row["state"] == State.ARRIVED]
        visits = [_visit(row, None, is_beside=False) for row in rows]
        return sorted(visits, key=lambda visit: (visit.arrived_at or visit.starts_at, visit.appointment_id))


def _rows(practice_id: UUID, day: date) -> list[dict[str, Any]]:
    rows = Appointment.objects.filter(practice_id=practice_id, day=day)
    shown = rows.exclude(state__in=(State.CANCELLED, State.ENTERED_IN_ERROR))
    return list(shown.order_by("starts_at", "id").values(*SHOWN))


def _beside(practice_id: UUID, appointment_ids: list[UUID]) -> set[UUID]:
    # On a lane beside another visit of the same chair: brought so by a list, to be settled.
    rows = Claim.objects.filter(practice_id=practice_id, appointment_id__in=appointment_ids, is_active=True)
    return set(rows.exclude(ref=F("chair")).values_list("appointment_id", flat=True))


def _with_busy(chairs: list[DayChair], practice_id: UUID, day: date, setting: Setting) -> Iterator[DayChair]:
    zone = setting.practice.zone
    starts, ends = (at_wall(one, time(), zone) for one in (day, day + timedelta(days=1)))
    rows = Claim.objects.filter(
        practice_id=practice_id, is_active=True, appointment=None, kind=Claim.Kind.STAFF,
        starts_at__gt=starts - timedelta(hours=CLAIM_HOURS_MAX), starts_at__lt=ends, ends_at__gt=starts,
    )  # fmt: skip
    busy: dict[UUID | None, list[Period]] = defaultdict(list)
    for chair, start, end in rows.order_by("starts_at", "id").values_list("chair", "starts_at", "ends_at"):
        busy[chair].append(Period(max(start, starts), min(end, ends)))
    for one in chairs:
        yield replace(one, busy=tuple(busy[one.practitioner_id]))


def _names(practice_id: UUID, practitioner_ids: list[UUID]) -> dict[UUID, tuple[str, str]]:
    rows = Practitioner.objects.filter(practice_id=practice_id, ended_at=None)
    gone = Practitioner.objects.filter(practice_id=practice_id, pk__in=practitioner_ids)
    return {key: (name, given) for key, name, given in (rows | gone).values_list("id", "display_name", "given_name")}


def _chairs(
    day: date,
    setting: Setting,
    by_chair: dict[UUID | None, list[dict[str, Any]]],
    names: dict[UUID, tuple[str, str]],
    beside: set[UUID],
) -> list[DayChair]:
    standing = {chair.practitioner_id: tuple(working_periods(day, setting.hours, chair)) for chair in setting.chairs}
    extra = [key for key, rows in by_chair.items() if key not in standing and any(row["wall_time"] for row in rows)]
    chairs = []
    for key in (*standing, *extra):
        timed = [row for row in by_chair.get(key, []) if row["wall_time"] is not None]
        name, given = names.get(key, ("", "")) if key else ("", "")
        chairs.append(DayChair(key, name, given, standing.get(key, ()), _visits(timed, beside)))
    return chairs


def _visits(rows: list[dict[str, Any]], beside: set[UUID]) -> tuple[DayVisit, ...]:
    pairs = zip_longest(rows, (row["starts_at"] for row in rows[1:]))
    return tuple(_visit(row, after, is_beside=row["id"] in beside) for row, after in pairs)


def _visit(row: dict[str, Any], next_start: datetime | None, *, is_beside: bool) -> DayVisit:
    room = timedelta(minutes=UNHURRIED_MINUTES)
    timed = row["wall_time"] is not None
    return DayVisit(
        appointment_id=row["id"],
        patient_id=row["patient_id"],
        given_name=row["patient__given_name"],
        family_name=row["patient__family_name"] or _number_of(row),
        state=State(row["state"]),
        wall_time=row["wall_time"],
        wall_end=wall(row["ends_at"], row["zone"]).time() if timed else None,
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        minutes=row["minutes"],
        buffer_minutes=row["buffer_minutes"],
        practitioner_id=row["practitioner_id"],
        service_id=row["service_id"],
        service_code=row["service__code"] or "",
        service_name=row["service__name"] or {},
        arrived_at=row["arrived_at"],
        late_minutes=row["late_minutes"],
        is_confirmed=row["confirmed_at"] is not None,
        is_unhurried=next_start is None or next_start - row["ends_at"] >= room,
        is_beside=is_beside,
        delay_minutes=row["delay_minutes"],
        source=row["source"],
    )


def _number_of(row: dict[str, Any]) -> str:
    """Return by what somebody is called whom only a list's number names."""
    return f"#{row['patient__external_id']}" if not row["patient__given_name"] and row["patient__external_id"] else ""
