"""Visits that an earlier list of a source had and this one has not: asked about, never cancelled."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from glede.diary.lists.visits import VisitsRead
from glede.diary.models import Appointment
from glede.diary.rules import AHEAD, settle_by
from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.lists.models import BroughtList, BroughtRow
from glede.people.lists.opening import Sheet
from glede.people.lists.values import Finding
from glede.practices import scope
from glede.practices.queries import opening_hours, practice_by_id
from glede.promises.operations import NewPromise, make_promises

REASON_CODE: Final = "not_in_the_list"
CAUSE: Final = "lists.missing"
_AT_ONCE: Final = 400
_FEW: Final = 0.5


def ask_after_missing(row: BroughtList, sheet: Sheet, read: VisitsRead, *, by: Actor, now: datetime) -> list[Finding]:
    """Promise to ask about visits to come that lists of the same source brought and this one has no more.

    Only days between the first and the last that this list speaks of count. Where it lacks more visits than it has,
    it is a part of a list: then nothing is promised, and nothing is found. A file of corrected rejects is a part too.
    """
    days = [visit.day for visit in read.visits if visit.day is not None and visit.day >= now.date()]
    if not days or sheet.is_rejects:
        return []
    there = {visit.external_id for visit in read.visits}
    with scope.transaction(row.practice_id):
        standing = list(_standing(row, min(days), max(days), now))
    missing = [visit for visit in standing if visit.external_id not in there]
    if len(missing) > _FEW * len(standing):
        return []
    _promise(row, missing, by=by, now=now)
    return [Finding(0, "id", visit.external_id, REASON_CODE) for visit in missing]


def _standing(row: BroughtList, first: date, last: date, now: datetime) -> Iterable[Appointment]:
    brought = BroughtRow.objects.filter(practice_id=row.practice_id, kind="appointment", list__source_id=row.source_id)
    coming = Appointment.objects.filter(
        practice_id=row.practice_id, state__in=AHEAD, starts_at__gt=now, day__gte=first, day__lte=last
    )
    return coming.filter(pk__in=brought.exclude(list_id=row.pk).values("subject_id"))


def _promise(row: BroughtList, visits: Iterable[Appointment], *, by: Actor, now: datetime) -> None:
    practice = practice_by_id(row.practice_id)
    hours = opening_hours(practice)
    new = [
        NewPromise(
            kind="settle",
            subject=Ref("appointment", visit.pk),
            due_at=settle_by(visit.starts_at, now, hours),
            cause=CAUSE,
            patient_id=visit.patient_id,
            detail={"reason": REASON_CODE, "list": row.name, "day": visit.day.isoformat()},
        )
        for visit in visits
    ]
    for start in range(0, len(new), _AT_ONCE):
        with act(practice.pk, by=by, now=now):
            make_promises(practice_id=practice.pk, new=new[start : start + _AT_ONCE], by=by, now=now)
