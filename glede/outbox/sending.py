"""One round of sending: claim a batch, call the transport with no transaction open, settle what came of it."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.db import connection

from glede.kernel import clock
from glede.kernel.failpoints import fp
from glede.outbox import limits
from glede.outbox.batches import Batch, Ended, Outgoing, Sent
from glede.outbox.operations.claiming import claim_batch
from glede.outbox.operations.settling import begin, expire_leases, reconcile, settle
from glede.outbox.transports import Outcome, Refused, Session, transport_for
from glede.practices.queries import practice_by_id

SETTLE_EVERY_SECONDS = 2.0
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
    if batch.outgoing:
        if batch.is_live and connection.in_atomic_block:
            raise InsideTransaction("send_due sends live messages outside every transaction")
        for channel, items in groupby(sorted(batch.outgoing, key=attrgetter("channel")), key=attrgetter("channel")):
            _Round(batch, channel, list(items), now).run()
    if not batch.is_live:
        batch.counts["rehearsed"] = batch.counts.pop("accepted", 0)
    return Sent.of(batch.taken, batch.counts)


def _pick_up(practice_id: UUID, now: datetime) -> None:
    """A clock moved by hand has one mover: what still leans on a lease was left by one that was killed."""
    after = now + limits.lease() + timedelta(seconds=1)
    if expire_leases(practice_id=practice_id, now=after):
        reconcile(practice_id=practice_id, now=now)


@dataclass(slots=True)
class _Round:
    """The messages of one channel in one batch, over one connection."""

    batch: Batch
    channel: str
    items: list[Outgoing]
    now: datetime
    started: float = field(default_factory=clock.monotonic)
    unsettled: list[Ended] = field(default_factory=list)
    last: Ended | None = None

    def run(self) -> None:
        """Send one by one; what was not begun goes back to the others."""
        transport = transport_for(self.channel, live=self.batch.is_live)
        margin = timedelta(seconds=transport.deadline_seconds)
        left = list(self.items)
        settled_at = self.started
        with ExitStack() as stack:
            session = self._open(stack)
            while left and session is not None:
                if self.moment() + margin > self.batch.lease_until:
                    break
                item = left.pop(0)
                outcome = self._send_one(session, item)
                if outcome is not None and isinstance(outcome, Refused) and outcome.is_ours:
                    self._give_back(left, _PAUSE)
                    left = []
                if clock.monotonic() - settled_at > SETTLE_EVERY_SECONDS:
                    self._settle()
                    settled_at = clock.monotonic()
        self._give_back(left, _PAUSE if session is None else None)
        self._settle()

    def moment(self) -> datetime:
        """The practice's time at this moment: a real clock runs on while the batch is sent."""
        if not self.batch.is_live:
            return self.now
        return self.now + timedelta(seconds=clock.monotonic() - self.started)

    def _open(self, stack: ExitStack) -> Session | None:
        transport = transport_for(self.channel, live=self.batch.is_live)
        try:
            return stack.enter_context(transport.open(self.batch.practice_id))
        except LookupError:
            return None

    def _send_one(self, session: Session, item: Outgoing) -> Outcome | None:
        """Begin, send, remember. None: the fence has moved, the message belongs to somebody else."""
        is_live = self.batch.is_live
        fp("send.before_begin")
        if not begin(self.batch.practice_id, item, self.last, is_live=is_live, at=self.moment()):
            self.last = None
            return None
        fp("send.after_begun")
        outcome = session.send(item.envelope)
        fp("send.after_accept")
        self.last = Ended(item.message_id, item.fence, outcome, self.moment())
        self.unsettled.append(self.last)
        return outcome

    def _give_back(self, items: list[Outgoing], outcome: Outcome | None) -> None:
        self.unsettled[:0] = [Ended(i.message_id, i.fence, outcome, self.moment()) for i in items]

    def _settle(self) -> None:
        counts: Counter[str] = settle(
            practice_id=self.batch.practice_id,
            ended=self.unsettled,
            is_live=self.batch.is_live,
            is_last_told=self.last is None,
            now=self.moment(),
        )
        self.batch.counts.update(counts)
        self.unsettled, self.last = [], None
