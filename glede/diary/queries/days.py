"""The diary of a day, and of several: chair by chair, who comes when, how unhurried it is, and what is still free."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import zip_longest
from typing import Any, Literal
from uuid import UUID

from glede.diary.apart import without
from glede.diary.availability import Chair, kept_periods, working_periods
from glede.diary.models import Appointment, Claim
from glede.diary.models.time import CLAIM_HOURS_MAX
from glede.diary.queries.times import Setting, setting_of, still_held
from glede.diary.rules import State
from glede.kernel.clock import at_wall, wall
from glede.kernel.periods import Period
from glede.practices import scope
from glede.practices.models import Practice
from glede.staff.models import Practitioner

BESIDE = (Claim.Kind.ROOM, Claim.Kind.DEVICE)
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
    started_at: datetime | None
    done_at: datetime | None
    late_minutes: int | None
    is_confirmed: bool
    is_unhurried: bool
    is_beside: bool
    delay_minutes: int | None = None
    source: str = ""
    booked_at: datetime | None = None
    booked_by: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time of a chair in which there is no visit, and why: ``busy`` is what the clinician's own calendar says.

    ``held`` is kept for somebody unknown who is just booking, until the moment ``until``.
    """

    kind: Literal["busy", "held", "away", "urgent"]
    period: Period
    words: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class DayChair:
    """One column of the day. ``practitioner_id`` None is the column of visits without one.

    ``stretches`` are times without a visit that are not free either; ``free`` is what is left of ``working``.
    """

    practitioner_id: UUID | None
    display_name: str
    given_name: str
    working: tuple[Period, ...]
    visits: tuple[DayVisit, ...]
    stretches: tuple[Stretch, ...] = ()
    free: tuple[Period, ...] = ()

    @property
    def busy(self) -> tuple[Period, ...]:
        """When the clinician's own calendar says that they are busy."""
        return tuple(one.period for one in self.stretches if one.kind == "busy")

    @property
    def away(self) -> tuple[Stretch, ...]:
        """When the clinician is away, as far as no visit stands there."""
        return tuple(one for one in self.stretches if one.kind == "away")

    @property
    def free_minutes(self) -> int:
        """How many minutes are free."""
        return round(sum(period.minutes for period in self.free))

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
    "started_at", "done_at", "booked_at", "booked_by", "day",
    "late_minutes", "delay_minutes", "source", "confirmed_at", "zone", "is_history",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Book:
    """What was read for some days: visits by day and chair, what is held on each chair, names of clinicians."""

    setting: Setting
    rows: dict[date, dict[UUID | None, list[dict[str, Any]]]]
    held: dict[UUID, list[Period]]
    stands: dict[UUID, list[Stretch]]
    beside: frozenset[UUID]
    names: dict[UUID, tuple[str, str]]
    asked_at: datetime


def day(practice_id: UUID, day: date, *, now: datetime | None = None) -> Day:
    """Return the diary of ``day``; cancelled and struck-out visits are not on it."""
    return days(practice_id, day, 1, now=now)[0]


def days(practice_id: UUID, from_: date, count: int, *, now: datetime | None = None) -> list[Day]:
    """Return the diary of ``count`` days from ``from_`` on, with as many statements as of one.

    By ``now`` the times kept for what is urgent are released; without it none is.
    """
    with scope.transaction(practice_id, read_only=True):
        book = _read(practice_id, from_, count, now)
        return [_day(from_ + timedelta(days=n), book) for n in range(count)]


def _read(practice_id: UUID, from_: date, count: int, now: datetime | None) -> _Book:
    setting = setting_of(practice_id)
    rows = _rows(practice_id, from_, from_ + timedelta(days=count))
    by_day: dict[date, dict[UUID | None, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        by_day[row["day"]][row["practitioner_id"]].append(row)
    asked_at = now or datetime.min.replace(tzinfo=UTC)
    held, stands, beside = defaultdict(list), defaultdict(list), set()
    for chair, ref, visit, kind, start, end, until in _claims(setting.practice, from_, count, asked_at):
        if ref != chair:
            # On a lane beside another visit of the same chair: brought so by a list, or squeezed in.
            beside.add(visit)
        else:
            held[chair].append(Period(start, end))
            if until is not None and kind not in BESIDE:
                stands[chair].append(Stretch("held", Period(start, end), until=until))
            elif visit is None and kind == Claim.Kind.STAFF:
                stands[chair].append(Stretch("busy", Period(start, end)))
    names = _names(practice_id, {row["practitioner_id"] for row in rows if row["practitioner_id"]})
    return _Book(setting, by_day, held, stands, frozenset(beside), names, asked_at)


def _claims(practice: Practice, from_: date, count: int, now: datetime) -> Iterable[tuple[Any, ...]]:
    start, end = at_wall(from_, time(), practice.zone), at_wall(from_ + timedelta(days=count), time(), practice.zone)
    rows = Claim.objects.filter(
        still_held(now), practice_id=practice.pk, is_active=True,
        starts_at__gt=start - timedelta(hours=CLAIM_HOURS_MAX), starts_at__lt=end, ends_at__gt=start,
    )  # fmt: skip
    shown = ("chair", "ref", "appointment_id", "kind", "starts_at", "ends_at", "held_until")
    return rows.order_by("starts_at", "id").values_list(*shown)


def _day(day: date, book: _Book) -> Day:
    by_chair = book.rows.get(day, {})
    rows = [row for chair in by_chair.values() for row in chair if row["wall_time"] is None]
    return Day(
        day,
        book.setting.practice.zone,
        tuple(book.setting.hours.periods_on(day)),
        tuple(_chairs(day, book, by_chair)),
        tuple(_visit(row, None, is_beside=False) for row in sorted(rows, key=lambda r: (r["starts_at"], r["id"]))),
    )


def arrivals(practice_id: UUID, day: date) -> list[DayVisit]:
    """Return who is here and waits, the longest waiting first."""
    with scope.transaction(practice_id, read_only=True):
        rows = [row for row in _rows(practice_id, day, day + timedelta(days=1)) if row["state"] == State.ARRIVED]
        visits = [_visit(row, None, is_beside=False) for row in rows]
        return sorted(visits, key=lambda visit: (visit.arrived_at or visit.starts_at, visit.appointment_id))


def _rows(practice_id: UUID, from_: date, until: date) -> list[dict[str, Any]]:
    rows = Appointment.objects.filter(practice_id=practice_id, day__gte=from_, day__lt=until)
    shown = rows.exclude(state__in=(State.CANCELLED, State.ENTERED_IN_ERROR))
    return list(shown.order_by("starts_at", "id").values(*SHOWN))


def _names(practice_id: UUID, practitioner_ids: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    rows = Practitioner.objects.filter(practice_id=practice_id, ended_at=None)
    gone = Practitioner.objects.filter(practice_id=practice_id, pk__in=practitioner_ids)
    return {key: (name, given) for key, name, given in (rows | gone).values_list("id", "display_name", "given_name")}


def _chairs(day: date, book: _Book, by_chair: dict[UUID | None, list[dict[str, Any]]]) -> list[DayChair]:
    setting = book.setting
    standing = {chair.practitioner_id: tuple(working_periods(day, setting.hours, chair)) for chair in setting.chairs}
    extra = [key for key, rows in by_chair.items() if key not in standing and any(row["wall_time"] for row in rows)]
    chairs = []
    for key in (*standing, *extra):
        timed = [row for row in by_chair.get(key, []) if row["wall_time"] is not None]
        name, given = book.names.get(key, ("", "")) if key else ("", "")
        working, ref = standing.get(key, ()), key or setting.practice.pk
        held = list(_of_day(day, book.held.get(ref, ()), setting.practice.zone))
        stands = (
            replace(one, period=period)
            for one in book.stands.get(ref, ())
            for period in _of_day(day, [one.period], setting.practice.zone)
        )
        stretches = (*stands, *_apart(day, setting.chair_of(key), held, book))
        free = without(working, [*held, *(one.period for one in stretches)])
        chairs.append(DayChair(key, name, given, working, _visits(timed, book.beside), stretches, tuple(free)))
    return chairs


def _of_day(day: date, periods: Iterable[Period], zone: str) -> Iterator[Period]:
    whole = Period(at_wall(day, time(), zone), at_wall(day + timedelta(days=1), time(), zone))
    for one in periods:
        if one.overlaps(whole):
            yield Period(max(one.start, whole.start), min(one.end, whole.end))


def _apart(day: date, chair: Chair | None, held: Sequence[Period], book: _Book) -> Iterator[Stretch]:
    """Yield when the clinician is away, and what is kept for what is urgent, wherever nobody has the time."""
    if chair is None:
        return
    hours = book.setting.hours
    there = working_periods(day, hours, chair)
    usual = working_periods(day, hours, replace(chair, away=()))
    yield from (Stretch("away", one) for one in without(without(usual, there), held))
    unkept = without(there, kept_periods(day, hours, chair, book.asked_at))
    yield from (Stretch("urgent", one) for one in without(without(there, unkept), held))


def _visits(rows: list[dict[str, Any]], beside: frozenset[UUID]) -> tuple[DayVisit, ...]:
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
        started_at=row["started_at"],
        done_at=row["done_at"],
        late_minutes=row["late_minutes"],
        is_confirmed=row["confirmed_at"] is not None,
        is_unhurried=next_start is None or next_start - row["ends_at"] >= room,
        is_beside=is_beside,
        delay_minutes=row["delay_minutes"],
        source=row["source"],
        booked_at=row["booked_at"],
        booked_by=row["booked_by"],
    )


def _number_of(row: dict[str, Any]) -> str:
    """Return by what somebody is called whom only a list's number names."""
    return f"#{row['patient__external_id']}" if not row["patient__given_name"] and row["patient__external_id"] else ""
