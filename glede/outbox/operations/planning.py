"""Write down what is owed: new touches, changed hours, and those no longer needed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from glede.kernel.actor import Actor
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act
from glede.outbox import events
from glede.outbox.models import Message
from glede.outbox.operations.calling import save_closed
from glede.outbox.operations.telling import tell
from glede.outbox.rules import PENDING, Fate, Reason, State
from glede.outbox.touches import PlannedTouch, TouchKey
from glede.practices.arrays import execute_arrays, fetch_arrays
from glede.practices.models import Practice

AT_ONCE = timedelta(minutes=1)
CHUNK = 500
SEND = "outbox.send"


@dataclass(frozen=True, slots=True)
class Planned:
    """How many touches were new, changed, or left as they were (the same, begun, or final)."""

    added: int = 0
    changed: int = 0
    left: int = 0


def plan_touches(*, practice_id: UUID, touches: Sequence[PlannedTouch], by: Actor, now: datetime) -> Planned:
    """Bring what is owed up to date, by key, in bulk: new touches are added with their first message.

    A touch whose message has not begun takes on the new hour, cut-off and why; one that is begun or final is never
    changed. In live mode a touch that is due already wakes the sender. The key holds the practice's mode, so what
    was rehearsed is planned anew when the practice goes live.
    """
    added = changed = 0
    with act(practice_id, by=by, now=now) as this:
        live = Practice.objects.get(pk=practice_id).is_live
        for start in range(0, len(touches), CHUNK):
            some = touches[start : start + CHUNK]
            new, moved = _upsert(practice_id, some, live=live, now=now)
            added, changed = added + new, changed + moved
        for lane in sorted({str(t.lane) for t in touches if t.due_at <= now + AT_ONCE}):
            this.wake(SEND, lane=lane)
    return Planned(added, changed, len(touches) - added - changed)


def _upsert(practice_id: UUID, touches: Sequence[PlannedTouch], *, live: bool, now: datetime) -> tuple[int, int]:
    # Message rows before touches, as everywhere: whoever claims them now is waited for.
    pending = Message.objects.filter(
        touch__subject_id__in={t.subject.id for t in touches}, touch__live=live, state__in=PENDING
    )
    list(pending.order_by("id").select_for_update(of=("self",), no_key=True).values_list("id", flat=True))
    return write_touches(practice_id, touches, live=live, now=now)


def write_touches(practice_id: UUID, touches: Sequence[PlannedTouch], *, live: bool, now: datetime) -> tuple[int, int]:
    """Write touches down by key with their first messages; return how many were new, and how many changed."""
    rows = [_row(t) for t in touches]
    found = fetch_arrays(_UPSERT, [practice_id, live, now, *(list(c) for c in zip(*rows, strict=True))])
    channels = {_key_of(t.key): t.channel for t in touches}
    new = [r for r in found if r[1]]
    if new:
        firsts = [(new_id(), r[0], r[2], r[3], channels[r[4:]]) for r in new]
        execute_arrays(_FIRST_MESSAGES, [practice_id, live, *(list(c) for c in zip(*firsts, strict=True))])
    moved = [r[0] for r in found if not r[1]]
    if moved:
        execute_arrays(_MOVE_MESSAGES, [practice_id, moved, practice_id, moved])
    return len(new), len(moved)


def _key_of(key: TouchKey) -> tuple[str, str, UUID, int, int]:
    return key.row, key.subject.kind, key.subject.id, key.subject_version, key.occurrence


def _row(touch: PlannedTouch) -> tuple[object, ...]:
    return (
        new_id(), *_key_of(touch.key), touch.journey_version, touch.patient_id, str(touch.purpose), str(touch.lane),
        touch.act, touch.due_at, touch.late_after, touch.answers_at, json.dumps(dict(touch.why), default=str),
    )  # fmt: skip


_UPSERT = """
insert into outbox_touch as t (practice_id, live, planned_at, fate, reason, id, row, subject_kind, subject_id,
  subject_version, occurrence, journey_version, patient_id, purpose, lane, act, due_at, late_after, answers_at, why)
select %b::uuid, %b::boolean, %b::timestamptz, 'open', '', * from unnest(
  %b::uuid[], %b::text[], %b::text[], %b::uuid[], %b::int[], %b::int[], %b::int[], %b::uuid[], %b::text[], %b::text[],
  %b::text[], %b::timestamptz[], %b::timestamptz[], %b::timestamptz[], %b::jsonb[])
on conflict (practice_id, subject_id, row, subject_kind, subject_version, occurrence, live) do update
set due_at = excluded.due_at, late_after = excluded.late_after, answers_at = excluded.answers_at, why = excluded.why,
  lane = excluded.lane, purpose = excluded.purpose, act = excluded.act, journey_version = excluded.journey_version,
  patient_id = excluded.patient_id
where t.fate = 'open'
  and (t.due_at, t.late_after, t.answers_at, t.why, t.lane, t.purpose, t.act, t.journey_version, t.patient_id)
      is distinct from
      (excluded.due_at, excluded.late_after, excluded.answers_at, excluded.why, excluded.lane, excluded.purpose,
       excluded.act, excluded.journey_version, excluded.patient_id)
  and exists (select 1 from outbox_message m where m.practice_id = t.practice_id and m.touch_id = t.id
              and m.n = 1 and m.fence = 0 and m.state in ('planned', 'ready'))
returning t.id, (xmax = 0), t.lane, t.due_at, t.row, t.subject_kind, t.subject_id, t.subject_version, t.occurrence
"""
_FIRST_MESSAGES = """
insert into outbox_message (practice_id, live, id, touch_id, lane, due_at, channel, n, state, reason, held_by, tries,
  fence, language, message_ref, provider_id, in_reply_to, subject_line, body)
select %b::uuid, %b::boolean, w.*, 1, 'planned', '', '', 0, 0, '', '', '', '', '', ''
from unnest(%b::uuid[], %b::uuid[], %b::text[], %b::timestamptz[], %b::text[]) as w
"""
_MOVE_MESSAGES = """
update outbox_message m set due_at = t.due_at, lane = t.lane,
  held_until = case when m.held_by in ('staff', 'first_day') then m.held_until end,
  held_by = case when m.held_by in ('staff', 'first_day') then m.held_by else '' end
from outbox_touch t
where m.practice_id = %b::uuid and m.touch_id = any (%b::uuid[]) and t.practice_id = %b::uuid
  and t.id = any (%b::uuid[]) and t.id = m.touch_id and m.state in ('planned', 'ready')
"""


def skip_touches(
    *,
    practice_id: UUID,
    subject: Ref | None = None,
    keys: Iterable[TouchKey] = (),
    reason: str,
    by: Actor,
    now: datetime,
) -> int:
    """Say that open touches are no longer needed: all of a subject, or those of `keys`. Returns how many.

    What a worker has already taken is left to it: its claim has asked, or its fate is being settled. `reason` is
    a code of `rules.Reason`.
    """
    which = Q(touch__subject_kind=subject.kind, touch__subject_id=subject.id) if subject else _any_of(list(keys))
    if which is None:
        return 0
    with act(practice_id, by=by, now=now) as this:
        rows = Message.objects.filter(which, state__in=PENDING, touch__fate=Fate.OPEN)
        rows = rows.select_for_update(of=("self",), no_key=True).select_related("touch").order_by("id")
        messages = list(rows)
        end_messages(this, messages, Reason(reason), now)
    return len(messages)


def _any_of(keys: Sequence[TouchKey]) -> Q | None:
    found: Q | None = None
    for key in keys:
        one = Q(
            touch__row=key.row,
            touch__subject_kind=key.subject.kind,
            touch__subject_id=key.subject.id,
            touch__subject_version=key.subject_version,
            touch__occurrence=key.occurrence,
        )
        found = one if found is None else found | one
    return found


def end_messages(this: Act, messages: Sequence[Message], reason: Reason, now: datetime, event: str = "") -> None:
    """Close pending messages and their touches as skipped, each with its event."""
    for message in messages:
        message.state, message.reason, message.closed_at = State.SKIPPED, reason, now
        message.held_until, message.held_by = None, ""
        message.touch.fate, message.touch.reason, message.touch.closed_at = Fate.SKIPPED, reason, now
        tell(this, event or events.SKIPPED, message, message.touch, reason=reason.value)
    if messages:
        save_closed(messages)


def end_rehearsal(*, practice_id: UUID, by: Actor, now: datetime) -> int:
    """Let everything still open from rehearsal end as rehearsed, so that live begins with a clean sheet.

    Works in transactions of at most 500 messages and can be run again. Returns how many ended.
    """
    ended = 0
    while True:
        with act(practice_id, by=by, now=now) as this:
            rows = Message.objects.filter(live=False, state__in=PENDING).select_related("touch").order_by("id")
            some = list(rows.select_for_update(of=("self",), no_key=True)[:CHUNK])
            for message in some:
                message.state, message.sent_at, message.closed_at = State.REHEARSED, now, now
                message.held_until, message.held_by = None, ""
                message.touch.fate, message.touch.closed_at = Fate.DONE, now
                tell(this, events.REHEARSED, message, message.touch, reason=Reason.WENT_LIVE.value)
            if some:
                save_closed(some)
        ended += len(some)
        if len(some) < CHUNK:
            return ended
