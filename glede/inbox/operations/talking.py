"""Take what people write, answer it, close it. Nothing is ever closed unanswered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from glede.inbox import acknowledging, closing, refusing, rules
from glede.inbox.ending import end_answer
from glede.inbox.models import Closure, Conversation, Draft, InboundMessage, Reply
from glede.inbox.operations.threads import CannotUse, NothingOpen, lock_conversation, locked, named, person, said
from glede.inbox.queries import answered_to, assessed_to
from glede.kernel.actor import Actor
from glede.kernel.periods import WeeklyHours
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act, answer, once
from glede.outbox.operations import ReplyToSend, send_reply
from glede.people.operations import detach_address
from glede.people.queries import reach
from glede.people.rules.reaching import cannot_be_written_to
from glede.practices.models import Practice
from glede.practices.queries import opening_hours, practice_by_id
from glede.promises.operations import NewPromise, make_promise
from glede.promises.queries import away, open_about
from glede.staff.models import Role
from glede.staff.queries import colleagues

ANSWER_CAUSE = "conversation"
CALL_CAUSE = "asked_to_be_called"
# An answer leaves by the channel the question came on; one from their own page goes by their first choice.
SENT_BY = frozenset({"email", "sms"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What came in. ``says_new_symptom``: the writer ticked "this is about a new problem with my eyes".

    ``came_at`` is when it came, where that is earlier than now. ``shared_with`` are the others who share the number
    it came from: a refusal is theirs too. ``came_from`` is that number or address in its normal form, where known.
    """

    patient_id: UUID
    words: str
    channel: str = "link"
    appointment_id: UUID | None = None
    says_new_symptom: bool = False
    came_at: datetime | None = None
    shared_with: tuple[UUID, ...] = ()
    came_from: str = ""


def receive_message(
    *, practice_id: UUID, message: Incoming, by: Actor, now: datetime, command_id: UUID | None = None
) -> InboundMessage:
    """Keep a person's words and promise an answer by a clock time; return the message.

    The words may only raise the urgency (decision 20). A message that comes while an answer is owed
    joins that promise: the earlier time and the higher urgency win. Out of hours a safety net goes
    out, at most once in 12 hours. The same ``command_id`` again returns the first message.

    Raises ``NothingSaid``, ``TooLong``, ``NobodyThere``.
    """
    words, patient_id = said(message.words), person(practice_id, message.patient_id)
    practice = practice_by_id(practice_id)
    hours = opening_hours(practice)
    with act(practice_id, by=by, now=now) as receiving:
        pressed = once(receiving, command_id)
        if pressed.answer is not None:
            return InboundMessage.objects.get(pk=pressed.answer)
        conversation = lock_conversation(receiving, patient_id, *message.shared_with)
        row = _write_message(receiving, conversation, message, words, hours)
        _promise_answer(practice, hours, row, patient_id, by=by, now=now)
        receiving.record(
            "inbox.message.received",
            subject=Ref("conversation", conversation.pk),
            patient=patient_id,
            data={"message": row.pk, "n": row.n, "channel": row.channel, "tier": row.tier},
        )
        heard = refusing.hear(practice, row, patient_id, *message.shared_with, by=by, now=now)
        if heard.detaches and message.came_from:
            for whose in (patient_id, *message.shared_with):
                detach_address(practice_id=practice_id, patient_id=whose, address=message.came_from, by=by, now=now)
        if heard.confirms and row.channel in SENT_BY:
            acknowledging.plan_receipt(row, patient_id, by=by, now=now)
        if row.has_safety_net:
            acknowledging.plan(row, patient_id, by=by, now=now)
        answer(receiving, command_id, row.pk)
    return row


def reply(
    *, practice_id: UUID, conversation_id: UUID, words: str, answers_to: int, by: Actor, now: datetime,
    command_id: UUID | None = None, only_if_open: bool = False,
) -> Reply:  # fmt: skip
    """Answer a person by the channel they wrote on, and keep the promise; return the reply.

    ``answers_to`` is the number of the last message the colleague had read (0: none was open). A
    message that came in meanwhile stays unanswered, and the promise with it. With ``only_if_open`` two colleagues
    never both answer the same words: who comes second gets ``NothingOpen``. Raises ``NothingSaid``, ``TooLong``,
    ``NoSuchConversation``, ``NotAPerson``, and ``CannotUse`` for somebody to whom nothing can be written.
    """
    kept, author = said(words), named(by)
    with act(practice_id, by=by, now=now) as replying:
        pressed = once(replying, command_id)
        if pressed.answer is not None:
            return Reply.objects.get(pk=pressed.answer)
        conversation = locked(replying, conversation_id)
        if only_if_open and answers_to <= answered_to(conversation.pk):
            raise NothingOpen(str(conversation_id))
        _check_they_can_use_it(practice_id, conversation.patient_id)
        last = InboundMessage.objects.filter(conversation=conversation).order_by("-n").first()
        channel = last.channel if last else "link"
        row = Reply(
            practice_id=practice_id, conversation=conversation, answers_to=min(answers_to, last.n if last else 0),
            words=kept, channel=channel, written_by=author, written_at=now,
        )  # fmt: skip
        leaving = ReplyToSend(
            patient_id=conversation.patient_id, conversation_id=conversation.pk, reply_id=row.pk,
            channel=channel if channel in SENT_BY else "",
        )  # fmt: skip
        row.touch_id = send_reply(practice_id=practice_id, reply=leaving, by=by, now=now)
        row.save(force_insert=True)
        replying.record(
            "inbox.reply.sent",
            subject=Ref("conversation", conversation.pk),
            patient=conversation.patient_id,
            data={"reply": row.pk, "answers_to": row.answers_to, "channel": channel},
        )
        _settle(replying, conversation, row.answers_to, Ref("reply", row.pk), "replied")
        answer(replying, command_id, row.pk)
    return row


def close_without_reply(
    *, practice_id: UUID, conversation_id: UUID, reason: str, note: str = "", by: Actor, now: datetime,
    command_id: UUID | None = None,
) -> Closure:  # fmt: skip
    """Say that nobody waits for a written answer here, and why; return the closing.

    ``reason`` is one of ``models.ClosingReason``: somebody was answered by voice, or asked nothing.
    Raises ``closing.NotClosable`` (a red flag needs a spoken answer), ``NothingOpen``,
    ``NoSuchConversation``, ``NotAPerson``.
    """
    author = named(by)
    with act(practice_id, by=by, now=now) as closing_now:
        pressed = once(closing_now, command_id)
        if pressed.answer is not None:
            return Closure.objects.get(pk=pressed.answer)
        conversation = locked(closing_now, conversation_id)
        waiting = list(InboundMessage.objects.filter(conversation=conversation, n__gt=answered_to(conversation.pk)))
        if not waiting:
            raise NothingOpen(str(conversation_id))
        seen = assessed_to(conversation.pk)
        closing.check_closable(reason, note, min((m.tier for m in waiting if m.n > seen), default=rules.CALM))
        row = Closure.objects.create(
            practice_id=practice_id, conversation=conversation, closes_to=max(m.n for m in waiting), reason=reason,
            note=note.strip(), closed_by=author, closed_at=now,
        )  # fmt: skip
        closing_now.record(
            "inbox.conversation.closed",
            subject=Ref("conversation", conversation.pk),
            patient=conversation.patient_id,
            data={"closure": row.pk, "closes_to": row.closes_to, "reason": reason},
        )
        _settle(closing_now, conversation, row.closes_to, Ref("closure", row.pk), reason)
        answer(closing_now, command_id, row.pk)
    return row


def ask_for_call(
    *, practice_id: UUID, patient_id: UUID, appointment_id: UUID, by: Actor, now: datetime,
    command_id: UUID | None = None,
) -> None:  # fmt: skip
    """Promise the person a call within the practice's answering time. Asking twice is one promise."""
    practice = practice_by_id(practice_id)
    due = refusing.open_minutes_from(practice, now, practice.answer_minutes)
    with act(practice_id, by=by, now=now) as asking:
        if not once(asking, command_id).is_first:
            return
        subject = Ref("appointment", appointment_id)
        asking.lock(subject, Ref("patient", patient_id))
        new = NewPromise(
            kind="call", subject=subject, due_at=due, cause=CALL_CAUSE, patient_id=patient_id,
            detail={"reason": CALL_CAUSE},
        )  # fmt: skip
        promise = make_promise(practice_id=practice_id, new=new, by=by, now=now)
        answer(asking, command_id, promise.pk)


def _check_they_can_use_it(practice_id: UUID, patient_id: UUID) -> None:
    known = reach(practice_id, [patient_id]).get(patient_id)
    if known is not None and cannot_be_written_to(known.contacts, known.closed):
        raise CannotUse


def _write_message(
    receiving: Act, conversation: Conversation, message: Incoming, words: str, hours: WeeklyHours
) -> InboundMessage:
    before = InboundMessage.objects.filter(conversation=conversation)
    reading = rules.raise_tier(words, says_new_symptom=message.says_new_symptom)
    netted_at = before.filter(has_safety_net=True).aggregate(last=Max("received_at"))["last"]
    return InboundMessage.objects.create(
        practice_id=receiving.practice_id,
        conversation=conversation,
        appointment_id=message.appointment_id,
        n=(before.aggregate(last=Max("n"))["last"] or 0) + 1,
        channel=message.channel,
        words=words,
        received_at=message.came_at or receiving.now,
        tier=reading.tier,
        categories=list(reading.categories),
        must_read_now=reading.must_be_read_now,
        lexicon_version=reading.lexicon_version,
        has_safety_net=rules.needs_safety_net(receiving.now, hours, netted_at),
    )


def _promise_answer(
    practice: Practice, hours: WeeklyHours, row: InboundMessage, patient_id: UUID, *, by: Actor, now: datetime
) -> None:
    new = NewPromise(
        kind="answer",
        subject=Ref("conversation", row.conversation_id),
        due_at=rules.answer_due(row.received_at, hours, practice.answer_minutes, row.tier),
        cause=ANSWER_CAUSE,
        patient_id=patient_id,
        owner_id=_who_answers(practice.pk),
        urgency=rules.urgency_of(row.tier, must_be_read_now=row.must_read_now),
        detail={"message": str(row.pk), "channel": row.channel},
    )
    make_promise(practice_id=practice.pk, new=new, by=by, now=now)


def _who_answers(practice_id: UUID) -> UUID | None:
    # A name is owed, not a department: the first receptionist who is here answers until there is a rota.
    gone = away(practice_id)
    desk = [c.membership_id for c in colleagues(practice_id) if c.role == Role.RECEPTIONIST]
    return next((who for who in desk if who not in gone), None)


def _settle(settling: Act, conversation: Conversation, answers_to: int, evidence: Ref, reason: str) -> None:
    Draft.objects.filter(conversation=conversation, membership_id=named(settling.by)).delete()
    if InboundMessage.objects.filter(conversation=conversation, n__gt=answers_to).exists():
        return
    Draft.objects.filter(conversation=conversation).delete()
    for owed in open_about(conversation.practice_id, Ref("conversation", conversation.pk)):
        if owed.kind == "answer":
            end_answer(settling, owed, evidence, reason)
