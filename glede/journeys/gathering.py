"""From rows to the planner's facts, for many people at once: a handful of statements however many they are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol, cast
from uuid import UUID

from django.db.models import Q

from glede.diary.facts import VisitFacts
from glede.diary.models import StateChange
from glede.diary.queries import facts_of_people
from glede.diary.rules import Change as Word
from glede.diary.rules import Reason, State
from glede.journeys import occasions, versions
from glede.journeys.calls import NOT_REACHED_TWICE
from glede.journeys.document import Document
from glede.journeys.facts import By, CallEnd, Change, Facts, History, House, Occasion, Person, Told, Visit
from glede.journeys.hours import day_of
from glede.journeys.models import CallOutcome, Enrolment
from glede.kernel.actor import SYSTEM
from glede.outbox.models import Touch
from glede.outbox.operations.ways import Way, ways_to
from glede.outbox.rules import Fate
from glede.outbox.touches import ASSUMES
from glede.outbox.transports import usable_channels
from glede.people.models import Patient
from glede.people.queries import reach
from glede.people.values import Reach
from glede.practices.models import Practice
from glede.practices.queries import opening_hours

SUBJECT = "appointment"
NO_JOURNEY = Document("", SUBJECT, {}, ())
"""What a visit walks whose journey was stopped: nothing is planned for it any more."""
SEEN_BACK = timedelta(days=6)
"""A visit that began longer ago is settled: no row of a visit reaches further back (row 12: two days and a wait)."""

_DAYS_BACK = timedelta(days=60)
"""So far back the touches about days of people are read: none of them waits longer, whatever holds it."""
_NEWS = (Word.BOOKED, Word.IMPORTED, Word.MOVED, Word.CANCELLED, Word.REINSTATED)
_WISHED_BY_PATIENT = frozenset({
    Reason.NONE_GIVEN, Reason.NOT_NEEDED, Reason.UNWELL, Reason.TIME, Reason.COST, Reason.ELSEWHERE, Reason.OTHER,
})  # fmt: skip
_STANDS = frozenset({State.BOOKED, State.CONFIRMED, State.ARRIVED, State.WITH, State.DONE})


@dataclass(slots=True)
class Group:
    """One person with all their visits and the days of theirs that are near, also those of records merged into theirs.

    ``touches`` are those about these, and whatever is still open about a day of theirs.
    """

    facts: Facts
    history: History
    reach: Reach
    visits: dict[UUID, VisitFacts] = field(default_factory=dict)
    touches: list[Touch] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Setting:
    """The practice with what planning for it needs: its rules, its journey, the versions visits are pinned to."""

    practice: Practice
    house: House
    journey: Document
    documents: Mapping[int, Document]
    usable: frozenset[str]


def house_of(practice: Practice) -> House:
    """Return the practice as the planner sees it."""
    return House(
        zone=practice.zone,
        hours=opening_hours(practice),
        hours_from=practice.hours_from,
        hours_to=practice.hours_to,
        call_days_before=practice.call_days_before,
        calls_per_day=practice.calls_per_day,
        live_since=practice.live_since,
    )


def setting_of(practice: Practice) -> Setting:
    """Return what planning for a practice needs. The journey in force is the last version."""
    documents = versions.documents(practice.pk)
    usable = frozenset(usable_channels(practice.pk, live=practice.is_live))
    return Setting(practice, house_of(practice), documents[max(documents)], documents, usable)


def gather(
    setting: Setting, patient_ids: Iterable[UUID], *, now: datetime, until: datetime | None = None
) -> list[Group]:
    """Return everything about these people that planning needs, in the order of their ids. Call it inside a scope.

    Whoever has neither a visit nor a day of theirs that is near, or comes before ``until``, is left out.
    """
    reached, owner_of = _people(setting.practice.pk, set(patient_ids))
    visits = _visits(setting.practice.pk, owner_of, now)
    days = occasions.window(setting.practice, now, until)
    near = _occasions(setting, owner_of, days)
    touches = _touches(setting, [visit.appointment_id for visit in visits], owner_of, now)
    owners = {owner_of[visit.patient_id] for visit in visits} | near.keys() | touches.of_people.keys()
    if not owners:
        return []
    ids = [visit.appointment_id for visit in visits]
    changes, assumed = _changes(setting.practice.pk, ids) if ids else ({}, set())
    calls, pinned = (_calls(setting.practice.pk, ids), _pins(setting, ids)) if ids else ({}, {})
    by_owner: dict[UUID, list[VisitFacts]] = defaultdict(list)
    for visit in visits:
        by_owner[owner_of[visit.patient_id]].append(visit)
    known = _Known(touches, calls, pinned, assumed, near, days.last)
    return [_group(setting, reached[owner], by_owner[owner], changes, known) for owner in sorted(owners)]


def _occasions(setting: Setting, owner_of: Mapping[UUID, UUID], days: occasions.Window) -> dict[UUID, list[Occasion]]:
    found = occasions.near(setting.practice, setting.journey, days, list(set(owner_of.values())))
    return {head: some for head, some in found.items() if head in owner_of}


@dataclass(frozen=True, slots=True)
class _Touches:
    """The touches about each visit, and those about a day of each person."""

    of_visits: Mapping[UUID, list[Touch]]
    of_people: Mapping[UUID, list[Touch]]


@dataclass(frozen=True, slots=True)
class _Known:
    touches: _Touches
    calls: Mapping[tuple[str, UUID, int], CallEnd]
    pinned: Mapping[UUID, Document]
    assumed: Set[UUID]
    occasions: Mapping[UUID, list[Occasion]]
    until: date


def _people(practice_id: UUID, wanted: set[UUID]) -> tuple[dict[UUID, Reach], dict[UUID, UUID]]:
    """Return the reach of each living record, and for every record the one it belongs to."""
    found = reach(practice_id, wanted)
    heads = {one.merged_into or own for own, one in found.items()}
    merged = Patient.objects.filter(practice_id=practice_id, merged_into_id__in=heads)
    owner_of = {head: head for head in heads} | dict(merged.values_list("pk", "merged_into_id"))
    missing = heads - found.keys()
    if missing:
        found |= reach(practice_id, missing)
    return found, owner_of


def _visits(practice_id: UUID, owner_of: Mapping[UUID, UUID], now: datetime) -> list[VisitFacts]:
    # What follows a visit is told with it, and has no journey of its own.
    found = facts_of_people(practice_id, owner_of, since=now - SEEN_BACK)
    return [visit for visit in found if visit.part_of is None]


def _changes(practice_id: UUID, ids: list[UUID]) -> tuple[dict[UUID, list[Change]], set[UUID]]:
    """Return the news of each visit, and those of which nobody but a moved clock said that they took place."""
    rows = StateChange.objects.filter(practice_id=practice_id, appointment_id__in=ids, change__in=(*_NEWS, Word.DONE))
    found: dict[UUID, list[Change]] = defaultdict(list)
    assumed: set[UUID] = set()
    fields = ("appointment_id", "change", "state", "at", "actor_role", "reason", "to_start")
    for visit_id, word, state, at, role, reason, to_start in rows.order_by("number").values_list(*fields):
        if word == Word.DONE:
            (assumed.add if role == SYSTEM.role else assumed.discard)(visit_id)
            continue
        slot = to_start.isoformat() if to_start else ""
        wish, stands = whose_wish(role, reason), State(state) in _STANDS
        found[visit_id].append(Change(word, wish, at, slot, stands, at_desk=role == "staff"))
    return found, assumed


def whose_wish(role: str, reason: str) -> By:
    """Return whose wish a change was: who presses the button is not always who wished it (a patient rings)."""
    if role == "import" or reason == Reason.LIST:
        return "list"
    if role == "patient" or reason in _WISHED_BY_PATIENT:
        return "patient"
    return "practice"


def _calls(practice_id: UUID, ids: list[UUID]) -> dict[tuple[str, UUID, int], CallEnd]:
    rows = CallOutcome.objects.filter(practice_id=practice_id, subject_id__in=ids).order_by("at", "id")
    ended: dict[tuple[str, UUID, int], CallEnd] = {}
    tries: dict[tuple[str, UUID, int], int] = defaultdict(int)
    for row, subject, version, code, at in rows.values_list("row", "subject_id", "subject_version", "code", "at"):
        key = (row, subject, version)
        if code == CallOutcome.Code.FULL:
            ended[key] = CallEnd(code, at)
        elif code == CallOutcome.Code.NOT_REACHED:
            tries[key] += 1
            if tries[key] == NOT_REACHED_TWICE:
                ended[key] = CallEnd(code, at)
    return ended


def _touches(setting: Setting, ids: list[UUID], owner_of: Mapping[UUID, UUID], now: datetime) -> _Touches:
    practice, kinds = setting.practice, list(occasions.KINDS.values())
    of_visits = Q(subject_id__in=ids, subject_kind=SUBJECT)
    of_days = Q(patient_id__in=list(owner_of), subject_kind__in=kinds, due_at__gte=now - _DAYS_BACK)
    rows = Touch.objects.filter(of_visits | of_days, practice_id=practice.pk, live=practice.is_live)
    visits: dict[UUID, list[Touch]] = defaultdict(list)
    people: dict[UUID, list[Touch]] = defaultdict(list)
    for touch in rows.order_by("closed_at", "id"):
        if touch.subject_kind == SUBJECT:
            visits[touch.subject_id].append(touch)
        else:
            people[owner_of[touch.patient_id]].append(touch)
    return _Touches(visits, people)


def _pins(setting: Setting, ids: list[UUID]) -> dict[UUID, Document]:
    rows = Enrolment.objects.filter(
        practice_id=setting.practice.pk, subject_id__in=ids, subject_kind=SUBJECT, key=setting.journey.key
    )
    return {
        subject: NO_JOURNEY if is_stopped else setting.documents[version]
        for subject, version, is_stopped in rows.values_list("subject_id", "version", "is_stopped")
        if is_stopped or version != setting.journey.version
    }


def _group(
    setting: Setting, reached: Reach, visits: list[VisitFacts], changes: Mapping[UUID, list[Change]], known: _Known
) -> Group:
    ids = [visit.appointment_id for visit in visits]
    touches = [touch for visit_id in ids for touch in known.touches.of_visits.get(visit_id, ())]
    touches += known.touches.of_people.get(reached.patient_id, ())
    person = person_of(reached, ways_to(reached, setting.practice, usable=setting.usable))
    facts = Facts(
        setting.house,
        person,
        tuple(_seen(visit, changes, known.assumed) for visit in visits),
        {visit_id: known.pinned[visit_id] for visit_id in ids if visit_id in known.pinned},
        tuple(known.occasions.get(reached.patient_id, ())),
        known.until,
    )
    mine = set(ids)
    calls = {key: end for key, end in known.calls.items() if key[1] in mine} if known.calls else {}
    history = History(tuple(told(setting, person, touches)), calls)
    return Group(facts, history, reached, {visit.appointment_id: visit for visit in visits}, touches)


def _seen(visit: VisitFacts, changes: Mapping[UUID, list[Change]], assumed: Set[UUID]) -> Visit:
    seen = visit_of(visit, changes.get(visit.appointment_id, []))
    return replace(seen, is_assumed=True) if visit.appointment_id in assumed else seen


def person_of(reached: Reach, ways: Sequence[Way]) -> Person:
    """Return the person as the planner sees them. The first of ``ways`` is a guess: the claim chooses afresh."""
    channel = ways[0].channel if ways else ""
    return Person(
        id=reached.patient_id,
        zone=reached.zone,
        hours_from=reached.hours_from,
        hours_to=reached.hours_to,
        days=reached.days,
        channel=channel,
        channel_because=_because(reached, channel),
        has_phone=any(contact.kind == "phone" for contact in reached.contacts),
        is_anxious=reached.is_anxious,
        is_complex=reached.is_complex,
        likes_calls=reached.likes_calls,
        stopped="deceased" if reached.deceased else "erased" if reached.is_erased else "",
    )


def _because(reached: Reach, channel: str) -> str:
    if not channel:
        return "no_channel"
    if channel == "call":
        return "likes_calls"
    return "only_address" if len(reached.contacts) == 1 else "first_choice"


def visit_of(visit: VisitFacts, changes: list[Change]) -> Visit:
    """Return a visit as the planner sees it."""
    slot = visit.starts_at.isoformat()
    told = changes or [Change("imported", "list", visit.booked_at, slot)]
    return Visit(
        id=visit.appointment_id,
        version=visit.version,
        order=visit.external_id or str(visit.appointment_id),
        day=visit.day,
        slot=slot,
        zone=visit.zone,
        starts_at=visit.starts_at,
        deadline=visit.standing().deadline(),
        state=visit.state.value,
        changes=tuple(told),
        is_confirmed=visit.state == State.CONFIRMED,
        is_first=visit.is_first_visit,
        done_at=visit.done_at,
        is_history=visit.is_history,
        delayed_at=visit.delay_told_at,
        delay_minutes=visit.delay_minutes or 0,
        telling=visit.telling,
    )


class Standing(Protocol):
    """A touch with its fate, written down or only foreseen."""

    @property
    def row(self) -> str: ...
    @property
    def subject_id(self) -> UUID: ...
    @property
    def subject_version(self) -> int: ...
    @property
    def occurrence(self) -> int: ...
    @property
    def lane(self) -> str: ...
    @property
    def act(self) -> str: ...
    @property
    def why(self) -> Any: ...
    @property
    def fate(self) -> str: ...
    @property
    def closed_at(self) -> datetime | None: ...


def told(setting: Setting, person: Person, touches: Iterable[Standing]) -> Iterable[Told]:
    """Yield what reached the person or a colleague, of touches that have ended; all others are left out."""
    for touch in touches:
        if touch.fate not in {Fate.DONE, Fate.HANDED} or touch.closed_at is None:
            continue
        row = setting.journey.row(touch.row)
        yield Told(
            row=touch.row,
            subject_id=touch.subject_id,
            slot=cast("str", touch.why.get("slot", "")),
            day=day_of(touch.closed_at, person.zone),
            lane=touch.lane,
            is_alone=touch.act == "message" and row is not None and row.alone_on_its_day,
            occurrence=touch.occurrence,
            is_assumed=ASSUMES in touch.why,
        )
