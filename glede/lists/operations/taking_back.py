"""Take a list back: what it made goes, what it changed is as before, and what was touched since stays."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from procrastinate.contrib.django import app

from glede.diary.models import Appointment
from glede.diary.operations import take_back_visits
from glede.diary.rules import State as VisitState
from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act
from glede.lists import events
from glede.lists.errors import TooLate
from glede.lists.models import BroughtList, BroughtRow
from glede.lists.operations.holding import locked
from glede.lists.operations.missing import CAUSE as MISSING
from glede.lists.values import GOING_BACK, State, TakenBack
from glede.people.models import Patient
from glede.people.operations.unlisting import take_back_patients
from glede.practices import scope
from glede.promises.models import Promise
from glede.promises.operations import withdraw_promise

_Changes = dict[UUID, dict[str, Any]]
TASK: Final = "lists.take_back"


def begin_taking_back(*, practice_id: UUID, list_id: UUID, by: Actor, now: datetime) -> None:
    """Let the worker take a list back: of many people that takes minutes. Raises as ``take_back_list`` does."""
    with act(practice_id, by=by, now=now) as beginning:
        _still(beginning, list_id, now)
        BroughtList.objects.filter(practice_id=practice_id, pk=list_id).update(reason=GOING_BACK, begun_by=by.id)
        beginning.record(events.ANSWERED, subject=Ref("list", list_id), data={"back": True})
        app.configure_task(TASK, queue="lists").defer(practice_id=str(practice_id))


def take_back_list(*, practice_id: UUID, list_id: UUID, by: Actor, now: datetime) -> TakenBack:
    """Take a list back within 30 days, also one that was stopped on the way. A stop half-way goes on when asked again.

    People and visits it made go, unless a colleague or the person did anything with them since; fields, contacts and
    times it changed are as before, unless they were changed again. Refusals it brought to somebody known stay.
    Raises ``TooLate``, ``NoSuchList``, ``WrongState``.
    """
    with act(practice_id, by=by, now=now) as beginning:
        row = _still(beginning, list_id, now)
    listed = Actor("import", by.id)
    added, changed = _rows(practice_id, list_id, "appointment")
    _, moved = take_back_visits(practice_id=practice_id, added=added, changed=changed, by=listed, now=now)
    people_added, people_changed = _rows(practice_id, list_id, "patient")
    _, mended = take_back_patients(
        practice_id=practice_id, added=people_added, changed=people_changed,
        keep=_with_visits(practice_id, people_added), by=listed, now=now,
    )  # fmt: skip
    visits, people = _gone(practice_id, added, people_added)
    _withdraw(practice_id, {*visits, list_id}, by=by, now=now)
    kept = len(added) + len(people_added) - len(visits) - len(people)
    report = TakenBack(len(people), len(visits), len(moved) + len(mended), kept)
    counts = {"people": report.people, "visits": report.visits, "changed": report.changed, "kept": kept}
    with act(practice_id, by=by, now=now) as finishing:
        locked(finishing, list_id, State.BROUGHT, State.STOPPED)
        BroughtList.objects.filter(practice_id=practice_id, pk=list_id).update(
            state=State.TAKEN_BACK, content=None, report=None, ended_at=now, theirs=[], reason="",
            counts={**row.counts, **{f"back_{name}": n for name, n in counts.items()}},
        )  # fmt: skip
        finishing.record(events.TAKEN_BACK, subject=Ref("list", list_id), data=counts)
    return report


def _still(this: Act, list_id: UUID, now: datetime) -> BroughtList:
    """Lock a list that can be taken back and return it. Raises ``TooLate``, ``NoSuchList``, ``WrongState``."""
    row = locked(this, list_id, State.BROUGHT, State.STOPPED)
    if row.undo_until is not None and now > row.undo_until:
        raise TooLate
    return row


def _gone(practice_id: UUID, visits: list[UUID], people: list[UUID]) -> tuple[set[UUID], set[UUID]]:
    """Return which of a list's visits and people are gone, those too that went before a worker died half-way."""
    with scope.transaction(practice_id):
        undone = Appointment.objects.filter(practice_id=practice_id, pk__in=visits, state=VisitState.ENTERED_IN_ERROR)
        blanked = Patient.objects.filter(practice_id=practice_id, pk__in=people).exclude(erased_at=None)
        return set(undone.values_list("pk", flat=True)), set(blanked.values_list("pk", flat=True))


def _rows(practice_id: UUID, list_id: UUID, kind: str) -> tuple[list[UUID], _Changes]:
    """Return what a list made, newest first, and what it changed of what was there before, as it stood at first."""
    added: dict[UUID, None] = {}
    changed: _Changes = {}
    with scope.transaction(practice_id):
        rows = BroughtRow.objects.filter(practice_id=practice_id, list_id=list_id, kind=kind).order_by("id")
        for subject_id, word, before in rows.values_list("subject_id", "word", "before"):
            if word == "added":
                added[subject_id] = None
            else:
                changed.setdefault(subject_id, before)
    return list(added), {pk: before for pk, before in changed.items() if pk not in added}


def _with_visits(practice_id: UUID, people: list[UUID]) -> set[UUID]:
    with scope.transaction(practice_id):
        rows = Appointment.objects.filter(practice_id=practice_id, patient_id__in=people)
        return set(rows.exclude(state=VisitState.ENTERED_IN_ERROR).values_list("patient_id", flat=True))


def _withdraw(practice_id: UUID, subjects: set[UUID], *, by: Actor, now: datetime) -> None:
    """Withdraw what was promised about visits that are gone, and about the list itself."""
    with scope.transaction(practice_id):
        owed = Promise.objects.filter(practice_id=practice_id, closed_at=None, subject_id__in=subjects)
        ids = list(owed.filter(kind="settle").values_list("pk", flat=True))
    for promise_id in ids:
        withdraw_promise(practice_id=practice_id, promise_id=promise_id, reason=MISSING, by=by, now=now)
