"""What colleagues do to messages by hand: hold, let go again, stop, send now, ring instead."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from glede.kernel.actor import Actor
from glede.ledger.operations import act
from glede.outbox import events
from glede.outbox.models import Message
from glede.outbox.operations.calling import Handing, hand_over
from glede.outbox.operations.planning import SEND, end_messages
from glede.outbox.operations.telling import tell
from glede.outbox.rules import PENDING, Reason, State
from glede.practices.models import Practice

STAFF = "staff"
USUAL_HOLD = timedelta(days=7)


class NoSuchMessage(LookupError):
    """There is no such message in this practice."""


class AlreadyLeft(Exception):
    """The message is on its way, or has ended: it can no longer be held, stopped or hastened."""


def hold_message(
    *, practice_id: UUID, message_id: UUID, until: datetime | None = None, by: Actor, now: datetime
) -> Message:
    """Keep a message back until a time; without one until its cut-off, or for a week. Raises `AlreadyLeft`.

    A message held past its cut-off becomes a call then, so that nothing is forgotten in a drawer.
    """
    with act(practice_id, by=by, now=now) as this:
        message = _pending(message_id)
        message.held_until = until or message.touch.late_after or now + USUAL_HOLD
        message.held_by = STAFF
        message.save(update_fields=["held_until", "held_by"])
        tell(this, events.HELD, message, message.touch, until=message.held_until.isoformat())
    return message


def send_now(*, practice_id: UUID, message_id: UUID, by: Actor, now: datetime) -> Message:
    """Let a waiting message go at once; the policy is still asked. Raises `AlreadyLeft`."""
    with act(practice_id, by=by, now=now) as this:
        message = _pending(message_id)
        message.state, message.due_at, message.waited_from = State.READY, now, now
        message.held_until, message.held_by = None, ""
        message.save(update_fields=["state", "due_at", "waited_from", "held_until", "held_by"])
        tell(this, events.RELEASED, message, message.touch)
        this.wake(SEND, lane=message.lane)
    return message


def stop_message(*, practice_id: UUID, message_id: UUID, by: Actor, now: datetime) -> Message:
    """Stop one message for good. Raises `AlreadyLeft` where it is on its way."""
    with act(practice_id, by=by, now=now) as this:
        message = _pending(message_id)
        end_messages(this, [message], Reason.STOPPED, now, events.STOPPED)
    return message


def release_message(*, practice_id: UUID, message_id: UUID, by: Actor, now: datetime) -> Message:
    """Take back a hold: it goes at its own hour again, if it may. Raises `AlreadyLeft`."""
    with act(practice_id, by=by, now=now) as this:
        message = _pending(message_id)
        if message.held_by == STAFF:
            message.held_until, message.held_by = None, ""
            message.save(update_fields=["held_until", "held_by"])
            tell(this, events.RELEASED, message, message.touch)
            this.wake(SEND, lane=message.lane)
    return message


def hand_message(
    *, practice_id: UUID, message_id: UUID, owner_id: UUID | None = None, by: Actor, now: datetime
) -> Message:
    """Let a colleague ring instead, ``owner_id`` where one takes it: the message ends. Raises `AlreadyLeft`."""
    with act(practice_id, by=by, now=now) as this:
        message = _pending(message_id)
        practice = Practice.objects.get(pk=practice_id)
        hand_over(this, practice, [Handing(message, Reason.CALL, owner_id)], now)
    return message


def _pending(message_id: UUID) -> Message:
    rows = Message.objects.select_for_update(of=("self",), no_key=True).select_related("touch")
    try:
        message = rows.get(pk=message_id)
    except Message.DoesNotExist as error:
        raise NoSuchMessage(str(message_id)) from error
    if message.state not in PENDING:
        raise AlreadyLeft(message.state)
    return message
