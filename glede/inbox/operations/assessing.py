"""Say that words which were raised are not urgent: by a named clinician, with a reason, in the record."""

from datetime import datetime
from uuid import UUID

from glede.inbox import rules
from glede.inbox.models import Assessment, Conversation, InboundMessage
from glede.inbox.operations.threads import NothingOpen, NothingSaid, locked, named
from glede.inbox.queries import answered_to, assessed_to
from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import act, answer, once
from glede.promises.operations import calm_promise
from glede.promises.queries import open_about
from glede.staff.queries import sees_patients


class NotAClinician(PermissionError):
    """Only somebody who sees patients here finds words not urgent."""


def lower_urgency(
    *, practice_id: UUID, conversation_id: UUID, assesses_to: int, reason: str, by: Actor, now: datetime,
    command_id: UUID | None = None,
) -> Assessment:  # fmt: skip
    """Say that what waits, up to message number ``assesses_to``, is not urgent, and why; return that.

    The tier of a message never changes; what comes after it is read anew, and the hour that was promised stays.
    Raises ``NotAPerson``, ``NotAClinician``, ``NothingSaid`` (no reason), ``NothingOpen`` (nothing raised waits),
    ``NoSuchConversation``.
    """
    author = named(by)
    if not sees_patients(practice_id, author):
        raise NotAClinician(str(author))
    if not reason.strip():
        raise NothingSaid
    with act(practice_id, by=by, now=now) as assessing:
        pressed = once(assessing, command_id)
        if pressed.answer is not None:
            return Assessment.objects.get(pk=pressed.answer)
        conversation = locked(assessing, conversation_id)
        raised = [row for row in _waiting(conversation) if row.n <= assesses_to and _urgency(row) < rules.CALM]
        if not raised:
            raise NothingOpen(str(conversation_id))
        row = Assessment.objects.create(
            practice_id=practice_id, conversation=conversation, assesses_to=max(r.n for r in raised),
            tier_before=min(r.tier for r in raised), reason=reason.strip(), assessed_by=author, assessed_at=now,
        )  # fmt: skip
        assessing.record(
            "inbox.conversation.assessed",
            subject=Ref("conversation", conversation.pk),
            patient=conversation.patient_id,
            data={"assessment": row.pk, "assesses_to": row.assesses_to, "tier": row.tier_before},
        )
        _calm(conversation, by=by, now=now)
        answer(assessing, command_id, row.pk)
    return row


def _waiting(conversation: Conversation) -> list[InboundMessage]:
    after = max(answered_to(conversation.pk), assessed_to(conversation.pk))
    return list(InboundMessage.objects.filter(conversation=conversation, n__gt=after))


def _urgency(row: InboundMessage) -> int:
    return rules.urgency_of(row.tier, must_be_read_now=row.must_read_now)


def _calm(conversation: Conversation, *, by: Actor, now: datetime) -> None:
    urgency = min((_urgency(row) for row in _waiting(conversation)), default=rules.CALM)
    for owed in open_about(conversation.practice_id, Ref("conversation", conversation.pk)):
        if owed.kind == "answer" and owed.urgency < urgency:
            calm_promise(practice_id=conversation.practice_id, promise_id=owed.id, urgency=urgency, by=by, now=now)
