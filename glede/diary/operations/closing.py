"""What becomes of visits on a day whose hours changed: they stand, and a colleague settles each with the patient."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from glede.diary.models import Appointment
from glede.diary.queries.coming import outside
from glede.diary.rules import settle_by
from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.practices.queries import opening_hours, practice_by_id
from glede.promises.operations import NewPromise, make_promises, withdraw_promise
from glede.promises.queries import open_about

CAUSE = "closed"


def settle_days(*, practice_id: UUID, days: Collection[date], by: Actor, now: datetime) -> int:
    """Promise that a colleague settles each visit to come which the hours of ``days`` have no room for.

    Where there is room again the promise is withdrawn. No visit is cancelled or moved. Returns how many are to settle.
    """
    with act(practice_id, by=by, now=now):
        hours = opening_hours(practice_by_id(practice_id))
        wanted = {visit.appointment_id: visit for visit in outside(practice_id, days, hours, now=now)}
        _withdraw(practice_id, days, set(wanted), by=by, now=now)
        new = [
            NewPromise(
                kind="settle",
                subject=Ref("appointment", visit.appointment_id),
                due_at=settle_by(visit.starts_at, now, hours),
                cause=CAUSE,
                patient_id=visit.patient_id,
                detail={"reason": CAUSE, "day": visit.day.isoformat()},
            )
            for visit in wanted.values()
        ]
        if new:
            make_promises(practice_id=practice_id, new=new, by=by, now=now)
    return len(wanted)


def _withdraw(practice_id: UUID, days: Collection[date], but: set[UUID], *, by: Actor, now: datetime) -> None:
    visits = Appointment.objects.filter(practice_id=practice_id, day__in=list(days)).exclude(pk__in=but)
    subjects = [Ref("appointment", key) for key in visits.values_list("pk", flat=True)]
    open_ones = [owed for owed in open_about(practice_id, *subjects) if (owed.kind, owed.cause) == ("settle", CAUSE)]
    for owed in sorted(open_ones, key=lambda one: one.id):
        withdraw_promise(practice_id=practice_id, promise_id=owed.id, reason="open_again", by=by, now=now)
