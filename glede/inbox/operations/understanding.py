"""A plain answer to a reminder by text is done at once: a yes confirms, a three is a call. People read all the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from glede.diary.errors import Refused
from glede.diary.operations import confirm_appointment
from glede.diary.queries import visits_of
from glede.inbox import rules
from glede.inbox.ending import end_answer
from glede.inbox.models import Closure, InboundMessage
from glede.inbox.operations.talking import ask_for_call
from glede.inbox.operations.threads import locked
from glede.inbox.queries import answered_to
from glede.kernel.actor import Actor, patient
from glede.kernel.failpoints import guard
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.outbox.lately import last_text_about
from glede.outbox.optout import Reply, read_reply
from glede.practices import scope
from glede.promises.queries import open_about

LATELY = timedelta(days=7)
DONE_AT_ONCE: Final = frozenset({Reply.CONFIRM, Reply.CALL_ME})
UNDERSTOOD = "understood"


@dataclass(frozen=True, slots=True)
class _Meant:
    reply: Reply
    patient_id: UUID
    conversation_id: UUID
    n: int
    appointment_id: UUID


def understand_answer(*, practice_id: UUID, message_id: UUID, shared: bool, by: Actor, now: datetime) -> bool:
    """Do at once what a plain answer to a reminder by text says, and owe no answer to it; return whether it was one.

    Only where nothing is left to guess: the whole message is one of the listed answers; nothing else of theirs waits;
    nothing in it is urgent; the last text they got was ours about a visit that is still ahead; nobody shares the number
    (``shared``). A no, another time and anything else stay a colleague's to answer. Called after the words were kept:
    who dies between leaves the promise. ``by`` is who brought the words.
    """
    meant = None if shared else _meant(practice_id, message_id, now)
    if meant is None:
        return False
    given: dict[str, Any] = {"practice_id": practice_id, "by": patient(meant.patient_id), "now": now}
    try:
        if meant.reply is Reply.CONFIRM:
            confirm_appointment(appointment_id=meant.appointment_id, **given)
        else:
            ask_for_call(patient_id=meant.patient_id, appointment_id=meant.appointment_id, **given)
    except Refused:
        return False
    with act(practice_id, by=by, now=now) as closing:
        conversation = locked(closing, meant.conversation_id)
        if answered_to(conversation.pk) != meant.n - 1 or _is_followed(conversation.pk, meant.n):
            return False  # something came or was said meanwhile: a person reads both
        row = Closure.objects.create(
            practice_id=practice_id, conversation=conversation, closes_to=meant.n, reason=UNDERSTOOD, closed_at=now
        )
        subject = Ref("conversation", conversation.pk)
        data = {"closure": row.pk, "closes_to": meant.n, "reason": UNDERSTOOD, "reply": str(meant.reply)}
        closing.record("inbox.conversation.closed", subject=subject, patient=meant.patient_id, data=data)
        for owed in open_about(practice_id, subject):
            if owed.kind == "answer":
                end_answer(closing, owed, Ref("closure", row.pk), UNDERSTOOD)
    return True


def _meant(practice_id: UUID, message_id: UUID, now: datetime) -> _Meant | None:
    with scope.transaction(practice_id):
        row = InboundMessage.objects.select_related("conversation").filter(pk=message_id).first()
        if row is None or row.channel != "sms" or row.tier != rules.CALM or row.must_read_now:
            return None
        reply, person = read_reply(row.words), row.conversation.patient_id
        if reply not in DONE_AT_ONCE or answered_to(row.conversation_id) != row.n - 1:
            return None
        if _is_followed(row.conversation_id, row.n):
            return None
    visit = _visit(practice_id, person, now)
    return _Meant(reply, person, row.conversation_id, row.n, visit) if visit else None


def _visit(practice_id: UUID, person: UUID, now: datetime) -> UUID | None:
    """Return the visit that our last text to them was about, where it is still ahead."""
    ahead = [v.appointment_id for v in visits_of(practice_id, person) if v.is_ahead]
    about = last_text_about(practice_id, person, since=now - LATELY)
    if not guard("plain_answer"):
        return ahead[-1] if ahead else None
    return about.id if about is not None and about.kind == "appointment" and about.id in ahead else None


def _is_followed(conversation_id: UUID, n: int) -> bool:
    return InboundMessage.objects.filter(conversation_id=conversation_id, n__gt=n).exists()
