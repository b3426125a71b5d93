"""After the call: what came of each message, under the fence, and taking over from workers that went silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.db import connection

from glede.kernel.actor import SYSTEM
from glede.kernel.failpoints import fp, guard
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act
from glede.outbox import beginning, events
from glede.outbox.batches import Ended, Outgoing
from glede.outbox.models import Attempt, Message
from glede.outbox.operations.calling import Handing, go_on, hand_over
from glede.outbox.operations.resting import RESTING, Call, note_calls
from glede.outbox.operations.telling import About, record, tell
from glede.outbox.rules import LANES, TRIES, Fate, Lane, Reason, State, after_lease, back_off
from glede.outbox.transports import Accepted, Outcome, Refused, Unknown
from glede.practices import scope
from glede.practices.models import Practice

Key = tuple[UUID, int]
"""A message and the fence of one try."""


def begin(practice_id: UUID, item: Outgoing, before: Ended | None, *, is_live: bool, at: datetime) -> bool:
    """Commit that the call for `item` begins, under its fence, with the outcome of the message before it.

    False: the lease has passed to somebody else, and this message must not be sent. The share lock makes
    whoever takes the lease away wait for this commit, or this commit see that it is gone.
    """
    told = _told(before, is_live=is_live)
    values: list[beginning.Value] = [
        practice_id, item.message_id, item.fence, at, new_id(), not guard("fence"), new_id(),
        before.message_id if before else None, before.fence if before else 0, before.at if before else at, *told,
    ]  # fmt: skip
    # Outside every transaction the function is one of its own; inside one (a test's) the scope must be put back.
    is_alone = not connection.in_atomic_block
    with nullcontext() if is_alone else scope.transaction(practice_id):
        connection.ensure_connection()
        return beginning.call(connection.connection, values, is_alone=is_alone)


def _told(before: Ended | None, *, is_live: bool) -> tuple[str, str, str, str]:
    """An outcome as an attempt's state, reason, provider id and words."""
    match before.outcome if before else None:
        case Accepted(provider_id):
            return (State.ACCEPTED if is_live else State.REHEARSED), "", provider_id, ""
        case Refused(permanent, reason, words):
            return (State.FAILED if permanent else State.READY), reason, "", words
        case Unknown(words):
            return State.UNKNOWN, "", "", words
        case _:
            return "", "", "", ""


def settle(
    *, practice_id: UUID, ended: Sequence[Ended], untold: Ended | None, is_live: bool, now: datetime
) -> Counter[str]:
    """Bring the rows of a batch to where its outcomes say, and record it; only what the fence still allows.

    `untold` is the outcome that no `begin` after it has written down. Counts by outcome are returned.
    """
    counts: Counter[str] = Counter()
    if not ended and untold is None:
        return counts
    with act(practice_id, by=SYSTEM, now=now) as this:
        if untold is not None:
            _tell_attempt(practice_id, untold, is_live=is_live)
        yes = [e for e in ended if isinstance(e.outcome, Accepted)]
        others = {e.message_id: e for e in ended if not isinstance(e.outcome, Accepted)}
        counts["accepted"] += _accept_all(this, yes, is_live=is_live)
        held = [m for m in _locked(others) if _is_ours(m, others[m.id])] if others else []
        rests = note_calls(this, [Call(e.channel, e.outcome) for e in ended if e.was_called]) if is_live else {}
        if held:
            _apply(this, held, {m.id: others[m.id] for m in held}, rests, counts)
        fp("settle.before_commit")
    return counts


# The ids are named once more as an array, so that rows are found by them however little is known of the tables.
_ACCEPT = """
update outbox_message m set state = %s, sent_at = w.at, closed_at = w.at, provider_id = w.provider, lease_until = null
from unnest(%s::uuid[], %s::int[], %s::timestamptz[], %s::text[]) as w (id, fence, at, provider)
where m.practice_id = %s and m.id = any (%s) and m.id = w.id and (m.state = 'sending' and m.fence = w.fence or %s)
returning m.touch_id, m.id, m.n, m.channel
"""
_DONE = """
update outbox_touch t set fate = 'done', reason = '', closed_at = %s where t.practice_id = %s and t.id = any (%s)
returning t.id, t.row, t.purpose, t.subject_kind, t.subject_id, t.patient_id
"""


def _accept_all(this: Act, ended: Sequence[Ended], *, is_live: bool) -> int:
    """The usual end, in two statements however many; what the fence no longer allows stays as it is."""
    if not ended:
        return 0
    state, event = (State.ACCEPTED, events.ACCEPTED) if is_live else (State.REHEARSED, events.REHEARSED)
    rows = [(e.message_id, e.fence, e.at, _told(e, is_live=is_live)[2]) for e in ended]
    with connection.cursor() as cursor:
        columns = [list(column) for column in zip(*rows, strict=True)]
        cursor.execute(_ACCEPT, [state.value, *columns, this.practice_id, columns[0], not guard("fence")])
        found = {touch_id: rest for touch_id, *rest in cursor.fetchall()}
        cursor.execute(_DONE, [this.now, this.practice_id, list(found)])
        closed = sorted(cursor.fetchall())
    for touch_id, row, purpose, kind, subject_id, patient_id in closed:
        message_id, n, channel = found[touch_id]
        told = About(touch_id, row, purpose, Ref(kind, subject_id), channel, n)
        record(this, event, message_id, patient_id, told)
    return len(found)


def _is_ours(message: Message, ended: Ended) -> bool:
    if not guard("fence"):
        return message.state in {State.SENDING, State.READY, State.UNKNOWN}
    return message.state == State.SENDING and message.fence == ended.fence


def _locked(ids: Mapping[UUID, object]) -> list[Message]:
    rows = Message.objects.select_for_update(of=("self",), no_key=True).select_related("touch")
    return list(rows.filter(pk__in=list(ids)).order_by("id"))


def _tell_attempt(practice_id: UUID, ended: Ended, *, is_live: bool) -> None:
    state, reason, provider, words = _told(ended, is_live=is_live)
    Attempt.objects.create(
        practice_id=practice_id, message_id=ended.message_id, kind="outcome", fence=ended.fence, at=ended.at,
        outcome=state, reason=reason, provider_id=provider, words=words,
    )  # fmt: skip


def _apply(
    this: Act,
    messages: Sequence[Message],
    ended: Mapping[UUID, Ended],
    rests: Mapping[str, datetime],
    counts: Counter[str],
) -> None:
    """Bring locked messages to where their outcomes say. What may already have come goes no other way."""
    practice, now = Practice.objects.get(pk=this.practice_id), this.now
    failed: list[Message] = []
    doubtful: list[Message] = []
    for message in messages:
        one, message.lease_until = ended[message.id], None
        match one.outcome:
            case Accepted(provider_id):
                accept(this, message, provider_id, now)
            case Refused(permanent, reason):
                message.tries += one.was_called
                if not permanent and message.tries < TRIES:
                    _wait(message, one.outcome, rests.get(one.channel), now)
                elif message.doubted_at is not None and guard("doubt"):
                    message.state = State.READY  # until it is handed over, a few lines on
                    doubtful.append(message)
                else:
                    _fail(this, message, reason if permanent else Reason.TOO_MANY_TRIES, now)
                    failed.append(message)
            case Unknown():
                message.state = State.UNKNOWN
                message.doubted_at = message.doubted_at or message.intent_at
                tell(this, events.UNKNOWN, message, message.touch)
            case None:
                message.state = State.READY
        counts[_COUNTED[one.outcome.__class__]] += 1
    counts["failed"] += len(failed)
    save(messages)
    go_on(this, practice, failed, now)
    hand_over(this, practice, [Handing(message, Reason.IN_DOUBT) for message in doubtful], now)


def _wait(message: Message, refused: Refused, rests_until: datetime | None, now: datetime) -> None:
    """Let a message wait for its channel, or, where the no was about it alone, a while by itself."""
    message.state = State.READY
    if refused.is_ours and rests_until is not None:
        message.held_until, message.held_by = rests_until, RESTING
    else:
        message.due_at = now + back_off(message.tries)


_COUNTED = {Accepted: "accepted", Refused: "refused", Unknown: "unknown", type(None): "released"}


def accept(this: Act, message: Message, provider_id: str, now: datetime) -> None:
    """Let a locked message be sent and its touch done; ``save`` writes it."""
    message.state = State.ACCEPTED if message.live else State.REHEARSED
    message.sent_at = message.closed_at = now
    message.provider_id = provider_id
    message.touch.fate, message.touch.reason, message.touch.closed_at = Fate.DONE, "", now
    tell(this, events.ACCEPTED if message.live else events.REHEARSED, message, message.touch)


def _fail(this: Act, message: Message, reason: str, now: datetime) -> None:
    message.state, message.reason, message.closed_at = State.FAILED, reason or Reason.REFUSED, now
    tell(this, events.FAILED, message, message.touch, reason=message.reason)


def save(messages: Sequence[Message]) -> None:
    """Write what became of messages of one practice: two statements for a whole batch, however long."""
    if not messages:
        return
    rows = [
        (
            m.id, str(m.state), str(m.reason), m.due_at, m.fence, m.tries, m.sent_at, m.closed_at, m.provider_id,
            m.held_until, m.held_by, m.lost, m.doubted_at,
        )
        for m in messages
    ]  # fmt: skip
    touches = [(m.touch_id, str(m.touch.fate), m.touch.closed_at) for m in messages if m.touch.fate == Fate.DONE]
    with connection.cursor() as cursor:
        columns = [list(c) for c in zip(*rows, strict=True)]
        cursor.execute(_SAVE, [*columns, messages[0].practice_id, columns[0]])
        if touches:
            columns = [list(c) for c in zip(*touches, strict=True)]
            cursor.execute(_SAVE_TOUCHES, [*columns, messages[0].practice_id, columns[0]])


_SAVE = """
update outbox_message m set state = w.state, reason = w.reason, due_at = w.due, fence = w.fence, tries = w.tries,
  lease_until = null, sent_at = w.sent, closed_at = w.closed, provider_id = w.provider, held_until = w.held,
  held_by = w.held_by, lost = w.lost, doubted_at = w.doubted
from unnest(%s::uuid[], %s::text[], %s::text[], %s::timestamptz[], %s::int[], %s::int[], %s::timestamptz[],
            %s::timestamptz[], %s::text[], %s::timestamptz[], %s::text[], %s::int[], %s::timestamptz[])
  as w (id, state, reason, due, fence, tries, sent, closed, provider, held, held_by, lost, doubted)
where m.practice_id = %s and m.id = any (%s) and m.id = w.id
"""
_SAVE_TOUCHES = """
update outbox_touch t set fate = w.fate, reason = '', closed_at = w.closed
from unnest(%s::uuid[], %s::text[], %s::timestamptz[]) as w (id, fate, closed)
where t.practice_id = %s and t.id = any (%s) and t.id = w.id
"""


def expire_leases(*, practice_id: UUID, now: datetime, over: datetime | None = None, limit: int = 500) -> int:
    """Take messages from workers that went silent: begun ones are in doubt, the others ready again.

    `now` is real time; where a clock is moved by hand it is that clock's, and leases count as over that end before
    `over`. Returns how many were taken. What the silent worker did manage to record counts.
    """
    if not guard("lease"):
        return 0
    with act(practice_id, by=SYSTEM, now=now) as this:
        rows = Message.objects.select_for_update(of=("self",), no_key=True, skip_locked=True).select_related("touch")
        stale = list(
            rows.filter(state=State.SENDING, lease_until__lt=over or now).order_by("lease_until", "id")[:limit]
        )
        if not stale:
            return 0
        begun, told = recorded(stale)
        suspects = _suspects(stale, begun, told)
        ended: dict[UUID, Ended] = {}
        for message in stale:
            key = (message.id, message.fence)
            outcome = _after_lease(begun=key in begun, attempt=told.get(key))
            ended[message.id] = Ended(message.id, message.fence, outcome, now, message.channel, was_called=key in begun)
            message.lost += message.id in suspects
            message.fence += 1
        _apply(this, stale, ended, {}, Counter())
    return len(stale)


def _suspects(stale: Sequence[Message], begun: Collection[Key], told: Collection[Key]) -> set[UUID]:
    """At which messages their worker may have died: the one under way, and of those not begun the first of its batch.

    A batch is what one claim took, in the order in which it leaves. The others have broken nobody.
    """
    found: set[UUID] = set()
    for _, batch in groupby(sorted(stale, key=_place), key=attrgetter("lease_until", "intent_at")):
        silent = [m for m in batch if (m.id, m.fence) not in told]
        found.update(m.id for m in silent if (m.id, m.fence) in begun)
        found.update(m.id for m in [m for m in silent if (m.id, m.fence) not in begun][:1])
    return found


def _place(message: Message) -> tuple[object, ...]:
    order = LANES.index(Lane(message.lane)), message.due_at, message.id
    return message.lease_until, message.intent_at, message.channel, *order


def recorded(messages: Sequence[Message]) -> tuple[dict[Key, datetime], dict[Key, Attempt]]:
    """When the calls of these messages began, and what was told of them, each by message and fence."""
    tried = Attempt.objects.filter(message_id__in=[m.id for m in messages], kind__in=["begun", "outcome"])
    begun: dict[Key, datetime] = {}
    told: dict[Key, Attempt] = {}
    for attempt in tried.order_by("id"):
        key = (attempt.message_id, attempt.fence)
        if attempt.kind == "begun":
            begun[key] = attempt.at
        else:
            told[key] = attempt
    return begun, told


def _after_lease(*, begun: bool, attempt: Attempt | None) -> Outcome | None:
    """The outcome of a message whose worker went silent, from what it had committed."""
    if attempt is not None and attempt.outcome in {State.FAILED, State.READY}:
        return Refused(attempt.outcome == State.FAILED, attempt.reason, attempt.words)
    match after_lease(begun=begun, outcome=attempt.outcome if attempt else ""):
        case State.READY:
            return None
        case State.UNKNOWN:
            return Unknown("the worker went silent")
        case _:
            return Accepted(attempt.provider_id if attempt else "")


__all__ = ["accept", "begin", "expire_leases", "recorded", "save", "settle"]
