"""What came of a call that a row of the journey asked for."""

from datetime import datetime
from uuid import UUID

from glede.diary.queries import appointment_for
from glede.journeys import events
from glede.journeys.calls import NOT_REACHED_TWICE
from glede.journeys.gathering import SUBJECT
from glede.journeys.models import CallOutcome
from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import act, answer, once
from glede.promises.operations import Ending, NoSuchPromise, end_promise
from glede.promises.queries import Owed, promise_for


class NotACall(ValueError):
    """That promise is not a call about a visit, or that is not an outcome of a call."""


def note_call(
    *,
    practice_id: UUID,
    promise_id: UUID,
    outcome: str,
    note: str = "",
    by: Actor,
    now: datetime,
    command_id: UUID | None = None,
) -> CallOutcome:
    """Write down what came of a call: ``reached`` keeps the promise; ``not_reached`` leaves it open to try again.

    Not reached twice, a call before the visit is withdrawn and the person gets a message instead; a call that stands
    in for a message that could not be sent stays open. Raises ``NotACall``, ``NoSuchPromise``.
    """
    owed = _call(practice_id, promise_id, outcome)
    with act(practice_id, by=by, now=now) as noting:
        pressed = once(noting, command_id)
        if not pressed.is_first and pressed.answer:
            return CallOutcome.objects.get(practice_id=practice_id, pk=pressed.answer)
        visit = appointment_for(practice_id, owed.subject.id)
        noting.lock(owed.subject, Ref("promise", promise_id))
        row = CallOutcome.objects.create(
            practice_id=practice_id, row=str(owed.detail["row"]), subject_kind=SUBJECT, subject_id=owed.subject.id,
            subject_version=visit.version, promise_id=promise_id, code=outcome, at=now, actor_role=by.role,
            actor_id=by.id,
        )  # fmt: skip
        answer(noting, command_id, row.pk)
        reached = outcome == CallOutcome.Code.REACHED
        kind = events.CALL_REACHED if reached else events.CALL_NOT_REACHED
        noting.record(
            kind, subject=owed.subject, patient=visit.patient_id, data={"row": row.row, "promise": str(promise_id)}
        )
        ending = _ending(owed, reached=reached, note=note)
        if ending is not None:
            end_promise(practice_id=practice_id, promise_id=promise_id, ending=ending, by=by, now=now)
    return row


def _call(practice_id: UUID, promise_id: UUID, outcome: str) -> Owed:
    if outcome not in {CallOutcome.Code.REACHED, CallOutcome.Code.NOT_REACHED}:
        raise NotACall(outcome)
    owed = promise_for(practice_id, promise_id)
    if owed is None or owed.closed_at is not None:
        raise NoSuchPromise(str(promise_id))
    if owed.subject.kind != SUBJECT or "row" not in owed.detail:
        raise NotACall(owed.kind)
    return owed


def _ending(owed: Owed, *, reached: bool, note: str) -> Ending | None:
    if reached:
        return Ending("kept", owed.subject, "reached", note)
    tries = CallOutcome.objects.filter(promise_id=owed.id, code=CallOutcome.Code.NOT_REACHED).count()
    if tries >= NOT_REACHED_TWICE and owed.detail.get("purpose") == "previsit":
        return Ending("withdrawn", None, "not_reached", note)
    return None
