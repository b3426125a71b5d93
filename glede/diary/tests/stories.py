"""Short ways to tell a story of the diary in tests."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from glede.catalogue.operations import change_service
from glede.diary import operations
from glede.diary.models import Appointment, Claim, Leave
from glede.diary.operations.leave import CAUSE
from glede.diary.queries.leaves import away_of, standing_in
from glede.diary.requests import Booking, ListedVisit, Slot
from glede.kernel.actor import IMPORT, Actor
from glede.kernel.clock import at_wall
from glede.kernel.ref import Ref
from glede.ledger.queries import Report, events_of, verify, version_of
from glede.practices import scope
from glede.promises.models import Promise
from tests.cast import SERVICES, House

OSLO = "Europe/Oslo"
THURSDAY = date(2026, 11, 26)
FRIDAY = date(2026, 11, 27)


def oslo(clock: str, day: date = THURSDAY) -> datetime:
    return at_wall(day, time.fromisoformat(clock), OSLO)


def wish(house: House, who: str, clock: str | None = "10:00", **changes: Any) -> Booking:
    values: dict[str, Any] = {
        "patient_id": house.people[who],
        "service_id": house.services["eye-test"],
        "practitioner_id": house.chairs.get("amal"),
        "day": THURSDAY,
        "wall_time": time.fromisoformat(clock) if clock else None,
    }
    return Booking(**(values | changes))


def book(house: House, who: str, clock: str | None = "10:00", by: str = "ingrid", **changes: Any) -> Appointment:
    request = wish(house, who, clock, **changes)
    return operations.book_appointment(practice_id=house.id, request=request, by=house.by(by), now=house.now)


def follow(house: House, by: str = "collect", within: int = 30, of: str = "eye-test") -> None:
    """Let a service be followed by another one."""
    change_service(
        practice_id=house.id, service_id=house.services[of],
        service=replace(SERVICES[of], followed_by=by, follow_within=within), by=house.by("sofie"), now=house.now,
    )  # fmt: skip


def move(house: House, visit: UUID, clock: str, day: date = THURSDAY, by: str = "ingrid", **slot: Any) -> Appointment:
    return operations.move_appointment(
        practice_id=house.id,
        appointment_id=visit,
        to=Slot(day=day, wall_time=time.fromisoformat(clock), **slot),
        by=house.by(by),
        now=house.now,
    )


def cancel(house: House, visit: UUID, by: str = "ingrid", reason: str = "time", **more: Any) -> Appointment:
    return operations.cancel_appointment(
        practice_id=house.id, appointment_id=visit, reason=reason, by=house.by(by), **({"now": house.now} | more)
    )


def do(act: Any, house: House, visit: UUID, by: str = "ingrid", **more: Any) -> Any:
    """Call an operation that takes nothing but the visit."""
    return act(practice_id=house.id, appointment_id=visit, by=house.by(by), **({"now": house.now} | more))


def listed(house: House, number: str, clock: str | None, who: str = "kari", **changes: Any) -> ListedVisit:
    values: dict[str, Any] = {
        "external_id": number,
        "patient_id": house.people[who],
        "day": THURSDAY,
        "wall_time": time.fromisoformat(clock) if clock else None,
        "minutes": 30,
    }
    return ListedVisit(**(values | changes))


def bring(house: House, *rows: ListedVisit, by: Actor = IMPORT, now: datetime | None = None) -> list[tuple[str, str]]:
    found = operations.import_appointments(practice_id=house.id, rows=rows, by=by, now=now or house.now)
    return [(outcome.word, outcome.reason) for outcome in found]


def fresh(house: House, visit: UUID) -> Appointment:
    with scope.transaction(house.id):
        return Appointment.objects.get(pk=visit)


def held(house: House) -> list[tuple[str, str]]:
    """What is held on chairs, as wall times in Oslo."""
    with scope.transaction(house.id):
        rows = Claim.objects.filter(is_active=True).order_by("starts_at", "kind")
        offset = timedelta(hours=1)
        return [(f"{c.starts_at + offset:%H:%M}", f"{c.ends_at + offset:%H:%M}") for c in rows]


def not_owed(house: House, now: datetime) -> set[UUID]:
    """Return the visits to come that stand in a leave with no promise to move them, or are promised for no reason."""
    with scope.transaction(house.id):
        promised = Promise.objects.filter(kind="settle", cause=CAUSE, closed_at=None).values("subject_id")
        coming = Appointment.objects.filter(pk__in=promised, starts_at__gt=now)
        away: dict[UUID, list[Leave]] = {}
        for row in Leave.objects.filter(ended_at=None):
            away.setdefault(row.practitioner_id, []).append(row)
        standing = {
            visit.appointment_id
            for who, rows in away.items()
            for visit in standing_in(house.id, who, map(away_of, rows), zone=OSLO, now=now)
        }
        return standing ^ set(coming.values_list("pk", flat=True))


def kinds(house: House, visit: UUID) -> list[str]:
    return [event.kind.removeprefix("diary.") for event in events_of(house.id, Ref("appointment", visit))]


def version(house: House, visit: UUID) -> int:
    return version_of(house.id, Ref("appointment", visit))


def proved(house: House) -> Report:
    report = verify(house.id)
    assert report.problems == []
    return report
