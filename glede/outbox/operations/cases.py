"""One message that is weighed, ahead of its hour or under the claim's locks: what is known, and what is decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from glede.kernel.failpoints import guard
from glede.kernel.ref import Ref
from glede.ledger.operations import SubjectState
from glede.outbox.composing import Content, Draft
from glede.outbox.models import Message, Touch
from glede.outbox.operations.ways import Way
from glede.outbox.rules import (
    SET_ASIDE_AFTER,
    Reason,
    calls_when_unreachable,
    first_day_hold,
    is_late,
    is_never_held,
    moot_reason,
)
from glede.outbox.touches import PlannedTouch
from glede.people.values import Reach
from glede.practices.models import Practice

Ending = Literal["", "send", "skip", "hand", "hold"]
FIRST_DAY = "first_day"
HOURS = "hours"


@dataclass(slots=True, kw_only=True)
class Weighed:
    """What is owed, planned or written down, the person it is owed to, the ways still open, and what was decided.

    ``denied`` is why the first way that is closed is closed; ``grounds`` are the reasons of the policy's last word.
    """

    touch: Touch | PlannedTouch
    reach: Reach | None
    ways: list[Way] = field(default_factory=list)
    ending: Ending = ""
    reason: str = ""
    until: datetime | None = None
    held_by: str = ""
    denied: str = ""
    grounds: tuple[str, ...] = ()
    content: Content | None = None
    needs_unsubscribe: bool = False

    def skip(self, reason: Reason) -> None:
        """It is no longer needed, or never allowed."""
        self.ending, self.reason = "skip", reason

    def hand(self, reason: Reason) -> None:
        """A colleague rings instead."""
        self.ending, self.reason = "hand", reason

    def hold(self, until: datetime, by: str) -> None:
        """It waits; where it would wait past its cut-off a colleague rings now, while there is time."""
        if is_late(self.touch.late_after, until):
            self.be_late()
            return
        self.ending, self.until, self.held_by = "hold", until, by

    def be_late(self) -> None:
        """Past its cut-off: a colleague rings, or, where the row says so, nobody does."""
        if self.touch.why.get("when_late") == "skip":
            self.skip(Reason.LATE)
        else:
            self.hand(Reason.LATE)


@dataclass(slots=True, kw_only=True)
class Case(Weighed):
    """A due message under the claim's locks, with the subject as it stands there."""

    message: Message
    subject: SubjectState | None
    may_repeat: bool = True

    @property
    def is_in_doubt(self) -> bool:
        """Whether they may already have it from an earlier try."""
        return self.message.doubted_at is not None and guard("doubt")

    def hand(self, reason: Reason) -> None:
        """A colleague rings instead, and knows where they may already have it."""
        Weighed.hand(self, Reason.IN_DOUBT if self.is_in_doubt else reason)

    def draft(self) -> Draft:
        """What a composer needs to know, for the way that is being tried."""
        touch = self.message.touch
        language = self.reach.language if self.reach else ""
        return Draft(
            touch_id=touch.id,
            row=touch.row,
            journey_version=touch.journey_version,
            subject=Ref(touch.subject_kind, touch.subject_id),
            patient_id=touch.patient_id,
            purpose=touch.purpose,
            channel=self.ways[0].channel,
            language=language,
            occurrence=touch.occurrence,
            why=touch.why,
        )


def first_channel(message: Message, lane: str) -> str:
    """Return the channel that goes before the person's own order: what answers leaves by the one they wrote on."""
    return message.channel if lane in {"reply", "safety"} or message.n > 1 else ""


def settle_early(case: Case, practice: Practice, now: datetime) -> None:
    """End the cases that need no words: moot, gone, a call anyway, too late, held by the first day."""
    touch, version = case.touch, case.subject.version if case.subject else 1
    if version != touch.subject_version and guard("version"):
        case.skip(moot_reason(case.subject.last_kind if case.subject else ""))
    elif case.message.lost >= SET_ASIDE_AFTER and guard("set_aside"):
        case.hand(Reason.SET_ASIDE)
    else:
        case.message.waited_from = settle_without_words(case, practice, case.message.waited_from, now)
    if not case.ending and not case.may_repeat:
        case.hand(Reason.IN_DOUBT)


def settle_without_words(
    case: Weighed, practice: Practice, waited_from: datetime | None, now: datetime
) -> datetime | None:
    """End a case for which it does not matter what it says; return since when the first day has kept it waiting."""
    touch = case.touch
    if case.reach is None or case.reach.is_erased:
        case.skip(Reason.ERASED)
    elif case.reach.deceased:
        case.skip(Reason.DECEASED)
    elif practice.has_paused(touch.row) and guard("step_off"):
        case.skip(Reason.STEP_OFF)
    elif touch.act == "call":
        case.hand(Reason.CALL)
    elif is_late(touch.late_after, now):
        case.be_late()
    else:
        return _hold_on_first_day(case, practice, waited_from, now)
    return waited_from


def _hold_on_first_day(
    case: Weighed, practice: Practice, waited_from: datetime | None, now: datetime
) -> datetime | None:
    """Hold a message for a quarter of an hour on the first live day, once; return since when it has waited."""
    until = first_day_hold(
        live_since=practice.live_since,
        waited_from=waited_from,
        never_held=is_never_held(case.touch.lane, case.touch.answers_at, now),
        now=now,
    )
    if until is None:
        return waited_from
    case.hold(until, FIRST_DAY)
    return now


def wait_for_channel(case: Weighed, until: datetime, held_by: str) -> None:
    """Let a case wait for its channel; where that is too late it goes the next way, if there is one."""
    if is_late(case.touch.late_after, until) and any(way.channel != "call" for way in case.ways[1:]):
        case.denied = case.denied or Reason.CHANNEL_RESTS
        case.ways.pop(0)
    else:
        case.hold(until, held_by)


def is_without_way(case: Weighed) -> bool:
    """Whether no way is left on which a machine may write."""
    return not case.ways or case.ways[0].channel == "call"


def unreachable(case: Weighed) -> None:
    """End a case whose ways are used up: marketing, and whoever refused everything, is skipped; all else is a call."""
    asked_for_call = case.reach is not None and case.reach.likes_calls
    cannot_use = case.reach is not None and bool(case.reach.closed - {"call"})
    own = Reason.PREFERS_CALL if asked_for_call else Reason.FORMAT if cannot_use else Reason.NO_CHANNEL
    reason = case.denied or own
    refused_all = case.reach is not None and ("*", "all") in case.reach.opted_out
    case.reason = reason
    case.ending = "skip" if refused_all or not calls_when_unreachable(case.touch.lane) else "hand"
