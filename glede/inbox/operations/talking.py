"""Take what people write, answer it, close it. Nothing is ever closed unanswered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from glede.inbox import acknowledging, closing, refusing, rules
from glede.inbox.models import Closure, Conversation, Draft, InboundMessage, Reply
from glede.inbox.queries import answered_to
from glede.kernel.actor import Actor
from glede.kernel.periods import WeeklyHours
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act, answer, once
from glede.outbox.operations import ReplyToSend, send_reply
from glede.people.queries import head_of
from glede.practices import scope
from glede.practices.models import Practice
from glede.practices.queries import opening_hours, practice_by_id
from glede.promises.operations import NewPromise, keep_promise, make_promise
from glede.promises.queries import open_about
from glede.staff.models import Role
from glede.staff.queries import colleagues

ANSWER_CAUSE = "conversation"
CALL_CAUSE = "asked_to_be_called"
MUST_READ = 2  # the urgency of words that only the wide net caught: a trained person reads them first
WORDS_MAX = 10_000
# An answer leaves by the channel the question came on; one from their own page goes by their first choice.
SENT_BY = frozenset({"email", "sms"})


class NothingSaid(ValueError):
    """The words are blank."""


class TooLong(ValueError):
    """More than ``WORDS_MAX`` characters."""


class NoSuchConversation(LookupError):
    """This practice has no such conversation."""


class NothingOpen(LookupError):
    """No message waits for an answer, so there is nothing to close."""


class NotAPerson(PermissionError):
    """Only a named colleague answers or closes."""


class NobodyThere(LookupError):
    """This practice knows no such person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What came in. ``says_new_symptom``: the writer ticked "this is about a new problem with my eyes".

    ``came_at`` is when it came, where that is earlier than now. ``shared_with`` are the others who share the number
    it came from: a refusal is theirs too.
    """

    patient_id: UUID
    words: str
    channel: str = "link"
    appointment_id: UUID | None = None
    says_new_symptom: bool = False
    came_at: datetime | None = None
    shared_with: tuple[UUID, ...] = ()


def receive_message(
    *, practice_id: UUID, message: Incoming, by: Actor, now: datetime, command_id: UUID | None = None
) -> InboundMessage:
    """Keep a person's words and promise an answer by a clock time; return the message.

    The words may only raise the urgency (decision 20). A message that comes while an answer is owed
    joins that promise: the earlier time and the higher urgency win. Out of hours a safety net goes
    out, at most once in 12 hours. The same ``command_id`` again returns the first message.

    Raises ``NothingSaid``, ``TooLong``, ``NobodyThere``.
    """
    words, patient_id = _said(message.words), _person(practice_id, message.patient_id)
    practice = practice_by_id(practice_id)
    hours = opening_hours(practice)
    with act(practice_id, by=by, now=now) as receiving:
        pressed = once(receiving, command_id)
        if pressed.answer is not None:
            return InboundMessage.objects.get(pk=pressed.answer)
        conversation = _lock_conversation(receiving, patient_id, *message.shared_with)
        row = _write_message(receiving, conversation, message, words, hours)
        _promise_answer(practice, hours, row, patient_id, by=by, now=now)
        receiving.record(
            "inbox.message.received",
            subject=Ref("conversation", conversation.pk),
            patient=patient_id,
            data={"message": row.pk, "n": row.n, "channel": row.channel, "tier": row.tier},
        )
        heard = refusing.hear(practice, row, patient_id, *message.shared_with, by=by, now=now)
        if heard.confirms and row.channel in SENT_BY:
            acknowledging.plan_receipt(row, patient_id, by=by, now=now)
        if row.has_safety_net:
            acknowledging.plan(row, patient_id, by=by, now=now)
        answer(receiving, command_id, row.pk)
    return row


def reply(
    *, practice_id: UUID, conversation_id: UUID, words: str, answers_to: int, by: Actor, now: datetime,
    command_id: UUID | None = None,
) -> Reply:  # fmt: skip
    """Answer a person by the channel they wrote on, and keep the promise; return the reply.

    ``answers_to`` is the number of the last message the colleague had read (0: none was open). A
    message that came in meanwhile stays unanswered, and the promise with it. Raises ``NothingSaid``,
    ``TooLong``, ``NoSuchConversation``, ``NotAPerson``.
    """
    said, author = _said(words), _named(by)
    with act(practice_id, by=by, now=now) as replying:
        pressed = once(replying, command_id)
        if pressed.answer is not None:
            return Reply.objects.get(pk=pressed.answer)
        conversation = _locked(replying, conversation_id)
        last = InboundMessage.objects.filter(conversation=conversation).order_by("-n").first()
        channel = last.channel if last else "link"
        row = Reply(
            practice_id=practice_id, conversation=conversation, answers_to=min(answers_to, last.n if last else 0),
            words=said, channel=channel, written_by=author, written_at=now,
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
        _settle(conversation, row.answers_to, Ref("reply", row.pk), "replied", by=by, now=now)
        _drop_draft(conversation, author)
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
    author = _named(by)
    with act(practice_id, by=by, now=now) as closing_now:
        pressed = once(closing_now, command_id)
        if pressed.answer is not None:
            return Closure.objects.get(pk=pressed.answer)
        conversation = _locked(closing_now, conversation_id)
        waiting = list(InboundMessage.objects.filter(conversation=conversation, n__gt=answered_to(conversation.pk)))
        if not waiting:
            raise NothingOpen(str(conversation_id))
        closing.check_closable(reason, note, min(m.tier for m in waiting))
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
        _settle(conversation, row.closes_to, Ref("closure", row.pk), reason, by=by, now=now)
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


def save_draft(*, practice_id: UUID, conversation_id: UUID, words: str, by: Actor, now: datetime) -> None:
    """Keep what a colleague has begun to write; blank words throw it away. No event: nothing was said."""
    author = _named(by)
    with scope.transaction(practice_id):
        conversation = Conversation.objects.filter(pk=conversation_id).first()
        if conversation is None:
            raise NoSuchConversation(str(conversation_id))
        if not words.strip():
            _drop_draft(conversation, author)
            return
        Draft.objects.update_or_create(
            practice_id=practice_id,
            conversation=conversation,
            membership_id=author,
            defaults={"words": words[:WORDS_MAX], "saved_at": now},
        )


def start_conversation(*, practice_id: UUID, patient_id: UUID, by: Actor, now: datetime) -> UUID:
    """Return the conversation with a person, begun now where nobody has written yet."""
    person = _person(practice_id, patient_id)
    with act(practice_id, by=by, now=now) as starting:
        return _lock_conversation(starting, person).pk


def _said(words: str) -> str:
    said = words.replace("\r\n", "\n").replace("\x00", "").strip()
    if not said:
        raise NothingSaid
    if len(said) > WORDS_MAX:
        raise TooLong
    return said


def _person(practice_id: UUID, patient_id: UUID) -> UUID:
    head = head_of(practice_id, patient_id)
    if head is None:
        raise NobodyThere(str(patient_id))
    return head


def _named(by: Actor) -> UUID:
    if by.role != "staff" or by.id is None:
        raise NotAPerson(by.role)
    return by.id


def _lock_conversation(receiving: Act, patient_id: UUID, *others: UUID) -> Conversation:
    fresh = Conversation(practice_id=receiving.practice_id, patient_id=patient_id, started_at=receiving.now)
    Conversation.objects.bulk_create([fresh], ignore_conflicts=True)
    conversation = Conversation.objects.get(patient_id=patient_id)
    receiving.lock(Ref("conversation", conversation.pk), *(Ref("patient", p) for p in (patient_id, *others)))
    return conversation


def _locked(acting: Act, conversation_id: UUID) -> Conversation:
    conversation = Conversation.objects.filter(pk=conversation_id).first()
    if conversation is None:
        raise NoSuchConversation(str(conversation_id))
    acting.lock(Ref("conversation", conversation.pk), Ref("patient", conversation.patient_id))
    return conversation


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
        urgency=min(row.tier, MUST_READ) if row.must_read_now else row.tier,
        detail={"message": str(row.pk), "channel": row.channel},
    )
    make_promise(practice_id=practice.pk, new=new, by=by, now=now)


def _who_answers(practice_id: UUID) -> UUID | None:
    # A name is owed, not a department: the first receptionist answers until there is a rota.
    desk = [c.membership_id for c in colleagues(practice_id) if c.role == Role.RECEPTIONIST]
    return desk[0] if desk else None


def _settle(
    conversation: Conversation, answers_to: int, evidence: Ref, reason: str, *, by: Actor, now: datetime
) -> None:
    if InboundMessage.objects.filter(conversation=conversation, n__gt=answers_to).exists():
        return
    for owed in _answers_owed(conversation):
        keep_promise(
            practice_id=conversation.practice_id, promise_id=owed, evidence=evidence, reason=reason, by=by, now=now
        )


def _answers_owed(conversation: Conversation) -> Sequence[UUID]:
    about = open_about(conversation.practice_id, Ref("conversation", conversation.pk))
    return [owed.id for owed in about if owed.kind == "answer"]


def _drop_draft(conversation: Conversation, author: UUID) -> None:
    Draft.objects.filter(conversation=conversation, membership_id=author).delete()
