"""What a provider tells later of a message: on its way, arrived, not arrived. In any order, any number of times."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from glede.kernel.actor import Actor
from glede.ledger.operations import Act, act
from glede.outbox import events
from glede.outbox.models import Attempt, Message
from glede.outbox.operations.calling import go_on
from glede.outbox.operations.desk import NoSuchMessage
from glede.outbox.operations.telling import tell
from glede.outbox.rules import PENDING, WENT, Fate, Reason, State, later_state
from glede.practices.models import Practice
from glede.promises.operations import NoSuchPromise, withdraw_promise

_EVENTS = {State.SENT: events.SENT, State.DELIVERED: events.DELIVERED, State.READ: events.READ}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a provider says of one message it took. `reason` is a code of `rules.Reason` where it failed.

    `price` is what it cost, in units of `currency` (ISO 4217), once the provider tells it.
    """

    state: State
    provider_id: str
    reason: str = ""
    words: str = ""
    price: Decimal | None = None
    currency: str = ""


def take_report(*, practice_id: UUID, message_id: UUID, report: Report, by: Actor, now: datetime) -> bool:
    """Bring a message to where its provider says it is, never back; return whether anything was news.

    What failed after all is followed by the same channel later, the next one, or a call. A report that comes before
    our own outcome, or while nobody knows one, settles it. Raises `NoSuchMessage`.
    """
    with act(practice_id, by=by, now=now) as this:
        rows = Message.objects.select_for_update(of=("self",), no_key=True).select_related("touch")
        message = rows.filter(practice_id=practice_id, pk=message_id, live=True, fence__gte=1).first()
        if message is None:
            raise NoSuchMessage(str(message_id))
        if message.provider_id and message.provider_id != report.provider_id:
            return False  # another sending than the one this row stands for
        is_priced = _note_price(message, report)
        if not _is_news(message, report):
            return is_priced
        before = _known(message)
        to = later_state(before, report.state)
        _write_down(message, report, now)
        if to is not before:
            _move(this, message, before, to, report)
        elif before is State.HANDED and report.state in WENT:
            _call_is_not_needed(message, by=by, now=now)
    return True


def _known(message: Message) -> State:
    """Where a message stands for its provider: one that waits to be repeated is in doubt."""
    state = State(message.state)
    return State.UNKNOWN if state in PENDING and message.doubted_at is not None else state


def _is_news(message: Message, report: Report) -> bool:
    told = Attempt.objects.filter(message_id=message.pk, kind="report", provider_id=report.provider_id)
    return not told.filter(outcome=report.state, reason=report.reason).exists()


def _write_down(message: Message, report: Report, now: datetime) -> None:
    Attempt.objects.create(
        practice_id=message.practice_id, message_id=message.pk, kind="report", fence=message.fence, at=now,
        outcome=report.state, reason=report.reason, provider_id=report.provider_id,
        words=report.words[:300] if message.body else "",  # a sent message without words is of somebody forgotten
    )  # fmt: skip


def _note_price(message: Message, report: Report) -> bool:
    if report.price is None or message.price is not None:
        return False
    message.price, message.price_currency = report.price, report.currency
    message.save(update_fields=["price", "price_currency"])
    return True


def _move(this: Act, message: Message, before: State, to: State, report: Report) -> None:
    if before in {State.SENDING, State.UNKNOWN} and to in WENT:
        message.sent_at = message.closed_at = this.now
        message.touch.fate, message.touch.reason, message.touch.closed_at = Fate.DONE, "", this.now
        message.touch.save(update_fields=["fate", "reason", "closed_at"])
        tell(this, events.ACCEPTED, message, message.touch)
    message.state, message.lease_until = to, None
    message.held_until, message.held_by = None, ""
    message.provider_id = message.provider_id or report.provider_id
    if to is State.FAILED:
        message.reason, message.closed_at = report.reason or Reason.REFUSED, this.now
        tell(this, events.FAILED, message, message.touch, reason=str(message.reason))
    elif to in _EVENTS:
        tell(this, _EVENTS[to], message, message.touch)
    fields = ["state", "reason", "lease_until", "held_until", "held_by", "sent_at", "closed_at", "provider_id"]
    message.save(update_fields=fields)
    if to is State.FAILED:
        go_on(this, Practice.objects.get(pk=this.practice_id), [message], this.now)
        this.wake("journeys.follow")


def _call_is_not_needed(message: Message, *, by: Actor, now: datetime) -> None:
    """A colleague was to ring because nobody could say whether it arrived: now somebody can."""
    if message.reason == Reason.IN_DOUBT and message.promise_id is not None:
        with suppress(NoSuchPromise):
            withdraw_promise(
                practice_id=message.practice_id, promise_id=message.promise_id, reason="arrived", by=by, now=now
            )
