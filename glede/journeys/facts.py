"""What the planner may know, as frozen values: the house, the person, the visits, and what was told before. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Literal
from uuid import UUID

from glede.diary.facts import Telling
from glede.journeys.document import Document
from glede.kernel.periods import WeeklyHours
from glede.kernel.ref import Ref

By = Literal["patient", "practice", "list"]
UNDO = timedelta(minutes=3)
"""So long a change made at the desk, whoever wished it, may be undone before anybody is told (docs/journeys.md)."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to a visit's time: what, whose wish it was, when, and how the visit stood after it.

    ``kind``: booked, imported, moved, cancelled or reinstated. ``slot`` is the time on the wall after it, as
    "2026-11-24T14:30", or "2026-11-24" for a day visit. ``by``: the person's wish, the practice's, or the list's
    (an imported change, about which the practice has told the person in its own way). ``at_desk``: a colleague made
    it, who may take it back.
    """

    kind: str
    by: By
    at: datetime
    slot: str
    is_standing: bool = True
    at_desk: bool = False

    @property
    def may_be_undone(self) -> bool:
        """Whether it waits for ``UNDO`` before anybody hears of it."""
        return (self.by == "practice" or self.at_desk) and self.kind not in {"booked", "imported"}


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit as the planner sees it. Moments are UTC, ``day`` and ``slot`` are the wall's in ``zone``.

    ``deadline`` is the moment from which the visit is no longer ahead: its start, or its day's end. ``order`` is a
    stable name (the outer system's id where there is one), so that equal ranks fall out the same every time.
    ``is_assumed``: nobody said that it took place, a clock moved by hand took it for granted. ``delayed_at`` is
    when we said that we run late, so that it begins ``delay_minutes`` after its time. ``telling``: whether its booking
    is told with another visit of its series, or not before that is booked.
    """

    id: UUID
    version: int
    order: str
    day: date
    slot: str
    zone: str
    starts_at: datetime
    deadline: datetime
    state: str
    changes: tuple[Change, ...]
    is_confirmed: bool = False
    is_first: bool = False
    done_at: datetime | None = None
    is_history: bool = False
    is_assumed: bool = False
    delayed_at: datetime | None = None
    delay_minutes: int = 0
    telling: Telling = Telling.ITSELF


@dataclass(frozen=True, slots=True)
class Occasion:
    """A day of a person that no visit makes: their birthday, when they are due again, when they were here last.

    ``trigger`` is what it begins: "birthday", "recall_due", "silent". Each is a subject of its own: next year it is
    another one. ``day`` is what rows count from; ``known_at`` is when we learnt of it, None where that is long ago.
    ``is_met``: they have a visit since, or one to come. ``is_agreed``: a colleague agreed it with them at a visit.
    """

    trigger: str
    subject: Ref
    day: date
    starts_at: datetime
    known_at: datetime | None = None
    is_met: bool = False
    is_agreed: bool = False

    @property
    def id(self) -> UUID:
        """The subject's."""
        return self.subject.id

    @property
    def order(self) -> str:
        """A stable name."""
        return str(self.subject.id)

    @property
    def slot(self) -> str:
        """The day, as a text."""
        return self.day.isoformat()


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the planner sees them. ``days`` (0 Monday) and hours are their routine; empty or None: no wish.

    ``channel`` is the planner's guess and ``channel_because`` its reason; the claim chooses afresh. ``stopped``
    is a reason for which nothing is planned any more (they died, were merged or erased), else "".
    """

    id: UUID
    zone: str
    hours_from: time | None = None
    hours_to: time | None = None
    days: frozenset[int] = frozenset()
    channel: str = ""
    channel_because: str = ""
    has_phone: bool = True
    is_anxious: bool = False
    is_complex: bool = False
    likes_calls: bool = False
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class House:
    """The practice as the planner sees it. ``live_since`` is None in rehearsal."""

    zone: str
    hours: WeeklyHours
    hours_from: time = time(9)
    hours_to: time = time(20)
    call_days_before: int = 3
    calls_per_day: int = 8
    live_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One touch that reached the person or a colleague. ``day`` is the person's day on which it did.

    ``is_assumed``: it rests on something nobody said (``Visit.is_assumed``), and keeps back nothing that does not.
    """

    row: str
    subject_id: UUID
    slot: str
    day: date
    lane: str
    is_alone: bool
    occurrence: int = 1
    is_assumed: bool = False


@dataclass(frozen=True, slots=True)
class CallEnd:
    """A call that was not made: ``code`` is "full" (the practice can ring no more that day) or "not_reached"."""

    code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """What a person was told before, and the calls that came to nothing, by (row, visit, version)."""

    told: tuple[Told, ...] = ()
    calls: Mapping[tuple[str, UUID, int], CallEnd] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """All about one person. ``pinned`` holds the document of each visit whose enrolment pins another version.

    ``occasions`` are days of theirs of which a row falls due soon; they go by the journey in force. Of those rows none
    that falls due after ``until`` is planned yet.
    """

    house: House
    person: Person
    visits: tuple[Visit, ...]
    pinned: Mapping[UUID, Document] = field(default_factory=dict)
    occasions: tuple[Occasion, ...] = ()
    until: date = date.max


NOTHING = History()


def news_of(changes: tuple[Change, ...]) -> Change | None:
    """Return the change a person is to hear of: the last one, seen as one with what came within the time to undo.

    A change at the desk that was taken back before anybody was told is no news; the change before it is
    then the last. Changes at the desk within the undo time of a booking only correct it.
    """
    last = len(changes) - 1
    while last >= 0:
        change = changes[last]
        if not change.may_be_undone:
            return change
        first = _chain_start(changes, last)
        before = changes[first - 1] if first else None
        if before is None:
            return change
        if (before.slot, before.is_standing) != (change.slot, change.is_standing):
            return _as_told(change, before, changes[first])
        last = first - 1
    return None


def _chain_start(changes: tuple[Change, ...], last: int) -> int:
    first = last
    while first > 1 and changes[first - 1].may_be_undone and changes[first].at - changes[first - 1].at <= UNDO:
        first -= 1
    return first


def _as_told(change: Change, before: Change, first: Change) -> Change:
    is_correction = before.kind == "booked" and first.at - before.at <= UNDO and change.is_standing
    if is_correction:
        return replace(change, kind="moved", by="patient")
    if change.kind == "reinstated" and not before.is_standing:
        return replace(change, kind="booked", by="practice")
    if change.kind == "reinstated":
        return replace(change, kind="moved", by="practice")
    return change


TRIGGERS: Mapping[tuple[str, str], str] = {
    ("booked", "patient"): "booked",
    ("booked", "practice"): "booked",
    ("moved", "patient"): "moved_by_patient",
    ("moved", "practice"): "moved_by_practice",
    ("cancelled", "practice"): "cancelled_by_practice",
    ("reinstated", "patient"): "booked",
}
"""Which trigger of a journey a piece of news pulls; what the list brought pulls none."""
