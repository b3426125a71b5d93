"""After a return to a backup: what left since must not leave again, and what may have left goes to a colleague.

A backup is a time machine for the outbox: messages sent since would be due once more. What the newer database
still tells is taken over as it happened; where it tells nothing, everything due meanwhile is in doubt, and in doubt a
person rings (docs/backup.md).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from glede.kernel.actor import Actor
from glede.kernel.failpoints import guard
from glede.ledger.operations import Act, act
from glede.outbox import events
from glede.outbox.models import Attempt, Message, Touch
from glede.outbox.operations.calling import Handing, hand_over, save_closed
from glede.outbox.operations.planning import end_messages
from glede.outbox.operations.telling import tell
from glede.outbox.rules import NOT_FINAL, PENDING, WENT, Fate, Reason, State, calls_when_unreachable
from glede.practices.models import Practice
from glede.promises.models import Promise

CHUNK = 400
_KEY = ("row", "subject_kind", "subject_id", "subject_version", "occurrence", "live")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Twin:
    """A touch as the newer database tells it: its row, its last message, every attempt; each as a row in JSON."""

    touch: Row
    message: Row
    attempts: Sequence[Row]
    was_begun: bool

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it the same touch in both databases."""
        return tuple(str(self.touch[name]) for name in _KEY)

    @property
    def patient_id(self) -> UUID:
        """Whom it is owed to."""
        return UUID(self.touch["patient_id"])

    @property
    def subject_id(self) -> UUID:
        """What it is about."""
        return UUID(self.touch["subject_id"])

    @property
    def outcome(self) -> str:
        """What became of it: went, doubt, handed or stopped; empty where it has surely not left."""
        state, fate = self.message["state"], self.touch["fate"]
        if state in WENT:
            return "went"
        if state == State.UNKNOWN or (state == State.SENDING and self.was_begun):
            return "doubt"
        if fate == Fate.HANDED or state == State.HANDED:
            return "handed"
        return "stopped" if self.touch["reason"] == Reason.STOPPED else ""


def take_over_fates(*, practice_id: UUID, twins: Iterable[Twin], by: Actor, now: datetime) -> Counter[str]:
    """Let what the newer database tells count here: sent is sent, in doubt and handed over are a colleague's.

    Touches that the backup does not know are added, so that a later plan finds them done. Returns counts by
    outcome. Works in transactions of at most 400 touches and can be run again.
    """
    counts: Counter[str] = Counter()
    if not guard("restored"):
        return counts
    telling = iter([twin for twin in twins if twin.outcome])
    while some := list(islice(telling, CHUNK)):
        with act(practice_id, by=by, now=now) as this:
            _add_missing(practice_id, some)
            standing = _standing([twin.key for twin in some])
            pairs = [(standing[twin.key], twin) for twin in some if twin.key in standing]
            counts.update(twin.outcome for _, twin in pairs)
            _went(this, [pair for pair in pairs if pair[1].outcome == "went"])
            _stop(this, [message for message, twin in pairs if twin.outcome == "stopped"], Reason.STOPPED)
            promised = _with_promise([pair for pair in pairs if pair[1].outcome == "handed"])
            _stand_handed(this, promised)
            rung = [(m, t) for m, t in pairs if t.outcome in {"doubt", "handed"} and m.promise_id is None]
            _hand(this, [(m, _why_handed(t)) for m, t in rung])
    return counts


def doubt_what_was_due(*, practice_id: UUID, until: datetime, by: Actor, now: datetime) -> Counter[str]:
    """Give everything that may have left until ``until`` to a colleague; nothing of it is sent again.

    For a backup whose newer database cannot be read. Marketing and acknowledgements end as skipped: nobody is rung
    about those. Works in transactions of at most 400 messages and can be run again.
    """
    counts: Counter[str] = Counter()
    while guard("restored"):
        with act(practice_id, by=by, now=now) as this:
            some = _maybe_left(practice_id, until)
            rung = [m for m in some if calls_when_unreachable(m.lane)]
            _stop(this, [m for m in some if not calls_when_unreachable(m.lane)], Reason.IN_DOUBT)
            _hand(this, [(m, Reason.IN_DOUBT) for m in rung])
        counts["doubt"] += len(some)
        if len(some) < CHUNK:
            break
    return counts


def _maybe_left(practice_id: UUID, until: datetime) -> list[Message]:
    live = Practice.objects.get(pk=practice_id).is_live
    rows = Message.objects.select_for_update(of=("self",), no_key=True).select_related("touch").order_by("id")
    rows = rows.filter(live=live, touch__act="message", state__in=NOT_FINAL)
    return list(rows.exclude(state__in=PENDING, due_at__gt=until)[:CHUNK])


def _standing(keys: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], Message]:
    """Return the unfinished message of each touch, locked."""
    subjects = {key[2] for key in keys}
    rows = Message.objects.select_for_update(of=("self",), no_key=True).select_related("touch").order_by("id")
    found = rows.filter(touch__subject_id__in=subjects, touch__fate=Fate.OPEN, state__in=NOT_FINAL)
    return {tuple(str(getattr(m.touch, name)) for name in _KEY): m for m in found}


def _went(this: Act, pairs: Sequence[tuple[Message, Twin]]) -> None:
    for message, twin in pairs:
        _take_columns(message, twin.message)
        for attempt in twin.attempts:
            _insert(Attempt, {**attempt, "message_id": str(message.pk)})
        touch = message.touch
        touch.fate, touch.reason, touch.closed_at = Fate.DONE, "", datetime.fromisoformat(twin.touch["closed_at"])
        touch.save(update_fields=["fate", "reason", "closed_at"])
        message.channel = twin.message["channel"]
        tell(this, events.ACCEPTED, message, touch)
        # It is told as of when it happened, not as of when we heard of it again.
        this.drafts[-1] = replace(this.drafts[-1], at=datetime.fromisoformat(twin.message["sent_at"]))


def _with_promise(pairs: Sequence[tuple[Message, Twin]]) -> list[tuple[Message, Twin]]:
    """Return those whose promise is here already, kept or not, and let their messages name it."""
    wanted = {twin.message["promise_id"] for _, twin in pairs} - {None}
    here = {str(key) for key in Promise.objects.filter(pk__in=wanted).values_list("pk", flat=True)}
    found = [(message, twin) for message, twin in pairs if twin.message["promise_id"] in here]
    for message, twin in found:
        message.promise_id = UUID(twin.message["promise_id"])
    return found


def _stand_handed(this: Act, pairs: Sequence[tuple[Message, Twin]]) -> None:
    for message, twin in pairs:
        touch, reason = message.touch, _why_handed(twin)
        message.state, message.reason, message.closed_at = State.HANDED, reason, this.now
        message.held_until, message.held_by, message.lease_until = None, "", None
        touch.fate, touch.reason, touch.closed_at = Fate.HANDED, reason, this.now
        tell(this, events.HANDED, message, touch, reason=reason, promise=str(message.promise_id))
    save_closed([message for message, _ in pairs])


def _why_handed(twin: Twin) -> str:
    if twin.outcome == "doubt":
        return Reason.IN_DOUBT
    return str(twin.touch["reason"] or twin.message["reason"] or Reason.CALL)


def _stop(this: Act, messages: Sequence[Message], reason: Reason) -> None:
    for message in messages:
        message.lease_until = None
    end_messages(this, messages, reason, this.now)


def _hand(this: Act, pairs: Sequence[tuple[Message, str]]) -> None:
    practice = Practice.objects.get(pk=this.practice_id)
    hand_over(this, practice, [Handing(message, reason) for message, reason in pairs], this.now)


def _add_missing(practice_id: UUID, twins: Sequence[Twin]) -> None:
    """Add the touches only the newer database knows, each with one message that waits: what follows ends it."""
    for twin in twins:
        added = _insert(Touch, {**twin.touch, "fate": Fate.OPEN.value, "reason": "", "closed_at": None})
        if added:
            _insert(Message, {**twin.message, **_WAITING})


_WAITING: dict[str, Any] = {
    "state": State.PLANNED.value, "reason": "", "held_until": None, "held_by": "", "lease_until": None,
    "intent_at": None, "fence": 0, "sent_at": None, "closed_at": None, "promise_id": None, "lost": 0,
}  # fmt: skip


def _insert(model: type[Touch] | type[Message] | type[Attempt], row: Row) -> int:
    """Add a row told in JSON; one that is there stays as it is. Returns how many were added."""
    table = sql.Identifier(model._meta.db_table)
    statement = sql.SQL("insert into {t} select (jsonb_populate_record(null::{t}, %s)).* on conflict do nothing")
    with connection.cursor() as cursor:
        cursor.execute(statement.format(t=table), [json.dumps(dict(row))])
        return int(cursor.rowcount)


_OWN = {"id", "practice_id", "touch_id", "n", "promise_id", "live", "due_at", "lost"}
_TAKEN = tuple(f.attname for f in Message._meta.local_concrete_fields if f.attname not in _OWN)


def _take_columns(message: Message, told: Row) -> None:
    columns = sql.Composed([sql.Identifier(name) for name in _TAKEN]).join(", ")
    statement = sql.SQL(
        "update outbox_message set ({c}) = (select {c} from jsonb_populate_record(null::outbox_message, %s))"
        " where practice_id = %s and id = %s"
    ).format(c=columns)
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(dict(told)), message.practice_id, message.pk])
