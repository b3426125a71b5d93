"""Short ways to tell a story of journeys in tests: a virtual house whose clock is moved, and what its outbox says."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from glede.diary import operations as diary
from glede.diary.models import Appointment
from glede.diary.requests import Booking, ListedVisit, Slot
from glede.diary.rules import State
from glede.journeys.operations import advance
from glede.journeys.operations.advancing import TickReport
from glede.kernel.actor import IMPORT, Actor
from glede.kernel.clock import at_wall
from glede.outbox.models import Message, Touch
from glede.practices import scope
from glede.promises.models import Promise
from tests.cast import House

OSLO = "Europe/Oslo"
# The cast's morning is Tuesday 24 November 2026, 08:40. These lie after it.
NEXT_THURSDAY = date(2026, 12, 3)
NEXT_WEDNESDAY = date(2026, 12, 2)


def oslo(day: date, clock: str) -> datetime:
    """Return a moment by the wall in Oslo."""
    return at_wall(day, time.fromisoformat(clock), OSLO)


def book(house: House, who: str, day: date = NEXT_THURSDAY, clock: str | None = "10:00", **more: Any) -> Appointment:
    """Book a visit, by the receptionist unless the story says otherwise."""
    by, now = more.pop("by", "ingrid"), more.pop("now", house.now)
    request = Booking(
        patient_id=house.people[who],
        service_id=more.pop("service_id", house.services["eye-test"]),
        practitioner_id=more.pop("practitioner_id", house.chairs["amal"] if clock else None),
        day=day,
        wall_time=time.fromisoformat(clock) if clock else None,
    )
    return diary.book_appointment(practice_id=house.id, request=request, by=house.by(by), now=now)


def move(house: House, visit: Appointment, day: date, clock: str, *, by: str, now: datetime, reason: str = "") -> None:
    """Move a visit."""
    to = Slot(day=day, wall_time=time.fromisoformat(clock))
    diary.move_appointment(
        practice_id=house.id, appointment_id=visit.pk, to=to, by=house.by(by), now=now, reason=reason
    )


def do(act: Any, house: House, visit: Appointment, *, by: str = "ingrid", now: datetime, **more: Any) -> None:
    """Call an operation of the diary on a visit."""
    act(practice_id=house.id, appointment_id=visit.pk, by=house.by(by), now=now, **more)


def bring(house: House, who: str, day: date, clock: str | None = "10:00", *, number: str = "A1", now: datetime) -> UUID:
    """Let the practice's list bring a visit."""
    listed = ListedVisit(
        external_id=number,
        patient_id=house.people[who],
        day=day,
        wall_time=time.fromisoformat(clock) if clock else None,
        minutes=30,
        state=State.DONE if day < now.date() else State.BOOKED,
    )
    (outcome,) = diary.import_appointments(practice_id=house.id, rows=[listed], by=IMPORT, now=now)
    assert outcome.appointment_id is not None
    return outcome.appointment_id


def tick(house: House, day: date, clock: str, **more: Any) -> TickReport:
    """Move the clock."""
    return advance(house.id, to=oslo(day, clock), **more)


def touches(house: House, row: str | None = None, visit: Appointment | UUID | None = None) -> list[Touch]:
    """Return the touches, in order of time."""
    with scope.transaction(house.id):
        rows = Touch.objects.filter(practice_id=house.id)
        if row:
            rows = rows.filter(row=row)
        if visit:
            rows = rows.filter(subject_id=visit.pk if isinstance(visit, Appointment) else visit)
        return list(rows.order_by("due_at", "row", "occurrence", "subject_version"))


def messages(house: House, row: str | None = None) -> list[Message]:
    """Return the messages that were rehearsed, in the order in which they went."""
    with scope.transaction(house.id):
        rows = Message.objects.filter(practice_id=house.id, state="rehearsed").select_related("touch")
        if row:
            rows = rows.filter(touch__row=row)
        return list(rows.order_by("sent_at", "id"))


def promises(house: House, kind: str | None = None) -> list[Promise]:
    """Return the promises, open or not."""
    with scope.transaction(house.id):
        rows = Promise.objects.filter(practice_id=house.id)
        if kind:
            rows = rows.filter(kind=kind)
        return list(rows.order_by("made_at", "id"))


def told(found: Iterable[Touch]) -> list[tuple[str, str, str, str]]:
    """Return row, act, fate and reason of touches."""
    return [(t.row, t.act, t.fate, t.reason) for t in found]


def patient(house: House, who: str) -> Actor:
    """Return the actor for a patient."""
    return Actor("patient", house.people[who])
