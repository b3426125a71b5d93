"""Take back that nobody waits for a written answer: whoever waited waits again, by the hour that was promised."""

from datetime import datetime
from uuid import UUID

from glede.inbox.models import Closure, Reopening
from glede.inbox.operations.threads import NoSuchConversation, NothingOpen, locked, named
from glede.inbox.queries import answered_to
from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.promises.operations import renew_promise
from glede.promises.queries import last_ended


def take_back_closing(*, practice_id: UUID, closure_id: UUID, by: Actor, now: datetime) -> None:
    """Let a conversation be open again as it was before it was closed; taking it back twice changes nothing.

    The promise is made anew, to the same hour and by the same colleague. Raises ``NothingOpen`` where the words were
    answered since, ``NoSuchConversation`` where there is no such closing, ``NotAPerson``.
    """
    author = named(by)
    with act(practice_id, by=by, now=now) as reopening:
        closure = Closure.objects.filter(practice_id=practice_id, pk=closure_id).first()
        if closure is None:
            raise NoSuchConversation(str(closure_id))
        conversation = locked(reopening, closure.conversation_id)
        if Reopening.objects.filter(closure=closure).exists():
            return
        row = Reopening.objects.create(practice_id=practice_id, closure=closure, reopened_by=author, reopened_at=now)
        if answered_to(conversation.pk) >= closure.closes_to:
            raise NothingOpen(str(closure_id))
        subject = Ref("conversation", conversation.pk)
        ended = last_ended(practice_id, subject, "answer")
        if ended is not None:
            renew_promise(practice_id=practice_id, promise_id=ended.id, by=by, now=now)
        data = {"reopening": row.pk, "closure": closure.pk, "closes_to": closure.closes_to}
        reopening.record("inbox.conversation.reopened", subject=subject, patient=conversation.patient_id, data=data)
