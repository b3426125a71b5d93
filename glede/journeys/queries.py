"""What journeys can be asked: what a person gets next and why, at which step they are, and what a row is called."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from glede.diary.facts import VisitFacts
from glede.diary.models import Appointment
from glede.diary.queries import visits_of
from glede.diary.rules import AHEAD, State
from glede.journeys import events, gathering, measures, versions
from glede.journeys.composing import content_for
from glede.journeys.document import Document, Spot, default_raw
from glede.journeys.facts import CallEnd
from glede.journeys.foreseeing import key_of, with_foresight
from glede.journeys.gathering import Group, Setting
from glede.journeys.hours import day_of
from glede.journeys.measured import Measured, acts_of
from glede.journeys.models import CallOutcome, Enrolment, Journey, Wording
from glede.journeys.planner import plan
from glede.journeys.wording import Words
from glede.kernel.ref import Ref
from glede.ledger.queries import events_of_kinds
from glede.outbox.foresight import foreseen_in
from glede.outbox.models import Message
from glede.outbox.rules import Fate
from glede.outbox.touches import PlannedTouch
from glede.people.models import Patient
from glede.people.queries import head_of
from glede.practices import scope
from glede.practices.queries import practice_by_id

BOOK, PREPARE, REMIND, VISIT, AFTERCARE, BELONG, DISCOVER = 3, 4, 5, 6, 9, 10, 1
PREPARES_FROM = timedelta(days=7)
AFTERCARE_DAYS = timedelta(days=14)
SEEN_AHEAD = timedelta(days=370)
"""So far ahead a person's own days are told: their next birthday is among them."""
_TOLD = 500  # so many changes of words are looked through for who made one


@dataclass(frozen=True, slots=True)
class Coming:
    """One thing a person gets next. ``why`` holds codes for ``words.why_words``; ``text`` is how it looks today."""

    row: str
    name: dict[str, str]
    step: int
    subject: Ref
    act: str
    channel: str
    due_at: datetime
    occurrence: int
    why: dict[str, Any] = field(default_factory=dict)
    subject_line: str = ""
    text: str = ""


def person_next(practice_id: UUID, patient_id: UUID, *, now: datetime, limit: int = 20) -> list[Coming]:
    """Return what a person gets next, soonest first: the plan as it is at ``now``, what gives way left out.

    Calls that depend on the room of their day are shown as wishes; nothing here is written.
    """
    with scope.transaction(practice_id, read_only=True):
        setting = gathering.setting_of(practice_by_id(practice_id))
        head = head_of(practice_id, patient_id) or patient_id
        groups = gathering.gather(setting, [head], now=now, until=now + SEEN_AHEAD)
        plans = [(group, list(_open(setting, group, now))) for group in groups]
        coming = [
            _coming(setting, group, touch, now)
            for group, planned in with_foresight(setting, plans, now=now)
            for touch in planned
        ]
    return sorted(coming, key=lambda c: (c.due_at, c.row))[:limit]


def _open(setting: Setting, group: Group, now: datetime) -> Iterable[PlannedTouch]:
    ended = {key_of(touch) for touch in group.touches if touch.fate != Fate.OPEN}
    for touch in plan(setting.journey, group.facts, group.history, now):
        if touch.key not in ended and "yields_to" not in touch.why:
            yield touch


def _coming(setting: Setting, group: Group, touch: PlannedTouch, now: datetime) -> Coming:
    row = setting.documents.get(touch.journey_version, setting.journey).row(touch.row)
    content, channel = None, touch.channel
    if touch.act == "message":
        moment = max(now, touch.due_at)
        channel = foreseen_in(touch.why).channel or touch.channel
        content = content_for(setting, group, touch, channel=channel, language=group.reach.language, now=moment)
    return Coming(
        row=touch.row,
        name=dict(row.name) if row else {},
        step=row.step if row else 0,
        subject=touch.subject,
        act=touch.act,
        channel=channel,
        due_at=touch.due_at,
        occurrence=touch.occurrence,
        why=dict(touch.why),
        subject_line=content.subject if content else "",
        text=content.text if content else "",
    )


def messages_listed(practice_id: UUID) -> list[dict[str, Any]]:
    """Return every message as ``glede outbox`` prints it, as they fall due.

    Person and subject go by the number another system gave them, where there is one, else by ours.
    """
    with scope.transaction(practice_id, read_only=True):
        people = _outer_ids(Patient.objects.filter(practice_id=practice_id))
        visits = _outer_ids(Appointment.objects.filter(practice_id=practice_id))
        rows = Message.objects.filter(practice_id=practice_id).order_by("due_at", "touch__row", "id")
        return [
            {
                "id": str(message_id),
                "person": people.get(person) or str(person),
                "subject": visits.get(subject) or str(subject),
                "row": row,
                "channel": channel,
                "state": state,
                "reason": reason,
                "due_at": due_at.isoformat(),
                "sent_at": sent_at.isoformat() if sent_at else None,
            }
            for message_id, person, subject, row, channel, state, reason, due_at, sent_at in rows.values_list(*_LISTED)
        ]


_LISTED = (
    "id", "touch__patient_id", "touch__subject_id", "touch__row", "channel", "state", "reason", "due_at", "sent_at",
)  # fmt: skip


def _outer_ids(rows: QuerySet[Any]) -> dict[UUID, str]:
    return dict(rows.exclude(external_id="").values_list("id", "external_id"))


@scope.asked_once
def row_names(practice_id: UUID) -> dict[str, dict[str, str]]:
    """Return what each row of the journey in force is called, by number and language."""
    with scope.transaction(practice_id, read_only=True):
        return {row.row: dict(row.name) for row in versions.in_force(practice_id).rows}


def journey_raw(practice_id: UUID) -> tuple[Any, int]:
    """Return the journey in force as plain values, as it was written, and its version."""
    with scope.transaction(practice_id, read_only=True):
        rows = Journey.objects.filter(practice_id=practice_id, key=versions.KEY).order_by("-version")
        newest = rows.values_list("document", "version").first()
    return newest or (default_raw(), versions.SHIPPED)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a journey as it was written; 0 is the one that comes with Glede, made by nobody."""

    number: int
    raw: Any
    at: datetime | None = None
    by: UUID | None = None


def journey_versions(practice_id: UUID) -> list[Version]:
    """Return every version of the journey, the newest first, the one that is shipped last."""
    with scope.transaction(practice_id, read_only=True):
        rows = Journey.objects.filter(practice_id=practice_id, key=versions.KEY).order_by("-version")
        made = [Version(*row) for row in rows.values_list("version", "document", "made_at", "made_by_id")]
    return [*made, Version(versions.SHIPPED, default_raw())]


def journey_listed(practice_id: UUID, language: str) -> dict[str, Any]:
    """Return every row of the journey in force in the order of the document: walked, switched off, or resting and why.

    ``because`` says why a row rests; it is empty for one that is walked or merely switched off.
    """
    raw, version = journey_raw(practice_id)
    return {
        "journey": raw["journey"],
        "name": raw["name"][language],
        "version": version,
        "under_way": under_way(practice_id),
        "rows": [
            {
                "row": row["row"],
                "step": row["step"],
                "name": row["name"][language],
                "is_on": row.get("is_on", True) and "waits_for" not in row,
                "act": row["act"],
                "because": _rests(row, language),
            }
            for row in raw["rows"]
        ],
    }


def row_measures(practice_id: UUID, *, since: datetime, until: datetime, now: datetime) -> dict[str, Measured]:
    """Return what came of each row of the journey in force that is walked or could be, in its order.

    Counts what fell due from ``since`` until ``until``, in rehearsal too, where it is never sent.
    """
    with scope.transaction(practice_id, read_only=True):
        rows = [row for row in versions.in_force(practice_id).rows if row.triggers]
        acts = {row.row: acts_of(row.triggers) for row in rows}
        return measures.counted(practice_id, acts, since=since, until=until, now=now)


def _rests(row: Mapping[str, Any], language: str) -> str:
    if "waits_for" in row:
        return f"waits for {row['waits_for']}" if language == "en" else f"venter på {row['waits_for']}"
    if "kept_by" in row:
        return f"kept by {row['kept_by']}" if language == "en" else f"ivaretas av {row['kept_by']}"
    return str(row["not_yet"][language]) if "not_yet" in row else ""


def under_way(practice_id: UUID) -> int:
    """Return how many visits to come walk a version of the journey."""
    with scope.transaction(practice_id, read_only=True):
        ahead = Appointment.objects.filter(practice_id=practice_id, state__in=AHEAD).values("pk")
        rows = Enrolment.objects.filter(practice_id=practice_id, key=versions.KEY, is_stopped=False)
        return rows.filter(subject_kind=gathering.SUBJECT, subject_id__in=ahead).count()


def calls_tried(practice_id: UUID, promise_ids: Iterable[UUID]) -> dict[UUID, list[CallEnd]]:
    """Return what came of the calls of each promise so far, oldest first."""
    with scope.transaction(practice_id, read_only=True):
        rows = CallOutcome.objects.filter(practice_id=practice_id, promise_id__in=list(promise_ids))
        found: dict[UUID, list[CallEnd]] = {}
        for promise_id, code, at in rows.order_by("at", "id").values_list("promise_id", "code", "at"):
            if promise_id is not None:
                found.setdefault(promise_id, []).append(CallEnd(code, at))
        return found


def wording_in_force(practice_id: UUID) -> tuple[Document, Mapping[Spot, Words]]:
    """Return the journey in force in the practice's words, and which of them are its own."""
    with scope.transaction(practice_id):
        own = versions.own_words(practice_id)
        return versions.in_force(practice_id).with_words(own), own


@dataclass(frozen=True, slots=True)
class Said:
    """One wording a message once had: which, from when on, by whom (None for the machine); no words for ours."""

    number: int
    at: datetime
    by: UUID | None
    words: Words | None


def wordings_of(practice_id: UUID, spot: Spot) -> list[Said]:
    """Return every wording a message was given, the newest first. None is ever deleted."""
    with scope.transaction(practice_id):
        rows = list(Wording.objects.filter(practice_id=practice_id, **asdict(spot)).order_by("-number"))
        told = events_of_kinds(practice_id, [events.WORDING_CHANGED], limit=_TOLD)
    of_it = [one for one in told if asdict(spot).items() <= one.data.items()]
    who = [one.by.id for one in of_it] + [None] * len(rows)
    return [
        Said(row.number, row.made_at, by, None if row.is_ours else Words(row.short, row.friendly, row.subject))
        for row, by in zip(rows, who, strict=False)
    ]


def step_of(practice_id: UUID, patient_id: UUID, *, now: datetime) -> int:
    """Return at which of the ten steps a person is, derived from what the diary's record amounts to."""
    return steps_of(practice_id, [patient_id], now=now)[patient_id]


def steps_of(practice_id: UUID, patient_ids: Iterable[UUID], *, now: datetime) -> dict[UUID, int]:
    """Return the step of each person; one without a visit is at the first."""
    return {patient_id: step_among(visits_of(practice_id, patient_id), now=now) for patient_id in patient_ids}


def step_among(visits: Iterable[VisitFacts], *, now: datetime) -> int:
    """Return at which step a person with these visits is."""
    return max((step_of_visit(visit, now) for visit in visits), default=(0, DISCOVER))[1]


def step_of_visit(visit: VisitFacts, now: datetime) -> tuple[int, int]:
    """Return (weight, step) of one visit: the visit that weighs most says where the person is."""
    today = day_of(now, visit.zone)
    if visit.state in {State.ARRIVED, State.WITH}:
        return 4, VISIT
    if visit.is_ahead and visit.day >= today:
        if visit.day <= today + timedelta(days=1):
            return 3, REMIND
        return 3, PREPARE if visit.starts_at - now <= PREPARES_FROM else BOOK
    if visit.state == State.DONE and visit.done_at:
        return (2, AFTERCARE) if now - visit.done_at <= AFTERCARE_DAYS else (1, BELONG)
    return 0, BELONG if visit.is_history else DISCOVER
