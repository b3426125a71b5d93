"""Processes that follow the same practices by a clock that the test moves, and what their outbox says in the end."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.sharedctypes import RawArray
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, cast
from unittest import mock
from uuid import UUID

from django.db import connections

from glede.journeys import tasks as following
from glede.journeys.operations import is_behind
from glede.journeys.operations.sharing import next_sharing_out
from glede.kernel import clock, failpoints
from glede.ledger.models import Cursor, Event
from glede.outbox import events
from glede.outbox import tasks as sending
from glede.outbox.due import due_at
from glede.outbox.models import Message, Touch
from glede.outbox.queries import best_lane_due
from glede.practices import scope
from glede.practices.models import Practice
from glede.practices.queries import practice_by_id, practices_on_real_time
from glede.promises.models import Promise
from tests.kills.autumn import ENDS, Deed, House

SEATS = 2
NOW, TURN, DONE = 0, 1, 2
BACK = timedelta(minutes=10)
PATIENCE_SECONDS = 60
BLOCKED_SECONDS = 0.3
"""When nothing has moved for so long whoever is stopped is let go on: it may hold the lock the other waits for."""
HOLDS_NOTHING = "journeys.read"
"""Who stopped here has read and locked nothing yet: hours may pass before they go on."""
POINTS = (
    "journeys.read:kill", "journeys.before_cursor:kill", "journeys.read:stop", "journeys.before_cursor:stop",
    "journeys.before_cursor:kill@2", "journeys.read:stop@2",
)  # fmt: skip


class Key(NamedTuple):
    """What makes a touch that one."""

    practice: UUID
    row: str
    subject: UUID
    version: int
    occurrence: int


class Ending(NamedTuple):
    """What became of a touch, and of each of its messages: number, channel, state and reason."""

    patient: UUID
    act: str
    lane: str
    due_at: datetime
    late_after: datetime | None
    when_late: str
    fate: str
    reason: str
    messages: tuple[tuple[int, str, str, str], ...]


@dataclass
class Outcome:
    """Everything that a week came to."""

    touches: dict[Key, Ending]
    promises: Counter[tuple[Any, ...]]
    wrong: list[str]
    """What is wrong in itself, whatever else it is compared with."""
    closed: dict[Key, datetime | None]
    """When each touch came to its end: compared with nothing."""

    @property
    def messages(self) -> int:
        """How many messages there are."""
        return sum(len(ending.messages) for ending in self.touches.values())


def differences(one: Outcome, other: Outcome, excused: Collection[Key] = ()) -> list[str]:
    """Return in what two weeks differ, but for some touches.

    What else these people were planned stays planned for the same hour, but may end another way: a text that did not
    leave counts not among their three.
    """
    people = {other.touches[key].patient for key in excused}
    keys = sorted((one.touches.keys() | other.touches.keys()) - set(excused))
    pairs = [(key, one.touches.get(key), other.touches.get(key)) for key in keys]
    found = [f"{key}: {a} / {b}" for key, a, b in pairs if _told(a, people) != _told(b, people)]
    theirs = {key.subject for key, ending in other.touches.items() if ending.patient in people}
    promises = (one.promises - other.promises) + (other.promises - one.promises)
    return found + [f"promise {promise}" for promise in promises if promise[1] not in theirs]


def _told(ending: Ending | None, people: Collection[UUID]) -> Ending | None:
    if ending is None or ending.patient not in people:
        return ending
    return ending._replace(fate="", reason="", messages=())


def late(control: Outcome, found: Outcome) -> list[Key]:
    """Return what came too late in one week and not in the other: a call, or nothing, as its row says, or held."""
    return [
        key
        for key, ending in found.touches.items()
        if ending != control.touches.get(key)
        and (ending.fate == "open" or ending.reason == "late")
        and ending.fate in {"open", "skipped" if ending.when_late == "skip" else "handed"}
    ]


def outcome(houses: Sequence[House], until: datetime) -> Outcome:
    """Read what has come of a week that was lived up to a moment."""
    found = Outcome({}, Counter(), [], {})
    for house in houses:
        with scope.transaction(house.id, read_only=True):
            _read(house, until, found)
    return found


def _read(house: House, until: datetime, found: Outcome) -> None:
    messages: dict[UUID, list[Message]] = {}
    for message in Message.objects.order_by("touch_id", "n"):
        messages.setdefault(message.touch_id, []).append(message)
    left = Counter(Event.objects.filter(kind=events.REHEARSED).values_list("subject_id", flat=True))
    for touch in Touch.objects.all():
        mine = messages.get(touch.pk, [])
        key = Key(house.id, touch.row, touch.subject_id, touch.subject_version, touch.occurrence)
        found.touches[key] = Ending(
            touch.patient_id, touch.act, touch.lane, touch.due_at, touch.late_after, touch.why.get("when_late", ""),
            touch.fate, touch.reason, tuple((m.n, m.channel, m.state, m.reason) for m in mine),
        )  # fmt: skip
        found.closed[key] = touch.closed_at
        found.wrong += [f"{key}: {words}" for words in _wrong(touch, mine, left, until)]
    owed = Promise.objects.values_list("kind", "subject_id", "cause", "closed_at")
    found.promises.update((*promised, closed_at is None) for *promised, closed_at in owed)
    seq = Cursor.objects.get(name="journeys").seq
    last = Event.objects.order_by("-seq").values_list("seq", flat=True)[0]
    found.wrong += [f"followed up to {seq} of {last}"] * (seq != last)


def _wrong(touch: Touch, messages: Sequence[Message], left: Counter[UUID], until: datetime) -> Iterator[str]:
    went = [m for m in messages if m.state == "rehearsed"]
    if len(went) > 1 or any(left[m.pk] > 1 for m in messages):
        yield "left twice"
    waits = any(m.held_until and m.held_until > until for m in messages)
    if touch.fate == "open" and touch.due_at < until and not waits:
        yield "was due and has no fate"
    if touch.fate == "open" and touch.late_after is not None and touch.late_after < until:
        yield "waits past its cut-off"
    if not messages:
        yield "has no message"
    if touch.fate in {"skipped", "handed"} and not touch.reason:
        yield f"was {touch.fate} without a reason"
    if touch.late_after is not None and any(m.sent_at and m.sent_at > touch.late_after for m in went):
        yield "left past its cut-off"


@dataclass
class Week:
    """A week of both practices as it is lived in the database that Django's connections lead to."""

    houses: Sequence[House]
    deeds: Sequence[Deed]
    errors: Path
    random: Random = field(default_factory=lambda: Random(1))
    told: Any = field(default_factory=lambda: RawArray("d", DONE + SEATS))
    seats: dict[int, int] = field(default_factory=dict)
    armed: dict[int, str] = field(default_factory=dict)
    asleep: dict[int, str] = field(default_factory=dict)
    """Who sleeps, and at which point; "" where it may be anywhere."""
    done: int = 0
    kills: int = 0
    stops: int = 0
    backs: int = 0

    def live_undisturbed(self, since: datetime, until: datetime) -> Iterator[datetime]:
        """Live from one moment until before another in this process alone; yield when there was something to do."""
        at = since
        with by(lambda: at):
            while at < until:
                self.do_deeds(at)
                while follow_all() or send_all():
                    pass
                yield at
                at = self._next(at)

    def _next(self, at: datetime) -> datetime:
        moments = [deed.at for deed in self.deeds[self.done : self.done + 1]]
        for house in self.houses:
            with scope.transaction(house.id):
                moments += [
                    moment
                    for moment in (
                        due_at(house.id, at=at).next_at,
                        next_sharing_out(practice_by_id(house.id), after=at),
                    )
                    if moment
                ]
        return min(moments, default=ENDS)

    def do_deeds(self, at: datetime) -> None:
        """Let what is done up to a moment be done, each thing at its own."""
        while self.done < len(self.deeds) and self.deeds[self.done].at <= at:
            deed = self.deeds[self.done]
            self.done += 1
            deed.do(deed.at)

    def show(self, at: datetime) -> None:
        """Let the clock show a moment, and its deeds be done."""
        self.told[NOW] = at.timestamp()
        self.do_deeds(at)
        self.told[TURN] += 1

    def now(self) -> datetime:
        """What the clock shows."""
        return datetime.fromtimestamp(self.told[NOW], UTC)

    @contextlib.contextmanager
    def followed(self) -> Iterator[None]:
        """Have two processes follow; whatever happens, none stays."""
        gc.freeze()  # what is not looked through is not copied for each process
        try:
            for seat in range(SEATS):
                self.sit(seat)
            yield
        finally:
            for seat in list(self.seats):
                self._end(seat)
            gc.unfreeze()

    def sit(self, seat: int, point: str = "") -> None:
        """Have a process in a seat, which may die or stop at a named point."""
        connections.close_all()  # nobody shares a connection with their parent
        self.armed[seat] = point
        pid = os.fork()
        if pid == 0:
            self._follow(seat, point)
        self.seats[seat] = pid

    def _follow(self, seat: int, point: str) -> None:
        failpoints.arm(point)
        with by(self.now):
            while True:
                turn = self.told[TURN]
                if turn == self.told[DONE + seat]:
                    clock.wait(0.002)
                    continue
                try:
                    while follow_all():
                        pass
                    self.told[DONE + seat] = turn
                except BaseException:
                    with self.errors.open("a") as file:
                        file.write(traceback.format_exc() + "\n")
                    connections.close_all()

    def _end(self, seat: int) -> None:
        pid = self.seats.pop(seat)
        self.asleep.pop(seat, None)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)

    def stop(self, seat: int) -> None:
        """Let who sits there sleep until it is woken."""
        os.kill(self.seats[seat], signal.SIGSTOP)
        self.stops += 1
        self.asleep[seat] = ""

    def wake(self, *, but: str = "nobody") -> None:
        """Let who sleeps go on, by the time they remember; but for those who stopped at a point."""
        for seat in [seat for seat, point in self.asleep.items() if not point.startswith(but)]:
            os.kill(self.seats[seat], signal.SIGCONT)
            self.asleep.pop(seat)

    def settled(self) -> None:
        """Wait until everybody who is awake has found nothing more to do since the clock was last shown."""
        ends, blocked = clock.monotonic() + PATIENCE_SECONDS, clock.monotonic() + BLOCKED_SECONDS
        while any(self.told[DONE + seat] != self.told[TURN] for seat in self.seats if seat not in self.asleep):
            if clock.monotonic() > blocked:
                self.wake(but=HOLDS_NOTHING)
            if clock.monotonic() > ends:
                raise TimeoutError(self.errors.read_text() if self.errors.exists() else "nobody moves")
            self._look_after()
            clock.wait(0.002)

    def _look_after(self) -> None:
        """See who died or stopped at a point it was armed with."""
        for seat, pid in list(self.seats.items()):
            found, status = os.waitpid(pid, os.WNOHANG | os.WUNTRACED)
            if found and os.WIFSTOPPED(status):
                self.stops += seat not in self.asleep
                self.asleep.setdefault(seat, self.armed[seat])
            elif found:
                self.kills += 1
                self.asleep.pop(seat, None)
                self.sit(seat)

    def live_on(self, at: datetime) -> None:
        """Let a moment come: those who follow come to their end, and then what is due leaves."""
        self.show(at)
        self.settled()
        self.wake(but=HOLDS_NOTHING)
        self.settled()
        with by(lambda: at):
            while send_all():
                self.told[TURN] += 1
                self.settled()

    def live_struck(self, moments: Sequence[datetime], strikes: int) -> None:
        """Live through the moments while processes are killed, sleep, and the clock goes back ten minutes."""
        struck = set(self.random.sample(range(len(moments)), min(strikes, len(moments))))
        for number, at in enumerate(moments):
            if number in struck:
                self.show(at)
                self._strike()
            self.live_on(at)
            if number in struck and self.random.random() < 0.3:
                self.backs += 1
                self.live_on(at - BACK)
            if self.random.random() < 0.3:
                self.wake()
        self.wake()
        self.settled()

    def _strike(self) -> None:
        """At a moment of chance kill somebody or let them sleep; who sits down next may die or stop at a point."""
        clock.wait(self.random.uniform(0, 0.02))
        seat = self.random.choice(list(self.seats))
        if self.random.random() < 0.3 and seat not in self.asleep:
            self.stop(seat)
            return
        self._end(seat)
        self.kills += 1
        self.sit(seat, self.random.choice(("", *POINTS)))


def _now(tasks: Any, practice: Practice) -> datetime:
    """Return what the clock of these tasks shows."""
    return cast("datetime", tasks.practice_now(practice))


def follow_all() -> bool:
    """Do what the task of each minute does; return whether there was something to do."""
    busy = False
    for practice in practices_on_real_time():
        if is_behind(practice, now=_now(following, practice)):
            following.follow_practice(str(practice.pk))
            busy = True
    return busy


def send_all() -> bool:
    """Do the same for what is due."""
    busy = False
    for practice in practices_on_real_time():
        if best_lane_due(practice.pk, now=_now(sending, practice)) is not None:
            sending.send(str(practice.pk))
            busy = True
    return busy


@contextlib.contextmanager
def by(now: Callable[[], datetime]) -> Iterator[None]:
    """Let the tasks go by a clock of ours."""
    ours: dict[str, Any] = {"practice_now": lambda _: now(), "close_old_connections": lambda: None}
    with mock.patch.multiple(following, **ours), mock.patch.multiple(sending, **ours):
        yield
