"""Ask ahead, at planning, what the claim asks again at the hour: each planned message as of when it falls due.

The verdict moves nothing and ends nothing. The message stays planned, so that a change of mind before its hour is
honoured; the claim asks the same question under its locks, and its answer alone counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from glede.outbox.composing import Content
from glede.outbox.foresight import UNASKED, Foresight
from glede.outbox.operations.asking import Asking, weigh
from glede.outbox.operations.cases import Weighed, is_without_way, unreachable
from glede.outbox.operations.ways import Way
from glede.outbox.rules import Reason, is_late
from glede.outbox.touches import PlannedTouch
from glede.people.values import Reach
from glede.practices.models import Practice

_UNREAD = Content("", "")


@dataclass(frozen=True, slots=True)
class Ahead:
    """A planned message with what deciding it takes.

    `words` gives what it would say on a channel at its hour. `known` is the verdict that stands, given only where
    nothing else about the touch has changed: its words are then read again only if the verdict were another.
    """

    touch: PlannedTouch
    reach: Reach
    ways: Sequence[Way]
    words: Callable[[str], Content | None]
    known: Foresight = UNASKED


def foresee(practice: Practice, ahead: Sequence[Ahead], *, now: datetime) -> list[Foresight]:
    """Return for each message what the claim would say at its hour if nothing changed till then.

    The first day's quarter of an hour is left out: it belongs to the hour itself. What people got so far is read in
    one statement, however many they are.
    """
    asking = Asking.of(practice, ahead, now)
    return [_foreseen(one, asking.at(max(now, one.touch.due_at))) for one in ahead]


def _weighed(one: Ahead) -> Weighed:
    return Weighed(touch=one.touch, reach=one.reach, ways=list(one.ways))


def _foreseen(one: Ahead, asking: Asking) -> Foresight:
    if one.known.decision:
        told = _told(decide(_weighed(one), asking, lambda _: _UNREAD))
        if told == one.known:
            return told
    return _told(decide(_weighed(one), asking, one.words))


def decide(case: Weighed, asking: Asking, words: Callable[[str], Content | None]) -> Weighed:
    """Decide a message on each of its ways in turn, as the claim does; ``words`` gives what it says on a channel."""
    if not case.ending and asking.practice.has_paused(case.touch.row):
        case.skip(Reason.STEP_OFF)
    if not case.ending and is_late(case.touch.late_after, asking.now):
        case.be_late()
    while not case.ending:
        if is_without_way(case):
            unreachable(case)
        else:
            weigh(case, words(case.ways[0].channel), asking)
    return case


def _told(case: Weighed) -> Foresight:
    if case.ending == "send":
        return Foresight("allow", case.grounds, case.ways[0].channel)
    if case.ending == "hold":
        return Foresight("defer", case.grounds, case.ways[0].channel, case.until)
    return Foresight("deny", (str(case.reason),), becomes_call=case.ending == "hand")
