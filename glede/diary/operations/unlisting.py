"""Take back what a list made of visits: those it made are struck out, those it changed go back where they were."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Any, Final
from uuid import UUID

from glede.diary import errors
from glede.diary.models import Appointment, StateChange
from glede.diary.operations import claims, lanes
from glede.diary.operations.importing import LINES_A_TRANSACTION
from glede.diary.operations.listed import known_for
from glede.diary.operations.relisting import take_over
from glede.diary.operations.states import CLEARED
from glede.diary.operations.writing import Happening, note, subjects
from glede.diary.requests import ListedVisit
from glede.diary.rules import Change, Reason, State
from glede.kernel.actor import Actor
from glede.ledger.operations import Act, act
from glede.people.rules.fields import OURS

_RELEASED: Final = {**CLEARED, "external_id": "", "list_said": None}


def take_back_visits(
    *, practice_id: UUID, added: Sequence[UUID], changed: Mapping[UUID, Mapping[str, Any]], by: Actor, now: datetime
) -> tuple[set[UUID], set[UUID]]:
    """Take back visits a list ``added`` and those it ``changed``, as they stood before; return both, as far as done.

    A visit that a colleague or the patient has done anything with since stays as it is, and so does one whose earlier
    place lies behind us. What is struck out lets its number go, so that the same list can be brought again.
    """
    gone: set[UUID] = set()
    back: set[UUID] = set()
    for some in _parts(added):
        with act(practice_id, by=by, now=now) as taking:
            gone |= set(_strike_out(taking, some))
    for some in _parts(changed):
        with act(practice_id, by=by, now=now) as taking:
            back |= set(_put_back(taking, {pk: changed[pk] for pk in some}))
    return gone, back


def _parts(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    waiting = iter(ids)
    while some := list(islice(waiting, LINES_A_TRANSACTION)):
        yield some


def _untouched(this: Act, ids: Iterable[UUID]) -> list[Appointment]:
    """Lock visits and return those with which nobody here has done anything."""
    rows = Appointment.objects.filter(practice_id=this.practice_id, pk__in=list(ids))
    this.lock(*{ref for pk, patient_id in rows.values_list("pk", "patient_id") for ref in subjects(pk, patient_id)})
    ours = StateChange.objects.filter(practice_id=this.practice_id, appointment__in=rows, actor_role__in=OURS)
    touched = set(ours.values_list("appointment_id", flat=True))
    return [row for row in rows if row.pk not in touched and row.state != State.ENTERED_IN_ERROR]


def _strike_out(this: Act, ids: Iterable[UUID]) -> Iterator[UUID]:
    visits = _untouched(this, ids)
    claims.release(this, [visit.pk for visit in visits])
    for visit in visits:
        happening = Happening(
            change=Change.ENTERED_IN_ERROR, state=State.ENTERED_IN_ERROR, fields=dict(_RELEASED), reason=Reason.LIST
        )
        note(this, visit, happening)
        yield visit.pk


def _put_back(this: Act, before: Mapping[UUID, Mapping[str, Any]]) -> Iterator[UUID]:
    visits = _untouched(this, before)
    lines = {visit.pk: _line(visit, before[visit.pk]) for visit in visits}
    known = known_for(this.practice_id, list(lines.values()))
    seated: list[Appointment] = []
    for visit in visits:
        try:
            take_over(this, visit, lines[visit.pk], known, seated)
        except errors.Refused:
            continue
        said = before[visit.pk]["said"]
        Appointment.objects.filter(practice_id=this.practice_id, pk=visit.pk).update(list_said=said)
        yield visit.pk
    lanes.seat_all(this, seated)


def _line(visit: Appointment, before: Mapping[str, Any]) -> ListedVisit:
    """Return the line that would leave the visit as it stood before."""
    return ListedVisit(
        external_id=visit.external_id,
        patient_id=visit.patient_id,
        day=date.fromisoformat(before["day"]),
        wall_time=time.fromisoformat(before["at"]) if before["at"] else None,
        minutes=before["minutes"],
        service_id=UUID(before["service"]) if before["service"] else None,
        practitioner_id=UUID(before["practitioner"]) if before["practitioner"] else None,
        state=State(before["state"]),
        insists=True,
    )
