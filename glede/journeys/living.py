"""One person's days to come, lived through in memory: what would be planned, said, handed over or left out, and when.

It moves from due moment to due moment as a tick does, and asks at each what the engine asks: the same planner, the same
ways, the same words, the same policy. Nothing is written. What several people share, the calls of a day, is decided
outside and given by ``World.rung``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from glede.diary.rules import AHEAD, State
from glede.journeys.composing import words_for
from glede.journeys.facts import CallEnd, Facts, History
from glede.journeys.gathering import Group, Setting, told
from glede.journeys.hours import at_wall
from glede.journeys.operations.planning import as_rung, reason_gone
from glede.journeys.planner import AGAIN, NOT_REACHED, plan
from glede.outbox.composing import Content
from glede.outbox.models import Message
from glede.outbox.operations.asking import Asking
from glede.outbox.operations.cases import Weighed, first_channel, settle_without_words
from glede.outbox.operations.foreseeing import decide
from glede.outbox.operations.ways import ways_to
from glede.outbox.rules import LANES, Fate, Reason
from glede.outbox.touches import ASSUMES, PlannedTouch, TouchKey

FULL = "full"
_NOT_OVER = frozenset({*AHEAD, State.ARRIVED, State.WITH})
_RANK = {str(lane): rank for rank, lane in enumerate(LANES)}
_FATE_OF = {"send": Fate.DONE, "hand": Fate.HANDED, "skip": Fate.SKIPPED}


@dataclass(frozen=True, slots=True)
class World:
    """What everybody's days have in common: from ``now`` up to ``until``, which is left out.

    ``rung`` says of each wish for a call whether there is room for it on its day; it is filled before the days of
    whoever wishes for one are lived. ``is_attended``: everybody is taken to come to their visits.
    """

    setting: Setting
    now: datetime
    until: datetime
    rung: Mapping[TouchKey, bool]
    is_attended: bool = False

    def rings_at(self, touch: PlannedTouch) -> datetime:
        """Return when the calls of the day of a wished call are shared out."""
        day = date.fromisoformat(str(touch.why["call_day"]))
        return max(self.now, at_wall(day, time(0), self.setting.house.zone))


@dataclass(frozen=True, slots=True)
class End:
    """What became of a touch: ``ending`` is "send", "hand" (a colleague rings) or "skip", the last two for a reason."""

    at: datetime
    touch: PlannedTouch
    ending: str
    channel: str = ""
    reason: str = ""
    content: Content | None = None


@dataclass(slots=True)
class Owed:
    """One touch on its way. ``ready_at`` is when it is looked at next; ``message`` is its row, where it has one."""

    touch: PlannedTouch
    ready_at: datetime
    message: Message | None = None
    tried: frozenset[str] = frozenset()
    waited_from: datetime | None = None
    fate: str = Fate.OPEN.value
    closed_at: datetime | None = None

    @property
    def row(self) -> str:
        """The journey's row."""
        return self.touch.row

    @property
    def subject_id(self) -> UUID:
        """The visit."""
        return self.touch.subject.id

    @property
    def subject_version(self) -> int:
        """The visit's version."""
        return self.touch.subject_version

    @property
    def occurrence(self) -> int:
        """Which of the row's touches."""
        return self.touch.occurrence

    @property
    def lane(self) -> str:
        """Who goes first."""
        return self.touch.lane

    @property
    def act(self) -> str:
        """A message or a call."""
        return self.touch.act

    @property
    def why(self) -> Mapping[str, object]:
        """Why it came."""
        return self.touch.why

    @property
    def is_begun(self) -> bool:
        """Whether a new plan no longer changes it."""
        return self.message is not None and (self.message.n > 1 or self.message.fence > 0)

    @property
    def is_kept(self) -> bool:
        """Whether a colleague holds it, whatever its hour."""
        return self.message is not None and self.message.held_by == "staff"

    @property
    def first(self) -> str:
        """The channel that goes before the person's own order."""
        return first_channel(self.message, self.lane) if self.message is not None else ""


@dataclass(slots=True)
class Life:
    """One person in a world. ``begin``, then ``live``; ``asking`` holds what they got so far."""

    world: World
    group: Group
    asking: Asking
    owed: dict[TouchKey, Owed]
    closed: frozenset[TouchKey]
    facts: Facts = field(init=False)
    history: History = field(init=False)
    wishes: dict[TouchKey, PlannedTouch] = field(default_factory=dict)
    ends: list[End] = field(default_factory=list)
    _planned: list[PlannedTouch] | None = None
    _planned_at: datetime | None = None

    def __post_init__(self) -> None:
        self.facts, self.history = self.group.facts, self.group.history

    def begin(self) -> None:
        """Plan as of now; ``wishes`` then says which calls depend on the room of their day."""
        self._replan(self.world.now)

    def live(self) -> list[End]:
        """Return what becomes of everything up to the end of the world, in order of time."""
        at: datetime | None = self.world.now
        while at is not None and at < self.world.until:
            if self._attend(at):
                self._replan(at)
            if self._share_out(at):
                self._replan(at)
            self._claim_due(at)
            at = self._next_after(at)
        return self.ends

    # Planning.

    def plan(self, at: datetime) -> list[PlannedTouch]:
        """Return what the planner says at ``at``, asked again only where something may have changed."""
        if self._planned is None or self._has_changed(at):
            self._planned = plan(self.world.setting.journey, self.facts, self.history, at)
            self._planned_at = at
        return self._planned

    def _has_changed(self, at: datetime) -> bool:
        # Time itself changes a plan in two ways: a visit begins, or thanks come too late.
        since = self._planned_at or at
        return at != since and any(v.done_at is not None or since < v.deadline <= at for v in self.facts.visits)

    def _replan(self, at: datetime) -> None:
        """Bring what is owed in line with the plan, as the follower of the ledger does."""
        self._planned = None
        planned = self.plan(at)
        self.wishes = {}
        for touch in planned:
            if touch.key in self.closed:
                continue
            known = self.owed.get(touch.key)
            if known is None and "call_day" in touch.why:
                self.wishes[touch.key] = touch
            elif known is None:
                self.owed[touch.key] = Owed(touch, touch.due_at)
            elif known.fate == Fate.OPEN and "call_day" not in touch.why and not known.is_begun:
                self._change(known, touch)
        keys = {touch.key for touch in planned}
        for key, known in self.owed.items():
            if known.fate == Fate.OPEN and key not in keys:
                self._close(known, at, "skip", reason=reason_gone(self.group, known))

    def _change(self, known: Owed, touch: PlannedTouch) -> None:
        if touch.due_at != known.touch.due_at and not known.is_kept:
            known.ready_at = touch.due_at
        known.touch = touch

    # What happens on the way.

    def _attend(self, at: datetime) -> bool:
        """Take the visits that have ended to have taken place, where this world assumes it."""
        if not self.world.is_attended:
            return False
        over = {v.id for v in self.facts.visits if v.state in _NOT_OVER and self._ends_at(v.id) <= at}
        over = {visit_id for visit_id in over if self._ends_at(visit_id) >= self.world.now}
        if over:
            visits = tuple(
                replace(v, state="done", done_at=at, is_confirmed=False, is_assumed=True) if v.id in over else v
                for v in self.facts.visits
            )
            self.facts = replace(self.facts, visits=visits)
        return bool(over)

    def _ends_at(self, visit_id: UUID) -> datetime:
        return self.group.visits[visit_id].ends_at

    def _share_out(self, at: datetime) -> bool:
        """Turn the wishes of the day into calls, or note that there is no room; True where that was so."""
        is_full = False
        for key, touch in list(self.wishes.items()):
            if self.world.rings_at(touch) > at:
                continue
            del self.wishes[key]
            if self.world.rung.get(key):
                self.owed[key] = Owed(as_rung(self.world.setting, touch, at), touch.due_at)
            else:
                self._end_call(touch, CallEnd(FULL, at))
                is_full = True
        return is_full

    def _end_call(self, touch: PlannedTouch, end: CallEnd) -> None:
        calls = {**self.history.calls, (touch.row, touch.subject.id, touch.subject_version): end}
        self.history = replace(self.history, calls=calls)

    def _next_after(self, at: datetime) -> datetime | None:
        moments = [one.ready_at for one in self.owed.values() if one.fate == Fate.OPEN]
        moments += [self.world.rings_at(touch) for touch in self.wishes.values()]
        if self.world.is_attended:
            moments += [self._ends_at(v.id) for v in self.facts.visits if v.state in _NOT_OVER]
        return min((moment for moment in moments if moment > at), default=None)

    def unanswered(self) -> Iterator[End]:
        """Yield the messages that follow where a call before a visit reaches nobody; call it after ``live``.

        The call is taken to have been tried until the practice closes. Nothing that needs no assumption gives way.
        """
        for end in list(self.ends):
            if end.ending == "hand" and "call_day" in end.touch.why:
                yield from self._instead_of(end.touch, max(end.at, end.touch.late_after or end.at))

    def _instead_of(self, call: PlannedTouch, at: datetime) -> Iterator[End]:
        calls = {(call.row, call.subject.id, call.subject_version): CallEnd("not_reached", at)}
        history = replace(self.history, calls={**self.history.calls, **calls})
        for touch in plan(self.world.setting.journey, self.facts, history, at):
            is_it = (touch.row, touch.subject, touch.occurrence) == (call.row, call.subject, AGAIN)
            if is_it and "yields_to" not in touch.why and touch.key not in self.owed:
                assumed = replace(touch, why={**touch.why, ASSUMES: NOT_REACHED})
                yield from self._said(Owed(assumed, max(at, touch.due_at)))

    def _said(self, one: Owed) -> Iterator[End]:
        while one.ready_at < self.world.until:
            at = one.ready_at
            case = self.weighed(one, one.touch, at)
            if case.ending == "send":
                yield End(at, one.touch, "send", case.ways[0].channel, content=case.content)
            if case.ending != "hold" or case.until is None:
                return
            one.ready_at = case.until

    # What the claim does.

    def _claim_due(self, at: datetime) -> None:
        due = [one for one in self.owed.values() if one.fate == Fate.OPEN and one.ready_at <= at]
        if not due:
            return
        # All of one moment are claimed together: what one of them says is not yet told when the next is asked.
        wanted = {(t.row, t.subject.id, t.occurrence): t for t in self.plan(at)}
        due.sort(key=lambda one: (_RANK[one.lane], one.touch.due_at))
        for one in due:
            self._claim(one, wanted.get((one.row, one.subject_id, one.occurrence)), at)
        gone = [one for one in due if one.fate in {Fate.DONE, Fate.HANDED}]
        if gone:
            news = told(self.world.setting, self.facts.person, gone)
            self.history = replace(self.history, told=(*self.history.told, *news))
            self._planned = None

    def _claim(self, one: Owed, wanted: PlannedTouch | None, at: datetime) -> None:
        case = self.weighed(one, wanted, at)
        if case.ending == "hold" and case.until is not None:
            one.ready_at = case.until
            return
        if case.ending == "send":
            self.asking.at(at).note(case)
            self._close(one, at, "send", channel=case.ways[0].channel, content=case.content)
        else:
            self._close(one, at, case.ending, reason=case.reason)

    def weighed(self, one: Owed, wanted: PlannedTouch | None, at: datetime) -> Weighed:
        """Return what would be decided of a message at ``at``; ``wanted`` is the touch as planned at that moment."""
        setting, reach = self.world.setting, self.group.reach
        ways = ways_to(
            reach, setting.practice, purpose=one.touch.purpose, first=one.first, tried=one.tried, usable=setting.usable
        )
        case = Weighed(touch=one.touch, reach=reach, ways=ways)
        one.waited_from = settle_without_words(case, setting.practice, one.waited_from, at)

        def words(channel: str) -> Content:
            if wanted is None:
                return Content("", "", silence=Reason.NOT_NEEDED)
            return words_for(setting, self.group, wanted, channel=channel, language=reach.language, now=at)

        return decide(case, self.asking.at(at), words)

    def _close(self, one: Owed, at: datetime, ending: str, **more: Any) -> None:
        one.fate, one.closed_at = _FATE_OF[ending].value, at
        self.ends.append(End(at, one.touch, ending, **more))
