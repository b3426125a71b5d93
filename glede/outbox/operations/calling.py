"""What a machine cannot keep becomes a colleague's promise: calls, and the next channel before them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from glede.kernel.actor import SYSTEM
from glede.kernel.periods import NeverOpen, WeeklyHours
from glede.kernel.ref import Ref
from glede.ledger.operations import Act
from glede.outbox import events
from glede.outbox.models import Message, Touch
from glede.outbox.operations.telling import tell
from glede.outbox.rules import Fate, Reason, State, calls_when_unreachable, is_late, retry_in
from glede.outbox.transports import Failure, look_after
from glede.people.queries import reach
from glede.practices.models import Practice
from glede.practices.queries import opening_hours
from glede.promises.operations import NewPromise, make_promises

_CAUSES: dict[str, str] = {
    Reason.CALL: "call",
    Reason.PREFERS_CALL: "call",
    Reason.LATE: "late",
    Reason.IN_DOUBT: "in_doubt",
}


@dataclass(frozen=True, slots=True)
class Handing:
    """A message that becomes a call, and why; ``owner_id`` is the colleague who takes it, None for whoever is free."""

    message: Message
    reason: str
    owner_id: UUID | None = None


def hand_over(this: Act, practice: Practice, handings: Sequence[Handing], now: datetime) -> None:
    """Make a call promise for each, and close message and touch as handed; a failed message stays failed.

    A person who may already have the message is not written to again: the promise says so by its cause.
    """
    if not handings:
        return
    hours = opening_hours(practice)
    promises = make_promises(
        practice_id=practice.pk,
        new=[_promise(h, practice, hours, now) for h in handings],
        by=SYSTEM,
        now=now,
    )
    for handing, promise in zip(handings, promises, strict=True):
        message, touch = handing.message, handing.message.touch
        message.promise_id = promise.pk
        if message.state != State.FAILED:
            message.state, message.reason, message.closed_at = State.HANDED, handing.reason, now
            message.held_until, message.held_by, message.lease_until = None, "", None
        touch.fate, touch.reason, touch.closed_at = Fate.HANDED, handing.reason, now
        tell(this, events.HANDED, message, touch, reason=handing.reason, promise=str(promise.pk))
    save_closed([h.message for h in handings])


def _promise(handing: Handing, practice: Practice, hours: WeeklyHours, now: datetime) -> NewPromise:
    touch, reason = handing.message.touch, handing.reason
    return NewPromise(
        kind=str(touch.why.get("promise", "call")),
        subject=Ref(touch.subject_kind, touch.subject_id),
        due_at=_call_by(touch, reason, practice, hours, now),
        cause=f"{_CAUSES.get(reason, 'undelivered')}:{touch.row}",
        patient_id=touch.patient_id,
        owner_id=handing.owner_id,
        detail={
            "row": touch.row,
            "reason": reason,
            "purpose": touch.purpose,
            "channel": handing.message.channel,
            "message": str(handing.message.id),
            "touch": str(touch.id),
            "kinds": touch.why.get("kinds", []),
        },
    )


def _call_by(touch: Touch, reason: str, practice: Practice, hours: WeeklyHours, now: datetime) -> datetime:
    """By when to ring: a planned call by its own cut-off, any other within the time the practice answers in.

    What is of no use after a moment names it in its why (``call_before``).
    """
    if reason == Reason.CALL and touch.late_after is not None:
        return max(touch.late_after, now)
    try:
        by = hours.add_open_minutes(now, practice.answer_minutes)
    except NeverOpen:
        by = now + timedelta(days=1)
    before = touch.why.get("call_before")
    return max(now, min(by, datetime.fromisoformat(before))) if isinstance(before, str) else by


def save_closed(messages: Sequence[Message]) -> None:
    """Write what became of messages of one practice and their touches: two statements however many they are."""
    if not messages:
        return
    practice_id = messages[0].practice_id
    touches = [m.touch for m in messages]
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE_MESSAGES, [*_columns(messages, _MESSAGE_FIELDS), practice_id, [m.id for m in messages]])
        cursor.execute(_CLOSE_TOUCHES, [*_columns(touches, _TOUCH_FIELDS), practice_id, [t.id for t in touches]])


def _columns(rows: Sequence[Message] | Sequence[Touch], names: Sequence[str]) -> list[list[Any]]:
    return [[getattr(row, name) for row in rows] for name in names]


_MESSAGE_FIELDS = (
    "id", "state", "reason", "closed_at", "held_until", "held_by", "lease_until", "promise_id", "fence", "sent_at",
    "provider_id", "channel",
)  # fmt: skip
_TOUCH_FIELDS = ("id", "fate", "reason", "closed_at")
_CLOSE_MESSAGES = """
update outbox_message m set state = w.state, reason = w.reason, closed_at = w.closed_at, held_until = w.held_until,
  held_by = w.held_by, lease_until = w.lease_until, promise_id = w.promise_id, fence = w.fence, sent_at = w.sent_at,
  provider_id = w.provider_id, channel = w.channel
from unnest(%s::uuid[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::text[], %s::timestamptz[],
  %s::uuid[], %s::int[], %s::timestamptz[], %s::text[], %s::text[])
  as w (id, state, reason, closed_at, held_until, held_by, lease_until, promise_id, fence, sent_at, provider_id,
        channel)
where m.practice_id = %s and m.id = any (%s) and m.id = w.id
"""
_CLOSE_TOUCHES = """
update outbox_touch t set fate = w.fate, reason = w.reason, closed_at = w.closed_at
from unnest(%s::uuid[], %s::text[], %s::text[], %s::timestamptz[]) as w (id, fate, reason, closed_at)
where t.practice_id = %s and t.id = any (%s) and t.id = w.id
"""


def go_on(this: Act, practice: Practice, failed: Sequence[Message], now: datetime) -> None:
    """After a sure failure: the same channel later where its reason allows, the next channel, else a call.

    Marketing just ends. Before that the channel draws its conclusions: who refused there is not tried there again.
    """
    from glede.outbox.operations.ways import ways_to

    if not failed:
        return
    look_after(practice.pk, _failures(failed), now)
    reached = reach(practice.pk, {m.touch.patient_id for m in failed})
    rows = Message.objects.filter(touch_id__in=[m.touch_id for m in failed])
    before = Counter(rows.values_list("touch_id", "channel"))
    handings, ended, nexts = [], [], []
    for message in failed:
        pause = retry_in(message.reason, before[message.touch_id, message.channel])
        if pause is not None and not is_late(message.touch.late_after, now + pause):
            nexts.append(_next(message, message.channel, now + pause))
            continue
        tried = {channel for touch_id, channel in before if touch_id == message.touch_id}
        is_receipt = bool(message.touch.why.get("opt_out_receipt"))  # it belongs to the channel it speaks of
        whom, purpose = reached.get(message.touch.patient_id), message.touch.purpose
        ways = [] if is_receipt else ways_to(whom, practice, purpose=purpose, tried=tried)
        if ways and ways[0].channel != "call":
            nexts.append(_next(message, ways[0].channel, now))
        elif message.lane == "marketing" or not calls_when_unreachable(message.lane):
            ended.append(message)
        else:
            handings.append(Handing(message, message.reason))
    Message.objects.bulk_create(nexts)
    if nexts:
        this.wake("outbox.send")
    _open_again([m for m in failed if m.touch_id in {following.touch_id for following in nexts}])
    for message in ended:
        message.touch.fate, message.touch.reason, message.touch.closed_at = Fate.SKIPPED, message.reason, now
    save_closed(ended)
    hand_over(this, practice, handings, now)


def _failures(failed: Sequence[Message]) -> dict[str, list[Failure]]:
    found: dict[str, list[Failure]] = {}
    for m in failed:
        found.setdefault(m.channel, []).append(Failure(m.id, m.touch.patient_id, m.contact_id, m.reason))
    return found


def _open_again(failed: Sequence[Message]) -> None:
    """What was thought done is owed again: the provider took it, and it did not arrive after all."""
    again = [m for m in failed if m.touch.fate != Fate.OPEN]
    for message in again:
        message.touch.fate, message.touch.reason, message.touch.closed_at = Fate.OPEN, "", None
    save_closed(again)


def _next(message: Message, channel: str, due_at: datetime) -> Message:
    return Message(
        practice_id=message.practice_id, touch_id=message.touch_id, n=message.n + 1, lane=message.lane,
        live=message.live, channel=channel, language=message.language, state=State.READY, due_at=due_at,
    )  # fmt: skip
