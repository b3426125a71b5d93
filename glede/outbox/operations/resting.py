"""Breakers: a channel that answers badly rests for every worker of its practice, and is tried by one message.

Locks stand between message rows and the ledger's head, as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Literal
from uuid import UUID

from django.db import connection

from glede.kernel.failpoints import guard
from glede.kernel.ref import Ref
from glede.ledger.operations import Act
from glede.outbox import events, limits
from glede.outbox.models import Breaker
from glede.outbox.rules import rest_after
from glede.outbox.transports import Outcome, Refused, Unknown

RESTING = "resting"
"""What holds a message whose channel rests (words.HELD_BY)."""

Answer = Literal["well", "refused", "lost"]


@dataclass(frozen=True, slots=True)
class Call:
    """One call on a channel and what came of it."""

    channel: str
    outcome: Outcome | None

    @property
    def answer(self) -> Answer:
        """How the channel did: a refusal of one message alone is done well."""
        if isinstance(self.outcome, Refused) and self.outcome.is_ours:
            return "refused"
        return "lost" if isinstance(self.outcome, Unknown) else "well"

    @property
    def words(self) -> str:
        """What the other side said, where that was told."""
        return self.outcome.words if isinstance(self.outcome, Refused | Unknown) else ""


def note_calls(this: Act, calls: Sequence[Call]) -> dict[str, datetime]:
    """Count how the channels did, in the order of the calls, and return until when each that rests now does.

    A channel that does well costs one look; what waited for one that does well again is let go.
    """
    if not calls or not guard("breaker"):
        return {}
    by_channel = sorted(calls, key=attrgetter("channel"))
    rows = {row.channel: row for row in Breaker.objects.filter(practice_id=this.practice_id)}
    rests: dict[str, datetime] = {}
    for channel, some in groupby(by_channel, key=attrgetter("channel")):
        known = rows.get(channel)
        in_order = list(some)
        is_calm = known is None or (known.failures == 0 and known.rests_until is None)
        if is_calm and all(call.answer == "well" for call in in_order):
            continue
        row = _count(this, _locked(this, channel), in_order)
        if row.rests_until is not None:
            rests[channel] = row.rests_until
    return rests


def _locked(this: Act, channel: str) -> Breaker:
    Breaker.objects.bulk_create(
        [Breaker(practice_id=this.practice_id, channel=channel, since=this.now)], ignore_conflicts=True
    )
    return Breaker.objects.select_for_update().get(practice_id=this.practice_id, channel=channel)


def _count(this: Act, row: Breaker, calls: Sequence[Call]) -> Breaker:
    rested = row.rests_until is not None
    for call in calls:
        if call.answer == "well":
            row.failures, row.rests_until, row.words = 0, None, ""
            continue
        row.since = row.since if row.failures else this.now
        row.failures, row.words = row.failures + 1, call.words[:300]
        rest = rest_after(row.failures, is_refused=call.answer == "refused")
        row.rests_until = this.now + rest if rest else row.rests_until
    row.save(update_fields=["failures", "since", "rests_until", "words"])
    if rested and row.rests_until is None:
        _tell(this, events.CHANNEL_WOKE, row)
        _let_go(this)
    elif row.rests_until is not None and not rested:
        _tell(this, events.CHANNEL_RESTS, row)
    return row


def _tell(this: Act, kind: str, row: Breaker) -> None:
    subject = Ref("breaker", row.pk)
    this.lock(subject)
    this.record(kind, subject=subject, data={"channel": row.channel})


def _let_go(this: Act) -> None:
    """Let go what waited for a channel that rested; what waits for another one too is held again by the claim."""
    with connection.cursor() as cursor:
        cursor.execute(_LET_GO, [this.practice_id, RESTING])
    this.wake("outbox.send")


# A row that somebody else has under their hand is left to them: its own hold ends soon.
_LET_GO = """
update outbox_message set held_until = null, held_by = '' where id in (
  select id from outbox_message where practice_id = %s and held_by = %s and state in ('planned', 'ready')
  order by id for no key update skip locked)
"""


@dataclass(slots=True)
class Rests:
    """The channels that rest at the moment of a claim, and those of which this claim may try one message."""

    until: dict[str, datetime]
    to_try: set[str]

    def of(self, channel: str) -> datetime | None:
        """Until when a message for this channel waits; None: it may go. The first one of a channel to try may."""
        if channel in self.to_try:
            self.to_try.remove(channel)
            return None
        return self.until.get(channel)


def rests_at(practice_id: UUID, channels: Iterable[str], now: datetime) -> Rests:
    """Which channels rest. Of one whose rest is over this claim alone gets one message to try; others go on waiting."""
    rests = Rests({}, set())
    if not guard("breaker"):
        return rests
    asked = set(channels)
    for row in Breaker.objects.filter(practice_id=practice_id, rests_until__isnull=False, channel__in=asked):
        until = row.rests_until
        if until is not None and until <= now:
            until = now + limits.lease()
            over = Breaker.objects.filter(pk=row.pk, rests_until__lte=now)
            if over.update(rests_until=until):
                rests.to_try.add(row.channel)
        if until is not None:
            rests.until[row.channel] = until
    return rests
