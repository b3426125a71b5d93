"""What would go to whom on the days to come: read off the practice as it stands, for real people, writing nothing.

Everybody's days are lived through by ``living`` with the engine's own planner, policy and words. People are read in
batches; only those whose calls depend on the room of a day are kept until everybody's wishes are known.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection

from glede.journeys import gathering, occasions, versions
from glede.journeys.calls import Wish, allot_calls
from glede.journeys.document import Document
from glede.journeys.foreseeing import key_of
from glede.journeys.gathering import NO_JOURNEY, SUBJECT, Group, Setting
from glede.journeys.hours import day_of
from glede.journeys.living import End, Life, Owed, World
from glede.journeys.operations.cursors import FOLLOWED
from glede.journeys.operations.planning import rung_on, wish_of
from glede.journeys.planner import ATTENDED, NOT_REACHED
from glede.kernel.ref import Ref
from glede.outbox.models import Message, Touch
from glede.outbox.operations.asking import Asking, got_by
from glede.outbox.operations.waiting import answers_ahead
from glede.outbox.rules import NOT_FINAL, PENDING, Fate
from glede.outbox.touches import PlannedTouch, TouchKey
from glede.practices import scope
from glede.practices.models import Practice

BATCH = 500
CALL = "call"


@dataclass(frozen=True, slots=True)
class Foretold:
    """One touch of the days to come. ``at`` is when it leaves, or when it falls to the desk.

    ``act`` is "message" or "call", "" for what is left out; ``reason`` says why it is a call, or is left out.
    ``assumes`` is "attended", "not reached", or "" where nothing is assumed. ``why`` holds codes for ``why_words``.
    """

    at: datetime
    person_id: UUID
    subject: Ref
    row: str
    channel: str
    act: str
    why: Mapping[str, Any] = field(default_factory=dict)
    assumes: str = ""
    reason: str = ""
    subject_line: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What goes and what is left out from ``since`` up to ``until``, which is left out; both in order of time."""

    since: datetime
    until: datetime
    touches: tuple[Foretold, ...]
    left_out: tuple[Foretold, ...]


def forecast(
    practice: Practice,
    *,
    since: datetime,
    until: datetime,
    now: datetime,
    changed: Document | None = None,
    under_way: str = "move",
) -> Forecast:
    """Return what would happen in [``since``, ``until``) if nobody did anything after ``now``, the practice's time.

    Equal to what the ticks of a virtual practice do. A stop is left out of account: it shows what would go on. Reads
    only; ``practice`` may be a copy that says live, to ask what going live would send. ``changed`` asks what would
    happen if that were the journey in force, and ``under_way`` what becomes of who walks an older version.
    """
    with scope.transaction(practice.pk, read_only=True):
        setting = gathering.setting_of(practice)
        setting = _changed(setting, changed, under_way) if changed else setting
        found = [*_foretold(setting, until, now), *_answers(setting, until, now)]
    told = sorted((one for one in found if one.at >= since), key=_in_order)
    return Forecast(since, until, tuple(one for one in told if one.act), tuple(one for one in told if not one.act))


def _changed(setting: Setting, changed: Document, under_way: str) -> Setting:
    """Return a setting in which ``changed`` is the next version; it speaks in the practice's own words."""
    known = setting.documents
    new = replace(changed.with_words(versions.own_words(setting.practice.pk)), version=max(known) + 1)
    older = {"keep": known, "move": dict.fromkeys(known, new), "stop": dict.fromkeys(known, NO_JOURNEY)}[under_way]
    return replace(setting, journey=new, documents={**older, new.version: new})


def _in_order(one: Foretold) -> tuple[Any, ...]:
    return one.at, one.row, one.person_id, one.subject


def _answers(setting: Setting, until: datetime, now: datetime) -> Iterator[Foretold]:
    """Yield the messages that no journey plans: what colleagues have written and what still waits."""
    for at, case in answers_ahead(setting.practice, until=until, now=now, beside={SUBJECT, *occasions.KINDS.values()}):
        touch = case.touch
        assert isinstance(touch, Touch)  # noqa: S101 - they are rows
        subject = Ref(touch.subject_kind, touch.subject_id)
        act = {"send": "message", "hand": CALL}.get(case.ending, "")
        channel = case.ways[0].channel if act == "message" else act
        content = case.content if act == "message" else None
        yield Foretold(
            at, touch.patient_id, subject, touch.row, channel, act, touch.why, reason=case.reason,
            subject_line=content.subject if content else "", text=content.text if content else "",
        )  # fmt: skip


def _foretold(setting: Setting, until: datetime, now: datetime) -> Iterator[Foretold]:
    book = _Calls(setting, now)
    world = World(setting, now, until, book.rung)
    waiting: list[_Person] = []
    for person in _people(world):
        wishes = [touch for touch in person.plain.wishes.values() if world.rings_at(touch) < until]
        if wishes:
            waiting.append(person)
            book.wish(person.group, wishes, world)
        else:
            yield from person.foretold()
    book.share_out()
    for person in waiting:
        yield from person.foretold()


@dataclass(slots=True)
class _Calls:
    """The wishes for calls of everybody, by the moment their day is shared out, and what room there is for them."""

    setting: Setting
    now: datetime
    rung: dict[TouchKey, bool] = field(default_factory=dict)
    wishes: dict[tuple[datetime, str], list[Wish[TouchKey]]] = field(default_factory=lambda: defaultdict(list))

    def wish(self, group: Group, touches: Iterable[PlannedTouch], world: World) -> None:
        """Note whom a colleague ought to ring."""
        for touch in touches:
            self.wishes[world.rings_at(touch), touch.row].append(wish_of(group, touch))

    def share_out(self) -> None:
        """Decide for every day who is rung, as the engine does on that day."""
        today = day_of(self.now, self.setting.house.zone)
        for (at, row), wishes in self.wishes.items():
            is_today = day_of(at, self.setting.house.zone) == today
            made = rung_on(self.setting, row, self.now) if is_today else 0
            allotment = allot_calls(wishes, capacity=self.setting.house.calls_per_day, made=made)
            self.rung |= dict.fromkeys(allotment.calls, True) | dict.fromkeys(allotment.messages, False)


@dataclass(slots=True)
class _Person:
    """One person's days: as they come, and if they come to every visit."""

    world: World
    group: Group
    asking: Asking
    messages: Mapping[UUID, Message]
    failed: Mapping[UUID, frozenset[str]]
    plain: Life = field(init=False)

    def __post_init__(self) -> None:
        self.plain = self._life(self.world)

    def foretold(self) -> Iterator[Foretold]:
        """Yield what becomes of everything, then what would come on top if they came, or could not be reached."""
        ends = self.plain.live()
        yield from (_told(end) for end in ends)
        yield from (_told(end, NOT_REACHED) for end in self.plain.unanswered())
        if self._has_visits_to_end():
            known = {end.touch.key for end in ends if end.ending != "skip"}
            more = self._life(replace(self.world, is_attended=True)).live()
            yield from (_told(end, ATTENDED) for end in more if end.ending != "skip" and end.touch.key not in known)

    def _has_visits_to_end(self) -> bool:
        return any(self.world.now <= visit.ends_at < self.world.until for visit in self.group.visits.values())

    def _life(self, world: World) -> Life:
        got = {key: list(some) for key, some in self.asking.got.items() if key == self.group.facts.person.id}
        owed = {key_of(touch): self._owed(touch) for touch in self.group.touches if touch.fate == Fate.OPEN}
        closed = frozenset(key_of(touch) for touch in self.group.touches if touch.fate != Fate.OPEN)
        life = Life(world, self.group, replace(self.asking, got=got), owed, closed)
        life.begin()
        return life

    def _owed(self, touch: Touch) -> Owed:
        message = self.messages.get(touch.pk)
        ready_at = (message.held_until or message.due_at) if message else touch.due_at
        waited_from = message.waited_from if message else None
        return Owed(_as_planned(touch), ready_at, message, self.failed.get(touch.pk, frozenset()), waited_from)


def _as_planned(touch: Touch) -> PlannedTouch:
    key = key_of(touch)
    return PlannedTouch(
        row=key.row, journey_version=touch.journey_version, subject=key.subject, subject_version=key.subject_version,
        patient_id=touch.patient_id, purpose=touch.purpose, lane=touch.lane, due_at=touch.due_at,
        occurrence=key.occurrence, act=touch.act, late_after=touch.late_after, answers_at=touch.answers_at,
        why=touch.why,
    )  # fmt: skip


def _told(end: End, assumes: str = "") -> Foretold:
    touch, content = end.touch, end.content
    act = {"send": "message", "hand": CALL}.get(end.ending, "")
    return Foretold(
        at=end.at,
        person_id=touch.patient_id,
        subject=touch.subject,
        row=touch.row,
        channel=end.channel if act == "message" else act,
        act=act,
        why=touch.why,
        assumes=assumes,
        reason=str(end.reason),
        subject_line=content.subject if content else "",
        text=content.text if content else "",
    )


# Whom it may concern, a batch of people at a time.


def _people(world: World) -> Iterator[_Person]:
    setting, seen = world.setting, set[UUID]()
    ids = iter(_concerned(setting, world.until, world.now))
    while some := list(islice(ids, BATCH)):
        found = gathering.gather(setting, some, now=world.now, until=world.until)
        groups = [group for group in found if group.reach.patient_id not in seen]
        seen |= {group.reach.patient_id for group in groups}
        messages, failed = _messages(setting, groups)
        asking = _asking(setting, groups, world.now)
        for group in groups:
            _leave_what_is_leaving(setting, group, messages)
            yield _Person(world, group, asking, messages, failed)


def _asking(setting: Setting, groups: Iterable[Group], now: datetime) -> Asking:
    people = {group.facts.person.id for group in groups}
    asking = Asking(setting.practice, now, opening=setting.house.hours)
    asking.got = got_by(setting.practice, people, now=now)
    return asking


def _messages(setting: Setting, groups: Iterable[Group]) -> tuple[dict[UUID, Message], dict[UUID, frozenset[str]]]:
    """Return the message under way of each open touch, and the channels that have failed where it is not the first."""
    touches = [touch.pk for group in groups for touch in group.touches if touch.fate == Fate.OPEN]
    if not touches:
        return {}, {}
    rows = Message.objects.filter(practice_id=setting.practice.pk, touch_id__in=touches)
    found = {message.touch_id: message for message in rows.filter(state__in=NOT_FINAL)}
    later = [message.touch_id for message in found.values() if message.n > 1]
    failed: dict[UUID, frozenset[str]] = {}
    for touch_id, channel in rows.filter(touch_id__in=later, state="failed").values_list("touch_id", "channel"):
        failed[touch_id] = failed.get(touch_id, frozenset()) | {channel}
    return found, failed


def _leave_what_is_leaving(setting: Setting, group: Group, messages: Mapping[UUID, Message]) -> None:
    """Leave out what a worker has in hand. In rehearsal nobody has: who took it was killed, and it goes again."""
    if setting.practice.is_live:
        group.touches = [t for t in group.touches if t.pk not in messages or messages[t.pk].state in PENDING]


def _concerned(setting: Setting, until: datetime, now: datetime) -> list[UUID]:
    """Return who has a visit or a day of theirs near, something on its way, or news that nobody has followed yet."""
    zone = setting.house.zone
    given: dict[str, Any] = {
        "practice": setting.practice.pk,
        "first": (now - gathering.SEEN_BACK).date() - timedelta(days=1),
        "last": day_of(until, zone) + _reach(setting),
        "kinds": [SUBJECT, *occasions.KINDS.values()],
        "live": setting.practice.is_live,
        "until": until,
        "cursor": FOLLOWED,
        "news": [f"diary.appointment.{word}" for word in ("booked", "moved", "cancelled", "reinstated")],
    }
    with connection.cursor() as cursor:
        cursor.execute(_CONCERNED, given)
        concerned = {row[0] for row in cursor.fetchall()}
    days = occasions.window(setting.practice, now, until)
    return sorted(concerned | occasions.near(setting.practice, setting.journey, days).keys())


def _reach(setting: Setting) -> timedelta:
    """How many days before a visit something may fall due, days on which nobody is written to or rings included."""
    days = [-row.when.days for document in setting.documents.values() for row in document.rows]
    return timedelta(days=max(0, setting.house.call_days_before, *days) + 4)


_CONCERNED = """
select patient_id from diary_appointment
where practice_id = %(practice)s and day between %(first)s and %(last)s and not is_history
union
select patient_id from outbox_touch
where practice_id = %(practice)s and live = %(live)s and fate = 'open' and subject_kind = any (%(kinds)s)
  and due_at < %(until)s
union
select patient_id from ledger_event
where practice_id = %(practice)s and patient_id is not null and kind = any (%(news)s)
  and seq > coalesce((select seq from ledger_cursor where practice_id = %(practice)s and name = %(cursor)s), 0)
"""
