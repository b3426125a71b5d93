"""Messages whose outcome nobody saw: settled by the class of their channel, or handed to a colleague."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from glede.kernel.actor import SYSTEM
from glede.ledger.operations import Act, act
from glede.outbox import limits
from glede.outbox.models import Attempt, Message
from glede.outbox.operations.calling import Handing, hand_over
from glede.outbox.operations.settling import Key, accept, recorded, save
from glede.outbox.rules import Doubt, Reason, Resolution, State, resolve
from glede.outbox.transports import Capabilities, transport_for
from glede.practices.models import Practice

_NOTHING = Capabilities(Resolution.NOTHING)


def reconcile(*, practice_id: UUID, now: datetime, looked_up: Collection[str] = (), limit: int = 500) -> Counter[str]:
    """Settle messages whose outcome nobody saw, each by the class of its channel; return how many by new state.

    `now` is real time, from before the look-ups began; `looked_up` are the channels whose provider has shown since
    all that it took. What it showed was taken by `take_report` already, so what is still unknown was not there.
    """
    counts: Counter[str] = Counter()
    with act(practice_id, by=SYSTEM, now=now) as this:
        rows = Message.objects.select_for_update(of=("self",), no_key=True, skip_locked=True).select_related("touch")
        doubtful = list(rows.filter(state=State.UNKNOWN).order_by("intent_at", "id")[:limit])
        if not doubtful:
            return counts
        begun, told = recorded(doubtful)
        handings: list[Message] = []
        settled: list[Message] = []
        for message in doubtful:
            yes = _yes(message, told.values())
            first, last = _called_between(message, begun, told, now)
            can, deadline = _capabilities(message)
            doubt = Doubt(
                resolution=can.resolution,
                age=now - last,
                horizon=max(limits.horizon(), deadline + can.late_by),
                key_age=now - first,
                key_lives=can.key_lives,
                seen_accepted=yes is not None,
                was_looked_up=message.channel in looked_up,
            )
            to = resolve(doubt)
            counts[to.value] += to is not State.UNKNOWN
            if to is State.HANDED:
                handings.append(message)
            elif to is not State.UNKNOWN:
                _settle(this, message, yes, can.resolution)
                settled.append(message)
        save(settled)
        practice = Practice.objects.get(pk=practice_id)
        hand_over(this, practice, [Handing(message, Reason.IN_DOUBT) for message in handings], now)
    return counts


def _settle(this: Act, message: Message, yes: Attempt | None, resolution: Resolution) -> None:
    if yes is not None:
        accept(this, message, yes.provider_id, this.now)
        return
    message.state = State.READY
    if resolution is Resolution.LOOK_UP:
        message.doubted_at = None  # the provider has never had it


def _yes(message: Message, told: Collection[Attempt]) -> Attempt | None:
    """Our own record of a yes, written down by a worker after its lease was over."""
    taken = {State.ACCEPTED, State.REHEARSED}
    return next((a for a in told if a.message_id == message.id and a.outcome in taken), None)


def _called_between(
    message: Message, begun: Mapping[Key, datetime], told: Mapping[Key, Attempt], now: datetime
) -> tuple[datetime, datetime]:
    """The earliest and the latest moment at which a call may have been made for a message.

    Whoever fell silent may have called until the end of the lease, and no longer.
    """
    calls = {key: at for key, at in begun.items() if key[0] == message.id}
    ends = [told[key].at if key in told else at + limits.lease() for key, at in calls.items()]
    known = message.doubted_at or message.intent_at or now
    return min([known, *calls.values()]), max(ends, default=message.intent_at or now)


def _capabilities(message: Message) -> tuple[Capabilities, timedelta]:
    """What the way a message went can do now, and how long one call may take on it."""
    try:
        transport = transport_for(message.channel, live=message.live)
    except KeyError:
        return _NOTHING, timedelta(0)
    return transport.capabilities(message.practice_id), timedelta(seconds=transport.deadline_seconds)
