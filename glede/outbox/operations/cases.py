"""One due message under the claim's locks: what is known of it, and what the claim decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from glede.kernel.ref import Ref
from glede.ledger.operations import SubjectState
from glede.outbox.composing import Content, Draft
from glede.outbox.models import Message, Touch
from glede.outbox.operations.ways import Way
from glede.outbox.rules import Reason, calls_when_unreachable, first_day_hold, is_late, is_never_held, moot_reason
from glede.people.values import Reach
from glede.practices.models import Practice

Ending = Literal["", "send", "skip", "hand", "hold"]
FIRST_DAY = "first_day"
HOURS = "hours"


@dataclass(slots=True)
class Case:
    """A due message, the person it is owed to, and the ways still open."""

    message: Message
    reach: Reach | None
    subject: SubjectState | None
    ways: list[Way] = field(default_factory=list)
    ending: Ending = ""
    reason: str = ""
    until: datetime | None = None
    held_by: str = ""
    content: Content | None = None
    needs_unsubscribe: bool = False

    @property
    def touch(self) -> Touch:
        """What is owed."""
        touch: Touch = self.message.touch
        return touch

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

    def draft(self) -> Draft:
        """What a composer needs to know, for the way that is being tried."""
        touch = self.touch
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


def settle_early(case: Case, practice: Practice, now: datetime) -> None:
    """End the cases that need no words: moot, gone, a call anyway, too late, held by the first day."""
    touch, version = case.touch, case.subject.version if case.subject else 1
    if version != touch.subject_version:
        case.skip(moot_reason(case.subject.last_kind if case.subject else ""))
    elif case.reach is None or case.reach.is_erased:
        case.skip(Reason.ERASED)
    elif case.reach.deceased:
        case.skip(Reason.DECEASED)
    elif touch.act == "call":
        case.hand(Reason.CALL)
    elif is_late(touch.late_after, now):
        case.be_late()
    else:
        _hold_on_first_day(case, practice, now)


def _hold_on_first_day(case: Case, practice: Practice, now: datetime) -> None:
    until = first_day_hold(
        live_since=practice.live_since,
        waited_from=case.message.waited_from,
        never_held=is_never_held(case.touch.lane, case.touch.answers_at, now),
        now=now,
    )
    if until is not None:
        case.message.waited_from = now
        case.hold(until, FIRST_DAY)


def unreachable(case: Case, denied: str) -> None:
    """End a case whose ways are used up: marketing, and whoever refused everything, is skipped; all else is a call."""
    asked_for_call = case.reach is not None and case.reach.channels[:1] == ("call",)
    reason = denied or (Reason.PREFERS_CALL if asked_for_call else Reason.NO_CHANNEL)
    refused_all = case.reach is not None and ("*", "all") in case.reach.opted_out
    case.reason = reason
    case.ending = "skip" if refused_all or not calls_when_unreachable(case.touch.lane) else "hand"
