"""What is due at a moment and what next, for clocks that are moved by hand."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from glede.outbox.rules import LANES
from glede.practices import scope


@dataclass(frozen=True, slots=True)
class Due:
    """Whether the sender has something to do at a moment, and when it has next after it."""

    is_now: bool
    next_at: datetime | None


def due_at(practice_id: UUID, *, at: datetime) -> Due:
    """Return what a practice in rehearsal has due: one look at the index a lane, however much is planned.

    What leans on a lease is due too: a clock moved by hand has one mover, so whoever took it was killed.
    """
    given: dict[str, Any] = {"practice": practice_id, "at": at, "lanes": [str(lane) for lane in LANES]}
    with scope.transaction(practice_id), connection.cursor() as cursor:
        cursor.execute(_DUE, given)
        is_now, next_at = cursor.fetchone()
    return Due(bool(is_now), next_at)


def tally(practice_id: UUID) -> tuple[int, int, int, int]:
    """Return how many touches a rehearsal planned, messages it rehearsed, messages that wait, touches it skipped."""
    with scope.transaction(practice_id), connection.cursor() as cursor:
        cursor.execute(_TALLY, {"practice": practice_id})
        planned, rehearsed, held, skipped = cursor.fetchone()
    return planned, rehearsed, held, skipped


_TALLY = """
select t.planned, m.rehearsed, m.held, t.skipped
from (select count(*) as planned, count(*) filter (where fate = 'skipped') as skipped
      from outbox_touch where practice_id = %(practice)s and not live) as t,
     (select count(*) filter (where state = 'rehearsed') as rehearsed,
             count(*) filter (where state in ('planned', 'ready') and held_until is not null) as held
      from outbox_message where practice_id = %(practice)s and not live) as m
"""
_DUE = """
select bool_or(l.is_now) or exists (
    select 1 from outbox_message where practice_id = %(practice)s and state = 'sending' and not live), min(l.next_at)
from unnest(%(lanes)s::text[]) as lanes (lane), lateral (
  select
    exists (select 1 from outbox_message m
            where m.practice_id = %(practice)s and not m.live and m.lane = lanes.lane
              and m.state in ('planned', 'ready') and m.due_at <= %(at)s
              and (m.held_until is null or m.held_until <= %(at)s)) as is_now,
    least((select m.due_at from outbox_message m
           where m.practice_id = %(practice)s and not m.live and m.lane = lanes.lane
             and m.state in ('planned', 'ready') and m.due_at > %(at)s
           order by m.due_at limit 1),
          (select min(m.held_until) from outbox_message m
           where m.practice_id = %(practice)s and not m.live and m.lane = lanes.lane
             and m.state in ('planned', 'ready') and m.due_at <= %(at)s and m.held_until > %(at)s)) as next_at
) as l
"""
