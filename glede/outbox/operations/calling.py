"""What a machine cannot keep becomes a colleague's promise: calls, and the next channel before them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from glede.kernel.actor import SYSTEM
from glede.kernel.periods import NeverOpen, WeeklyHours
from glede.kernel.ref import Ref
from glede.ledger.operations import Act
from glede.outbox import events
from glede.outbox.models import Message, Touch
from glede.outbox.operations.telling import tell
from glede.outbox.rules import Fate, Reason, State
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
    """A message that becomes a call, and why."""

    message: Message
    reason: str


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
    """By when to ring: a planned call by its own cut-off, any other within the time the practice answers in."""
    if reason == Reason.CALL and touch.late_after is not None:
        return max(touch.late_after, now)
    try:
        return hours.add_open_minutes(now, practice.answer_minutes)
    except NeverOpen:
        return now + timedelta(days=1)


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
    """After a sure failure: the next message on the person's next channel, else a call; marketing just ends."""
    from glede.outbox.operations.ways import ways_to

    if not failed:
        return
    reached = reach(practice.pk, {m.touch.patient_id for m in failed})
    tried: dict[object, set[str]] = {}
    for touch_id, channel in Message.objects.filter(touch_id__in=[m.touch_id for m in failed]).values_list(
        "touch_id", "channel"
    ):
        tried.setdefault(touch_id, set()).add(channel)
    handings, ended, nexts = [], [], []
    for message in failed:
        ways = ways_to(reached.get(message.touch.patient_id), practice, tried=tried[message.touch_id])
        if ways and ways[0].channel != "call":
            nexts.append(_next(message, ways[0].channel, now))
        elif message.lane == "marketing":
            ended.append(message)
        else:
            handings.append(Handing(message, message.reason))
    Message.objects.bulk_create(nexts)
    for message in ended:
        message.touch.fate, message.touch.reason, message.touch.closed_at = Fate.SKIPPED, message.reason, now
    save_closed(ended)
    hand_over(this, practice, handings, now)


def _next(message: Message, channel: str, now: datetime) -> Message:
    return Message(
        practice_id=message.practice_id, touch_id=message.touch_id, n=message.n + 1, lane=message.lane,
        live=message.live, channel=channel, language=message.language, state=State.READY, due_at=now,
    )  # fmt: skip
