"""Close a visit in one act: the next visit, drops, one thing to follow up, whoever takes over. And take it back."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from glede.diary.models import Appointment
from glede.diary.operations.writing import lock_visit, subjects
from glede.diary.rules import State
from glede.kernel.actor import Actor
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act, answer, once
from glede.outbox.operations import release_held
from glede.people.models import Hold
from glede.people.operations import NoSuchHold, hold_messages, release_messages, write_note
from glede.people.queries import head_of
from glede.promises.operations import NewPromise, NoSuchPromise, make_promise, withdraw_promise
from glede.promises.queries import open_about
from glede.recall import errors, events, rules
from glede.recall.models import Closing, NextVisit
from glede.recall.operations.planning import end_plan, may_plan, set_next_visit
from glede.recall.values import Leaving
from glede.staff.queries import colleagues

DROPS = Hold.Reason.DROPS


class NoSuchColleague(LookupError):
    """Nobody of that id works here."""


@dataclass(frozen=True)
class _Visit:
    """The visit that is closed, whose it was, and what every act on it is given."""

    row: Appointment
    given: dict[str, Any]

    @property
    def patient_id(self) -> UUID:
        """Whose visit it was."""
        return self.row.patient_id


def close_visit(
    *,
    practice_id: UUID,
    appointment_id: UUID,
    leaving: Leaving,
    by: Actor,
    now: datetime,
    command_id: UUID | None = None,
) -> Closing:
    """Write down all that is left at the end of a visit, at once or not at all; with nothing in it, it is closed.

    Drops hold what can wait for six hours from ``now``. The follow-up is promised back to the one who wrote it, the
    person is handed over to a colleague within a quarter of an hour. Raises ``UnknownAppointment``, ``NotDone``,
    ``AlreadyClosed``, ``NotAllowed``, ``NoSuchMonths``, ``WhyMissing``, ``DayHasPassed``, ``NoSuchColleague``.
    """
    with act(practice_id, by=by, now=now) as closing:
        pressed = once(closing, command_id)
        visit = _locked(closing, appointment_id, *_heads(practice_id, appointment_id))
        if pressed.answer is not None:
            return Closing.objects.get(pk=pressed.answer)
        if visit.row.state != State.DONE:
            raise errors.NotDone
        if Closing.objects.filter(practice_id=practice_id, appointment_id=appointment_id, taken_back_at=None).exists():
            raise errors.AlreadyClosed
        row = Closing(
            id=new_id(), practice_id=practice_id, appointment_id=appointment_id, patient_id=visit.patient_id,
            closed_at=now, closed_by_role=by.role, closed_by_id=by.id,
        )  # fmt: skip
        row.next_visit = _plan(visit, leaving)
        row.hold_id, row.held_until = _hold(closing, visit, leaving)
        row.follow_up_id = _follow_up(visit, leaving)
        row.handed_id = _hand_over(row, visit, leaving)
        row.save(force_insert=True)
        _record(closing, row)
        answer(closing, command_id, row.pk)
    return row


def _heads(practice_id: UUID, appointment_id: UUID) -> list[Ref]:
    """The visit and whom its person may have been merged into: notes are written about them."""
    rows = Appointment.objects.filter(practice_id=practice_id, pk=appointment_id)
    whose = rows.values_list("patient_id", flat=True).first()
    head = head_of(practice_id, whose) if whose else None
    return [*subjects(appointment_id, whose), Ref("patient", head)] if whose and head else []


def _locked(closing: Act, appointment_id: UUID, *others: Ref) -> _Visit:
    closing.lock(*others)
    given = {"practice_id": closing.practice_id, "by": closing.by, "now": closing.now}
    return _Visit(lock_visit(closing, appointment_id), given)


def _plan(visit: _Visit, leaving: Leaving) -> NextVisit | None:
    if leaving.plan is None:
        return None
    return set_next_visit(
        patient_id=visit.patient_id, plan=leaving.plan, appointment_id=visit.row.pk, **visit.given
    )  # fmt: skip


def _hold(closing: Act, visit: _Visit, leaving: Leaving) -> tuple[UUID | None, datetime | None]:
    if not leaving.drops:
        return None, None
    if not may_plan(closing.practice_id, closing.by):
        raise errors.NotAllowed
    until = closing.now + rules.DROPS_LAST
    hold = hold_messages(patient_id=visit.patient_id, reason=DROPS, until=until, **visit.given)
    return hold.pk, until


def _follow_up(visit: _Visit, leaving: Leaving) -> UUID | None:
    if not leaving.follow_up.strip():
        return None
    note = write_note(patient_id=visit.patient_id, words=leaving.follow_up, on=leaving.follow_up_on, **visit.given)
    about = open_about(visit.given["practice_id"], Ref("patient", note.patient_id))
    return next((owed.id for owed in about if owed.cause == f"note:{note.pk}"), None)


def _hand_over(row: Closing, visit: _Visit, leaving: Leaving) -> UUID | None:
    if leaving.hand_to is None:
        return None
    if leaving.hand_to not in {one.membership_id for one in colleagues(row.practice_id)}:
        raise NoSuchColleague(str(leaving.hand_to))
    detail: dict[str, Any] = {"visit": str(visit.row.pk)}
    patient_id = visit.patient_id
    if leaving.what_matters.strip():
        note = write_note(patient_id=patient_id, words=leaving.what_matters, **visit.given)
        patient_id, detail = note.patient_id, {**detail, "note": str(note.pk)}
    handed = NewPromise(
        kind="hand_over", subject=Ref("patient", patient_id), due_at=row.closed_at + rules.HANDED_WITHIN,
        cause=f"closing:{row.pk}", patient_id=patient_id, owner_id=leaving.hand_to, urgency=4, detail=detail,
    )  # fmt: skip
    return make_promise(new=handed, **visit.given).pk


def _record(closing: Act, row: Closing) -> None:
    data = {
        "visit": row.appointment_id, "closing": row.pk, "plan": row.next_visit_id, "until": row.held_until,
        "follow_up": row.follow_up_id, "handed": row.handed_id,
    }  # fmt: skip
    closing.record(events.VISIT_CLOSED, subject=Ref("patient", row.patient_id), patient=row.patient_id, data=data)


def take_back_closing(*, practice_id: UUID, closing_id: UUID, by: Actor, now: datetime) -> Closing:
    """Take back how a visit was closed: messages go again, what was promised by it is withdrawn, and what was said
    before about the next visit stands. Notes stay: they were said. What has ended meanwhile is left as it is.

    Raises ``NoSuchClosing``.
    """
    with act(practice_id, by=by, now=now) as taking:
        row = Closing.objects.filter(practice_id=practice_id, pk=closing_id, taken_back_at=None).first()
        if row is None:
            raise errors.NoSuchClosing(str(closing_id))
        _locked(taking, row.appointment_id)
        row.taken_back_at = now
        row.save(update_fields=["taken_back_at"])
        given: dict[str, Any] = {"practice_id": practice_id, "by": by, "now": now}
        if row.next_visit is not None:
            with suppress(errors.NoSuchPlan):
                end_plan(taking, row.next_visit)
        if row.hold_id is not None:
            with suppress(NoSuchHold):
                release_messages(hold_id=row.hold_id, **given)
                release_held(patient_id=row.patient_id, held_by=DROPS, **given)
        for promise_id in sorted(filter(None, (row.follow_up_id, row.handed_id))):
            with suppress(NoSuchPromise):
                withdraw_promise(promise_id=promise_id, reason="closing_taken_back", **given)
        data = {"visit": row.appointment_id, "closing": row.pk}
        taking.record(
            events.CLOSING_TAKEN_BACK, subject=Ref("patient", row.patient_id), patient=row.patient_id, data=data
        )
    return row
