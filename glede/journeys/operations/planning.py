"""Bring what people are owed in line with the plan: new touches, changed hours, and those no longer needed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from glede.diary.facts import VisitFacts
from glede.diary.rules import State
from glede.journeys import gathering
from glede.journeys.calls import Wish, allot_calls, rank_of
from glede.journeys.foreseeing import key_of, with_foresight
from glede.journeys.gathering import SUBJECT, Group, Setting, Standing
from glede.journeys.hours import day_of
from glede.journeys.models import CallOutcome
from glede.journeys.operations.promising import settle_promises
from glede.journeys.planner import AGAIN, plan
from glede.kernel.actor import SYSTEM
from glede.kernel.clock import at_wall
from glede.kernel.ids import new_ids
from glede.kernel.ref import Ref
from glede.outbox.models import Touch
from glede.outbox.operations import plan_touches, skip_touches
from glede.outbox.rules import Fate, Reason
from glede.outbox.touches import PlannedTouch, TouchKey
from glede.people.models import Patient
from glede.practices.arrays import Column, insert_columns


@dataclass(slots=True)
class Difference:
    """What has to change so that the rows say what the plan says."""

    wanted: list[PlannedTouch] = field(default_factory=list)
    to_ring: list[tuple[Group, PlannedTouch]] = field(default_factory=list)
    gone: dict[Reason, list[TouchKey]] = field(default_factory=lambda: defaultdict(list))


def replan(setting: Setting, patient_ids: Iterable[UUID], *, now: datetime) -> None:
    """Plan for these people and write the difference. Call it inside an act."""
    groups = gathering.gather(setting, _with_wards(setting.practice.pk, patient_ids), now=now)
    difference = difference_of(setting, groups, now)
    if difference.to_ring:
        _share_out(setting, difference, now)
    practice_id = setting.practice.pk
    if difference.wanted:
        plan_touches(practice_id=practice_id, touches=difference.wanted, by=SYSTEM, now=now)
        _enrol(setting, {touch.subject for touch in difference.wanted}, now)
    for reason, keys in sorted(difference.gone.items()):
        skip_touches(practice_id=practice_id, keys=keys, reason=reason, by=SYSTEM, now=now)
    settle_promises(practice_id, groups, now=now)


def _with_wards(practice_id: UUID, patient_ids: Iterable[UUID]) -> set[UUID]:
    """Return these people and those they answer for: who is reached through them goes by their wishes and refusals."""
    wanted = set(patient_ids)
    wards = Patient.objects.filter(practice_id=practice_id, guardian_id__in=wanted)
    return wanted.union(wards.values_list("pk", flat=True))


def difference_of(setting: Setting, groups: Iterable[Group], now: datetime) -> Difference:
    """Return what differs between the plan of these people and their rows."""
    difference = Difference()
    today = day_of(now, setting.house.zone).isoformat()
    plans = [(group, plan(setting.journey, group.facts, group.history, now)) for group in groups]
    for group, planned in with_foresight(setting, plans, now=now):
        known = {key_of(touch): touch for touch in group.touches}
        for touch in planned:
            standing = known.get(touch.key)
            if "call_day" in touch.why:
                # Calls are shared out on their day and stand from then on, so that nobody is rung twice or moved back.
                if standing is None and str(touch.why["call_day"]) <= today:
                    difference.to_ring.append((group, touch))
            elif standing is None or (standing.fate == Fate.OPEN and _differs(standing, touch)):
                difference.wanted.append(touch)
        keys = {touch.key for touch in planned}
        for key, standing in known.items():
            if standing.fate == Fate.OPEN and key not in keys:
                difference.gone[reason_gone(group, standing)].append(key)
    return difference


def _differs(standing: Touch, touch: PlannedTouch) -> bool:
    return (standing.due_at, standing.late_after, standing.why, standing.act) != (
        touch.due_at,
        touch.late_after,
        touch.why,
        touch.act,
    )


_BY_STATE = {
    State.CANCELLED: Reason.CANCELLED,
    State.ENTERED_IN_ERROR: Reason.ENTERED_IN_ERROR,
}


def reason_gone(group: Group, standing: Standing) -> Reason:
    """Return why an open touch is not planned any more."""
    if group.facts.person.stopped:
        return Reason(group.facts.person.stopped)
    visit: VisitFacts | None = group.visits.get(standing.subject_id)
    if visit is None:
        return _reason_a_day_is_gone(group, standing)
    if visit.state in _BY_STATE:
        return _BY_STATE[visit.state]
    if visit.version != standing.subject_version:
        return Reason.MOVED if visit.moved_at else Reason.CHANGED
    if visit.state == State.CONFIRMED and standing.occurrence == AGAIN and standing.act == "call":
        return Reason.ANSWERED
    return Reason.NOT_NEEDED


def _reason_a_day_is_gone(group: Group, standing: Standing) -> Reason:
    is_met = any(one.id == standing.subject_id and one.is_met for one in group.facts.occasions)
    return Reason.ANSWERED if is_met else Reason.NOT_NEEDED


def _share_out(setting: Setting, difference: Difference, now: datetime) -> None:
    """Promise the calls there is room for today; whoever is left over is planned for again, to get a message."""
    full: list[PlannedTouch] = []
    for row in sorted({touch.row for _, touch in difference.to_ring}):
        candidates = {touch.key: touch for _, touch in difference.to_ring if touch.row == row}
        wishes = [wish_of(group, touch) for group, touch in difference.to_ring if touch.row == row]
        made = rung_on(setting, row, now)
        allotment = allot_calls(wishes, capacity=setting.house.calls_per_day, made=made)
        difference.wanted += [as_rung(setting, candidates[key], now) for key in allotment.calls]
        full.extend(candidates[key] for key in allotment.messages)
    if full:
        _note_full(setting, full, now)
        _plan_instead(setting, full, difference, now)


def as_rung(setting: Setting, touch: PlannedTouch, now: datetime) -> PlannedTouch:
    """Return a call there is room for on the day of ``now``: to be made before the practice closes."""
    today = day_of(now, setting.house.zone)
    late = max(touch.late_after or now, setting.house.hours.day_end(today) or now)
    return replace(touch, late_after=late, why={**touch.why, "rung_on": today.isoformat()})


def wish_of(group: Group, touch: PlannedTouch) -> Wish[TouchKey]:
    """Return the wish of a person who ought to be rung."""
    visit = next(v for v in group.facts.visits if v.id == touch.subject.id)
    kinds = touch.why["kinds"]
    rank = rank_of(kinds) if isinstance(kinds, list) else 0
    return Wish(touch.key, touch.patient_id, rank, visit.starts_at, visit.order)


def rung_on(setting: Setting, row: str, now: datetime) -> int:
    """Return how many people a row has a colleague ring on the day of ``now`` already."""
    day = day_of(now, setting.house.zone)
    begins, today = at_wall(day, setting.house.hours_from.min, setting.house.zone), day.isoformat()
    rows = Touch.objects.filter(
        practice_id=setting.practice.pk, due_at__gt=begins - gathering.SEEN_BACK, row=row, act="call",
        subject_kind=SUBJECT, live=setting.practice.is_live,
    )  # fmt: skip
    return len({patient for patient, why in rows.values_list("patient_id", "why") if why.get("rung_on") == today})


def _note_full(setting: Setting, full: Iterable[PlannedTouch], now: datetime) -> None:
    CallOutcome.objects.bulk_create(
        [
            CallOutcome(
                practice_id=setting.practice.pk, row=touch.row, subject_kind=SUBJECT, subject_id=touch.subject.id,
                subject_version=touch.subject_version, code=CallOutcome.Code.FULL, at=now, actor_role=SYSTEM.role,
            )
            for touch in full
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _plan_instead(setting: Setting, full: Iterable[PlannedTouch], difference: Difference, now: datetime) -> None:
    """Plan anew for those left over: the message they get takes its day from what else they were to get."""
    again = list(gathering.gather(setting, {touch.patient_id for touch in full}, now=now))
    more = difference_of(setting, again, now)
    theirs = {visit.id for group in again for visit in group.facts.visits}
    difference.wanted = [t for t in difference.wanted if t.subject.id not in theirs or "rung_on" in t.why]
    difference.wanted += more.wanted
    for keys in difference.gone.values():
        keys[:] = [key for key in keys if key.subject.id not in theirs]
    for reason, keys in more.gone.items():
        difference.gone[reason] += keys


def _enrol(setting: Setting, subjects: Iterable[Ref], now: datetime) -> None:
    """Pin each subject to the version it is planned by, unless it is pinned already."""
    refs = sorted(ref for ref in subjects if ref.kind == SUBJECT)
    if not refs:
        return
    alike = {"practice_id": ("uuid", setting.practice.pk), "key": ("text", setting.journey.key)}
    alike |= {"version": ("int", setting.journey.version), "enrolled_at": ("timestamptz", now)}
    columns: list[Column] = [
        ("id", "uuid", new_ids(len(refs))),
        ("subject_id", "uuid", [ref.id for ref in refs]),
        ("subject_kind", "text", [ref.kind for ref in refs]),
        *((name, kind, [value] * len(refs)) for name, (kind, value) in alike.items()),
    ]
    insert_columns("journeys_enrolment", columns, where_missing=True)
