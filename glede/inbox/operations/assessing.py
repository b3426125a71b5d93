"""Say that words which were raised are not urgent: by a named clinician, with a reason, in the record."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from glede.inbox import rules
from glede.inbox.models import Assessment, Conversation, InboundMessage, StrayMessage
from glede.inbox.operations.threads import NothingOpen, NothingSaid, locked, named
from glede.inbox.queries import answered_to, assessed_to
from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act, answer, once
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
    author = _clinician(practice_id, by, reason)
    with act(practice_id, by=by, now=now) as assessing:
        pressed = once(assessing, command_id)
        if pressed.answer is not None:
            return Assessment.objects.get(pk=pressed.answer)
        conversation = locked(assessing, conversation_id)
        raised = [row for row in _waiting(conversation) if row.n <= assesses_to and _urgency(row) < rules.CALM]
        if not raised:
            raise NothingOpen(str(conversation_id))
        row = _assess(assessing, conversation, raised, Seen(author, now, reason.strip()))
        answer(assessing, command_id, row.pk)
    return row


def calm_stray(*, practice_id: UUID, stray_id: UUID, reason: str, by: Actor, now: datetime) -> None:
    """Say that a stranger's words are not urgent, and why; they wait by the same hour until somebody places them.

    Raises ``NotAPerson``, ``NotAClinician``, ``NothingSaid`` (no reason), ``NothingOpen`` (placed, closed, or nothing
    was raised).
    """
    author = _clinician(practice_id, by, reason)
    with act(practice_id, by=by, now=now) as calming:
        rows = StrayMessage.objects.filter(practice_id=practice_id, pk=stray_id, closed_at=None, calmed_at=None)
        row = rows.select_for_update(of=("self",), no_key=True).first()
        if row is None or _urgency(row) >= rules.CALM:
            raise NothingOpen(str(stray_id))
        row.calmed_at, row.calmed_by, row.calm_reason = now, author, reason.strip()
        row.save(update_fields=["calmed_at", "calmed_by", "calm_reason"])
        subject = Ref("stray", row.pk)
        _calm(practice_id, subject, rules.CALM, by=by, now=now)
        calming.lock(subject)
        calming.record("inbox.stray.assessed", subject=subject, data={"tier": row.tier})


def carry_over(placing: Act, stray: StrayMessage, message: InboundMessage) -> None:
    """Let what a clinician found of a stranger's words hold for them where they stand now.

    Where other raised words wait there too, nobody has looked at those: all stay as urgent as they are.
    """
    if stray.calmed_at is None or stray.calmed_by is None:
        return
    raised = [row for row in _waiting(message.conversation) if _urgency(row) < rules.CALM]
    if [row.pk for row in raised] == [message.pk]:
        subjects = (Ref("conversation", message.conversation_id), Ref("stray", stray.pk))
        placing.lock(*(Ref("promise", owed.id) for owed in open_about(placing.practice_id, *subjects)))
        _assess(placing, message.conversation, raised, Seen(stray.calmed_by, stray.calmed_at, stray.calm_reason))


def _clinician(practice_id: UUID, by: Actor, reason: str) -> UUID:
    author = named(by)
    if not sees_patients(practice_id, author):
        raise NotAClinician(str(author))
    if not reason.strip():
        raise NothingSaid
    return author


@dataclass(frozen=True, slots=True)
class Seen:
    """Who found words not urgent, when, and why."""

    by: UUID
    at: datetime
    reason: str


def _assess(assessing: Act, conversation: Conversation, raised: list[InboundMessage], seen: Seen) -> Assessment:
    row = Assessment.objects.create(
        practice_id=assessing.practice_id, conversation=conversation, assesses_to=max(r.n for r in raised),
        tier_before=min(r.tier for r in raised), reason=seen.reason, assessed_by=seen.by, assessed_at=seen.at,
    )  # fmt: skip
    subject = Ref("conversation", conversation.pk)
    data = {"assessment": row.pk, "assesses_to": row.assesses_to, "tier": row.tier_before}
    assessing.record("inbox.conversation.assessed", subject=subject, patient=conversation.patient_id, data=data)
    urgency = min((_urgency(one) for one in _waiting(conversation)), default=rules.CALM)
    _calm(assessing.practice_id, subject, urgency, by=assessing.by, now=assessing.now)
    return row


def _waiting(conversation: Conversation) -> list[InboundMessage]:
    after = max(answered_to(conversation.pk), assessed_to(conversation.pk))
    return list(InboundMessage.objects.filter(conversation=conversation, n__gt=after))


def _urgency(row: InboundMessage | StrayMessage) -> int:
    return rules.urgency_of(row.tier, must_be_read_now=row.must_read_now)


def _calm(practice_id: UUID, subject: Ref, urgency: int, *, by: Actor, now: datetime) -> None:
    for owed in open_about(practice_id, subject):
        if owed.kind == "answer" and owed.urgency < urgency:
            calm_promise(practice_id=practice_id, promise_id=owed.id, urgency=urgency, by=by, now=now)
