"""Add a calendar that a clinician keeps elsewhere, and stop listening to it."""

from datetime import datetime
from uuid import UUID

from glede.calendars import events
from glede.calendars.errors import NoSuchClinician
from glede.calendars.models import BusyTime, Calendar
from glede.calendars.operations.holding import hold, locked, withdraw_questions
from glede.calendars.values import NewCalendar
from glede.kernel.actor import Actor
from glede.kernel.addresses import checked
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.practices.sealing import seal
from glede.staff.queries import every_practitioner


def add_calendar(*, practice_id: UUID, new: NewCalendar, by: Actor, now: datetime) -> UUID:
    """Add a calendar of a clinician and return its id. It holds no time until a file came.

    Raises ``NoSuchClinician``, and ``BadAddress`` for one that is never fetched from.
    """
    if new.practitioner_id not in {one.id for one in every_practitioner(practice_id) if not one.is_ended}:
        raise NoSuchClinician(str(new.practitioner_id))
    place = checked(new.address) if new.address else None
    with act(practice_id, by=by, now=now) as adding:
        row = Calendar.objects.create(
            practice_id=practice_id, practitioner_id=new.practitioner_id, name=new.name.strip()[:100],
            address=seal(place.url.encode()) if place else None, host=place.host if place else "", made_at=now,
            made_by=by.id,
        )  # fmt: skip
        adding.record(
            events.ADDED, subject=Ref("calendar", row.pk),
            data={"way": "address" if place else "file", "practitioner": str(new.practitioner_id)},
        )  # fmt: skip
    return row.pk


def stop_calendar(*, practice_id: UUID, calendar_id: UUID, by: Actor, now: datetime) -> None:
    """Listen to a calendar no more and give back the time it held; its files stay. Raises ``NoSuchCalendar``."""
    with act(practice_id, by=by, now=now) as stopping:
        row = locked(stopping, calendar_id)
        withdraw_questions(row, by=by, now=now)
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        BusyTime.objects.filter(practice_id=practice_id, calendar=row, ended_at=None).update(ended_at=now)
        stopping.record(events.STOPPED, subject=Ref("calendar", calendar_id))
        hold(row, by=by, now=now)
