"""How messages fare: each channel of late, and whether everything that was ever planned is accounted for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from glede.outbox.models import Breaker
from glede.outbox.rules import PENDING, WENT, State
from glede.practices import scope
from glede.practices.models import Practice

LOST = ""
"""The state of a touch that no message tells of: there is none, unless something is broken."""

ALL = "*"  # no state is called so
_GOES = ("sent", "rehearsed", "waits", "leaving", "in_doubt", "not_sent", "call", "failed")
_PART = {
    **dict.fromkeys(WENT, "sent"),
    **dict.fromkeys(PENDING, "waits"),
    State.REHEARSED: "rehearsed",
    State.SENDING: "leaving",
    State.UNKNOWN: "in_doubt",
    State.SKIPPED: "not_sent",
    State.HANDED: "call",
    State.FAILED: "failed",
}


@dataclass(frozen=True, slots=True)
class Balance:
    """Everything planned in the practice's mode, and each part of it once, counted in one look."""

    planned: int
    parts: tuple[tuple[str, int], ...]

    @property
    def told(self) -> int:
        """How many are accounted for."""
        return sum(n for _, n in self.parts)

    @property
    def missing(self) -> int:
        """How many are not, or, below nought, are counted twice."""
        return self.planned - self.told


@dataclass(frozen=True, slots=True)
class Faring:
    """One channel since a moment: what it took, what arrived and failed there, and how long it rests."""

    channel: str
    sent: int
    arrived: int
    failed: int
    in_doubt: int
    rests_until: datetime | None = None
    words: str = ""


def balance(practice_id: UUID) -> Balance:
    """Count what was planned and what became of it, in one statement: nothing can happen between the two sides."""
    with scope.transaction(practice_id), connection.cursor() as cursor:
        live = Practice.objects.get(pk=practice_id).is_live
        cursor.execute(_BALANCE, {"practice": practice_id, "live": live})
        found = dict(cursor.fetchall())
    planned = found.pop(ALL, 0)
    parts = dict.fromkeys(_GOES, 0)
    for state, n in found.items():
        if state != LOST:
            parts[_PART[State(state)]] += n
    return Balance(planned, tuple(parts.items()))


def faring(practice_id: UUID, *, since: datetime, now: datetime) -> list[Faring]:
    """Return how each channel that was used, or that rests, has fared since a moment; in the order of their names."""
    with scope.transaction(practice_id), connection.cursor() as cursor:
        live = Practice.objects.get(pk=practice_id).is_live
        cursor.execute(_FARING, {"practice": practice_id, "live": live, "since": since})
        counted = {row[0]: row[1:] for row in cursor.fetchall()}
        resting = {b.channel: b for b in Breaker.objects.filter(practice_id=practice_id, rests_until__gt=now)}
    found = []
    for channel in sorted({*counted, *resting}):
        sent, arrived, failed, in_doubt = counted.get(channel, (0, 0, 0, 0))
        rest = resting.get(channel)
        until, words = (rest.rests_until, rest.words) if rest else (None, "")
        found.append(Faring(channel, sent, arrived, failed, in_doubt, until, words))
    return found


_BALANCE = """
select '*', count(*) from outbox_touch where practice_id = %(practice)s and live = %(live)s
union all
select coalesce(m.state, ''), count(*)
from outbox_touch t left join outbox_message m on m.practice_id = t.practice_id and m.touch_id = t.id and not exists (
  select 1 from outbox_message later
  where later.practice_id = m.practice_id and later.touch_id = m.touch_id and later.n > m.n)
where t.practice_id = %(practice)s and t.live = %(live)s group by 1
"""
_FARING = """
select channel,
  count(*) filter (where state in ('accepted', 'sent', 'delivered', 'read', 'rehearsed')),
  count(*) filter (where state in ('delivered', 'read')),
  count(*) filter (where state = 'failed'),
  count(*) filter (where state = 'unknown')
from outbox_message
where practice_id = %(practice)s and live = %(live)s and intent_at >= %(since)s and channel <> '' group by channel
"""
