"""What the desk does on a walk: it takes up what it was promised to do, rings, and writes back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from glede.inbox import operations as inbox
from glede.inbox.queries import conversation_of
from glede.journeys.operations import note_call
from glede.practices.queries import opening_hours
from glede.promises.operations import keep_promise
from glede.promises.queries import Owed, promise_for
from glede.shoes import habits
from glede.shoes.personas import REPLY, in_language

if TYPE_CHECKING:
    from glede.shoes.walking import Walking

MOST_CALLS = 3
RINGS = frozenset({"call", "recover", "undelivered", "move_ok", "right"})


def take(walking: Walking, owed: Owed, now: datetime) -> None:
    """Put a promise on the desk's list: it is seen to some open minutes later."""
    walking.state["tasks"] = walking.state.get("tasks", 0) + 1
    minutes = habits.answers_in(walking.walk.seed, walking.state["tasks"]).total_seconds() / 60
    walking.at(opening_hours(walking.practice).add_open_minutes(now, minutes), "see_to", owed.id)


def see_to(walking: Walking, promise_id: UUID, now: datetime) -> None:
    """Ring, write back, or do what else was promised; nothing where it is owed no longer."""
    owed = promise_for(walking.practice.pk, promise_id)
    if owed is None or owed.closed_at is not None:
        return
    if owed.kind == "answer":
        _write_back(walking, now)
    elif owed.kind in RINGS:
        _ring(walking, owed, now)
    else:
        _keep(walking, owed, "done", now)


def _write_back(walking: Walking, now: datetime) -> None:
    talk = conversation_of(walking.practice.pk, walking.person_id)
    if talk.conversation_id is not None:
        inbox.reply(
            practice_id=walking.practice.pk, conversation_id=talk.conversation_id,
            words=in_language(REPLY, walking.walk.language), answers_to=talk.last_n, by=walking.desk, now=now,
        )  # fmt: skip


def _ring(walking: Walking, owed: Owed, now: datetime) -> None:
    state = walking.state
    state["calls"] = state.get("calls", 0) + 1
    reached = habits.picks_up(walking.persona.habits, walking.walk.seed, state["calls"])
    walking.did("rung", now, by="desk", promise=owed.kind, reached=reached)
    if owed.subject.kind == "appointment" and "row" in owed.detail and owed.kind == "call":
        outcome = "reached" if reached else "not_reached"
        note_call(practice_id=walking.practice.pk, promise_id=owed.id, outcome=outcome, by=walking.desk, now=now)
    elif reached:
        _keep(walking, owed, "reached", now)
    tries = state.setdefault("tries", {})
    tries[str(owed.id)] = tries.get(str(owed.id), 0) + 1
    if not reached and tries[str(owed.id)] < MOST_CALLS:
        take(walking, owed, now)


def _keep(walking: Walking, owed: Owed, reason: str, now: datetime) -> None:
    practice_id, by = walking.practice.pk, walking.desk
    keep_promise(practice_id=practice_id, promise_id=owed.id, evidence=owed.subject, reason=reason, by=by, now=now)
