"""Send: claim a batch, call the transport with no transaction open, settle what came of it.

For each message a *begun* row is committed, with the outcome of the message before, just before its call: whoever
dies leaves at most one message in doubt. While a full batch leaves, the next is claimed and the last settled on
another connection, so that the mail server is never kept waiting for the books.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.db import connection

from glede.kernel import clock
from glede.kernel.failpoints import fp, guard
from glede.kernel.mortal import mortal
from glede.outbox import limits
from glede.outbox.batches import Batch, Ended, Outgoing, Sent
from glede.outbox.operations.claiming import claim_batch
from glede.outbox.operations.reconciling import reconcile
from glede.outbox.operations.settling import begin, expire_leases, settle
from glede.outbox.transports import Refused, Session, transport_for
from glede.practices.queries import practice_by_id

SETTLE_EVERY_SECONDS = 2.0
BOOKS_GIVE_WAY_SECONDS = 0.0005
_PAUSE = Refused(is_permanent=False, words="the channel is closed", is_ours=True)


class InsideTransaction(AssertionError):
    """A live message was about to be sent while a transaction stood open."""


def send_due(practice_id: UUID, *, now: datetime, lane: str | None = None, limit: int = limits.BATCH) -> Sent:
    """Send what is due in one practice, one batch of it, and return the counts; `taken` 0 means nothing was due.

    `now` is the practice's time. Safe to run in any number of workers at once, and to kill at any moment.
    """
    if practice_by_id(practice_id).is_virtual:
        _pick_up(practice_id, now)
    batch = claim_batch(practice_id=practice_id, lane=lane, limit=limit, now=now)
    leaving = _Leaving(batch, now)
    leaving.send()
    batch.counts.update(leaving.settle())
    return _told([batch])


def send_on(practice_id: UUID, *, now: Callable[[], datetime], batches: int, limit: int = limits.BATCH) -> Sent:
    """Send what is due, up to so many batches, best lane first; `taken` full means that there may be more.

    The process ends where it wakes amid a batch whose lease is over: others may have settled it by then.

    While one batch leaves, the one before is settled and the next claimed on a connection of their own.
    """
    first = claim_batch(practice_id=practice_id, lane=None, limit=limit, now=now())
    if first.taken < limit or batches == 1:
        leaving = _Leaving(first, now(), is_mortal=True)
        leaving.send()
        first.counts.update(leaving.settle())
        return _told([first])
    # The books must not keep the sender from the interpreter for long each time an answer comes in.
    usual = sys.getswitchinterval()
    sys.setswitchinterval(BOOKS_GIVE_WAY_SECONDS)
    with ThreadPoolExecutor(1, "outbox-books") as books:
        try:
            return _told(_send_batches(books, first, now, batches, limit))
        finally:
            sys.setswitchinterval(usual)
            books.submit(lambda: connection.close()).result()  # noqa: PLW0108 - each thread has its own


def _send_batches(
    books: ThreadPoolExecutor, first: Batch, now: Callable[[], datetime], batches: int, limit: int
) -> list[Batch]:
    """Send batch after batch. The last outcome of one is told as the first of the next begins, never later."""

    def claim() -> Batch:
        return claim_batch(practice_id=first.practice_id, lane=None, limit=limit, now=now())

    done: list[Batch] = []
    settled: list[tuple[Batch, Future[Counter[str]]]] = []
    batch, last = first, None
    try:
        while True:
            is_more = len(done) + 1 < batches and batch.taken == limit
            upcoming = books.submit(claim) if is_more else None
            leaving = _Leaving(batch, now(), last=last, is_mortal=True)
            leaving.send()
            done.append(batch)
            if upcoming is None:
                batch.counts.update(leaving.settle())
                return done
            batch = upcoming.result()
            is_told = not batch.outgoing
            settled.append((leaving.batch, books.submit(leaving.settle, tells_last=is_told)))
            last = None if is_told else leaving.last
    finally:
        for one, counts in settled:
            one.counts.update(counts.result())


def has_stopped(practice_id: UUID) -> bool:
    """Whether the practice has stopped everything. Asked before each batch: what is leaving leaves, nothing more."""
    return guard("stop") and practice_by_id(practice_id).stopped_at is not None


def _told(batches: list[Batch]) -> Sent:
    counts: Counter[str] = Counter()
    for batch in batches:
        counts.update(batch.counts)
    if batches and not batches[0].is_live:
        counts["rehearsed"] = counts.pop("accepted", 0)
    return Sent.of(sum(b.taken for b in batches), counts)


def _pick_up(practice_id: UUID, now: datetime) -> None:
    """A clock moved by hand has one mover: what still leans on a lease was left by one that was killed."""
    if expire_leases(practice_id=practice_id, now=now, over=now + limits.lease() + timedelta(seconds=1)):
        reconcile(practice_id=practice_id, now=now)


@dataclass(slots=True)
class _Leaving:
    """One batch on its way, channel by channel. `last` is the outcome that no row tells yet.

    `is_mortal`: this process has one sender, and does not outlive its lease.
    """

    batch: Batch
    now: datetime
    last: Ended | None = None
    is_mortal: bool = False
    started: float = field(default_factory=clock.monotonic)
    ended: list[Ended] = field(default_factory=list)
    settled_at: float = 0.0

    def send(self) -> None:
        """Send one by one over one connection a channel; what was not begun goes back to the others."""
        items = sorted(self.batch.outgoing, key=attrgetter("channel"))
        if items and self.batch.is_live and connection.in_atomic_block:
            raise InsideTransaction("live messages leave outside every transaction")
        if items and self.batch.is_live and has_stopped(self.batch.practice_id):
            self._give_back(items, None)  # taken beside the batch during which everything was stopped
            return
        self.settled_at = self.started
        lease = (self.batch.lease_until - self.moment()).total_seconds() if self.is_mortal else 0.0
        with mortal(lease):
            for channel, some in groupby(items, key=attrgetter("channel")):
                self._send_channel(channel, list(some))

    def moment(self) -> datetime:
        """The practice's time at this moment: a real clock runs on while the batch is sent."""
        if not self.batch.is_live:
            return self.now
        return self.now + timedelta(seconds=clock.monotonic() - self.started)

    def settle(self, *, tells_last: bool = True) -> Counter[str]:
        """Write what came of the batch; `tells_last` where no message follows whose beginning tells the last one."""
        counts = settle(
            practice_id=self.batch.practice_id,
            ended=self.ended,
            untold=self.last if tells_last else None,
            is_live=self.batch.is_live,
            now=self.moment(),
        )
        self.ended = []
        return counts

    def _send_channel(self, channel: str, left: list[Outgoing]) -> None:
        transport = transport_for(channel, live=self.batch.is_live)
        margin = timedelta(seconds=transport.deadline_seconds)
        with ExitStack() as stack:
            try:
                session = stack.enter_context(transport.open(self.batch.practice_id))
            except LookupError:
                self._give_back(left, _PAUSE)
                return
            while left and self._has_time(margin):
                if self._is_closed_after(session, left.pop(0), margin):
                    self._give_back(left, _PAUSE)
                    return
                self._settle_now_and_then()
        self._give_back(left, None)

    def _has_time(self, margin: timedelta) -> bool:
        """Whether a whole call, answer and all, still fits in the lease."""
        return self.moment() + margin <= self.batch.lease_until

    def _is_closed_after(self, session: Session, item: Outgoing, margin: timedelta) -> bool:
        """Begin, send, remember; True where the channel takes nothing more for now."""
        fp("send.before_begin")
        session.prepare(item.envelope)
        if not begin(self.batch.practice_id, item, self.last, is_live=self.batch.is_live, at=self.moment()):
            session.forget()
            self.last = None
            return False
        fp("send.after_begun")
        # Whoever slept since must not call: others have seen the lease end, and may have settled it by now.
        if not self._has_time(margin) and guard("awake"):
            session.forget()
            self.last = None
            self._give_back([item], None)
            return False
        outcome = session.send(item.envelope)
        fp("send.after_accept")
        self.last = Ended(item.message_id, item.fence, outcome, self.moment(), item.channel, was_called=True)
        self.ended.append(self.last)
        return isinstance(outcome, Refused) and outcome.is_ours

    def _settle_now_and_then(self) -> None:
        if clock.monotonic() - self.settled_at > SETTLE_EVERY_SECONDS:
            self.batch.counts.update(self.settle())
            self.last = None
            self.settled_at = clock.monotonic()

    def _give_back(self, items: list[Outgoing], outcome: Refused | None) -> None:
        self.ended += [Ended(i.message_id, i.fence, outcome, self.moment(), i.channel) for i in items]
