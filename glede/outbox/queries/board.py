"""What will go, what went, what did not, and why: for the board, the person's page and the command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, QuerySet

from glede.outbox.foresight import UNASKED, Foresight, foreseen_in
from glede.outbox.models import Attempt, Message, Touch
from glede.outbox.rules import LANES, PENDING, Fate, Lane, State
from glede.practices import scope
from glede.practices.models import Practice
from glede.practices.paging import Place, older

WILL_GO, HELD, SENT, ARRIVED, DOUBTFUL = "will_go", "held", "sent", "arrived", "doubtful"
REHEARSED, STOPPED, NOT_NEEDED, BECAME_A_CALL, FAILED = "rehearsed", "stopped", "not_needed", "became_a_call", "failed"
ANSWERED, WILL_NOT_GO = "answered", "will_not_go"
FATES = (
    WILL_GO, HELD, WILL_NOT_GO, SENT, ARRIVED, ANSWERED, REHEARSED, DOUBTFUL, STOPPED, NOT_NEEDED, FAILED,
    BECAME_A_CALL,
)  # fmt: skip


REPLY = "reply"
"""The purpose of an answer that carries a conversation's words: there they are told already."""


class NoSuchTouch(LookupError):
    """There is no such touch or message in this practice."""


@dataclass(frozen=True, slots=True)
class Line:
    """One touch on the board, with its last message. `at` is when it goes, went, or ended.

    `foreseen` is what the policy said of it ahead of its hour, while that still holds.
    """

    touch_id: UUID
    message_id: UUID
    patient_id: UUID
    subject_kind: str
    subject_id: UUID
    row: str
    journey_version: int
    purpose: str
    lane: str
    channel: str
    fate: str
    state: str
    reason: str
    held_by: str
    held_until: datetime | None
    at: datetime
    due_at: datetime
    sent_at: datetime | None
    subject_line: str
    body: str
    n: int
    live: bool
    promise_id: UUID | None
    why: dict[str, Any]
    foreseen: Foresight = UNASKED


@dataclass(frozen=True, slots=True)
class Board:
    """The board: how many by fate, and the lines of the fate asked for."""

    counts: dict[str, int]
    lines: list[Line]
    is_live: bool
    stopped_at: datetime | None
    live_since: datetime | None


@dataclass(frozen=True, slots=True)
class Try:
    """One thing that was tried, for the page that says why."""

    kind: str
    at: datetime
    outcome: str
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class Story:
    """One touch with every message and every try."""

    line: Line
    messages: list[Line] = field(default_factory=list)
    tries: list[Try] = field(default_factory=list)


def _with_last(touches: QuerySet[Touch]) -> QuerySet[Message]:
    """The last message of each touch, with its touch."""
    # As "none comes after it", which runs along two indexes; picking the highest of each touch reads every message.
    later = Message.objects.filter(touch_id=OuterRef("touch_id"), n__gt=OuterRef("n"))
    return Message.objects.filter(~Exists(later), touch__in=touches).select_related("touch")


def board(
    practice_id: UUID, *, since: datetime, until: datetime, now: datetime, fate: str = "", limit: int = 500
) -> Board:
    """Everything due from `since` until `until`, counted by fate; the lines of one fate, or of all, by hour."""
    with scope.transaction(practice_id):
        practice = Practice.objects.get(pk=practice_id)
        touches = Touch.objects.filter(
            practice_id=practice_id, due_at__gte=since, due_at__lt=until, live=practice.is_live
        )
        lines = [line_of(m, now) for m in _with_last(touches).order_by("touch__due_at", "id")]
    counts = Counter(line.fate for line in lines)
    chosen = [line for line in lines if not fate or line.fate == fate]
    return Board(
        counts={name: counts[name] for name in FATES},
        lines=sorted(chosen, key=lambda line: (line.at, line.touch_id))[:limit],
        is_live=practice.is_live,
        stopped_at=practice.stopped_at,
        live_since=practice.live_since,
    )


def line_of(message: Message, now: datetime) -> Line:
    """A message as a line of the board."""
    touch, foreseen = message.touch, _foreseen(message)
    waits_until = message.held_until or foreseen.until
    return Line(
        touch_id=touch.id, message_id=message.id, patient_id=touch.patient_id, subject_kind=touch.subject_kind,
        subject_id=touch.subject_id, row=touch.row, journey_version=touch.journey_version, purpose=touch.purpose,
        lane=touch.lane, channel=foreseen.channel or message.channel, fate=fate_of(message, now), state=message.state,
        reason=message.reason or touch.reason, held_by=message.held_by, held_until=waits_until,
        at=message.sent_at or message.closed_at or waits_until or message.due_at,
        due_at=touch.due_at, sent_at=message.sent_at, subject_line=message.subject_line,
        body=message.body, n=message.n, live=touch.live, promise_id=message.promise_id, why=touch.why,
        foreseen=foreseen,
    )  # fmt: skip


def _foreseen(message: Message) -> Foresight:
    """What was foreseen of a message that nobody has begun; afterwards its own fate is told."""
    is_untouched = message.state in PENDING and message.n == 1 and message.fence == 0
    return foreseen_in(message.touch.why) if is_untouched else UNASKED


_FATES = {
    State.ACCEPTED: SENT,
    State.SENT: SENT,
    State.SENDING: SENT,
    State.DELIVERED: ARRIVED,
    State.READ: ARRIVED,
    State.REHEARSED: REHEARSED,
    State.UNKNOWN: DOUBTFUL,
    State.HANDED: BECAME_A_CALL,
}


def fate_of(message: Message, now: datetime) -> str:
    """The fate of a touch in the words of the board, from its last message."""
    state = State(message.state)
    if state in PENDING:
        return _waiting(message, now)
    if state is State.SKIPPED:
        return STOPPED if message.reason == "stopped" else NOT_NEEDED
    if state is State.FAILED:
        return BECAME_A_CALL if message.touch.fate == Fate.HANDED else FAILED
    return _FATES[state]


def _waiting(message: Message, now: datetime) -> str:
    foreseen = _foreseen(message)
    if foreseen.is_denied:
        return WILL_NOT_GO
    until = message.held_until or foreseen.until
    return HELD if until is not None and until > now else WILL_GO


def message_for(practice_id: UUID, message_id: UUID, *, now: datetime) -> Story:
    """One message with all that is known of it: its touch, its sisters, every try. Raises `NoSuchTouch`."""
    with scope.transaction(practice_id):
        found = Message.objects.filter(practice_id=practice_id, pk=message_id).select_related("touch").first()
        if found is None:
            raise NoSuchTouch(str(message_id))
        sisters = Message.objects.filter(practice_id=practice_id, touch_id=found.touch_id).select_related("touch")
        tries = Attempt.objects.filter(practice_id=practice_id, message__touch_id=found.touch_id).order_by("at", "id")
        return Story(
            line=line_of(found, now),
            messages=[line_of(m, now) for m in sisters.order_by("n")],
            tries=[Try(a.kind, a.at, a.outcome, a.reason, a.words) for a in tries],
        )


def of_patient(practice_id: UUID, patient_ids: Iterable[UUID], *, now: datetime, limit: int = 200) -> list[Line]:
    """What a person got and will get, newest first. Several ids: a person and those merged into them."""
    with scope.transaction(practice_id):
        touches = Touch.objects.filter(practice_id=practice_id, patient_id__in=list(patient_ids))
        rows = _with_last(touches).order_by(F("touch__due_at").desc(), "-id")[:limit]
        return [line_of(m, now) for m in rows]


def sent_to(
    practice_id: UUID, patient_ids: Iterable[UUID], *, now: datetime, before: Place | None = None, limit: int = 50
) -> list[Line]:
    """What a person was sent, or would have been in rehearsal, newest first, a page at a time; answers left out.

    Their place is (when it was sent, the message's id).
    """
    with scope.transaction(practice_id):
        rows = older(_sent_to(practice_id, patient_ids), "sent_at", "id", before=before, limit=limit)
        return [line_of(m, now) for m in rows]


def count_sent(practice_id: UUID, patient_ids: Iterable[UUID]) -> int:
    """How many messages a person was sent, answers left out."""
    with scope.transaction(practice_id):
        return _sent_to(practice_id, patient_ids).count()


def _sent_to(practice_id: UUID, patient_ids: Iterable[UUID]) -> QuerySet[Message]:
    touches = Touch.objects.filter(practice_id=practice_id, patient_id__in=list(patient_ids)).exclude(purpose=REPLY)
    return _with_last(touches).filter(sent_at__isnull=False)


def next_for_patient(practice_id: UUID, patient_ids: Iterable[UUID], *, now: datetime, limit: int = 5) -> list[Line]:
    """What a person gets next, soonest first."""
    with scope.transaction(practice_id):
        live = Practice.objects.get(pk=practice_id).is_live
        rows = Message.objects.filter(
            practice_id=practice_id, touch__patient_id__in=list(patient_ids), state__in=PENDING, live=live
        ).select_related("touch")
        lines = [line_of(m, now) for m in rows.order_by("due_at", "id")[: limit * 4]]
    return sorted(lines, key=lambda line: (line.at, line.touch_id))[:limit]


def of_subject(practice_id: UUID, kind: str, subject_id: UUID, *, now: datetime) -> list[Line]:
    """Every touch about one subject, by hour."""
    with scope.transaction(practice_id):
        touches = Touch.objects.filter(practice_id=practice_id, subject_kind=kind, subject_id=subject_id)
        return [line_of(m, now) for m in _with_last(touches).order_by("touch__due_at", "id")]


def contacts_written_to(practice_id: UUID, message_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return by message the contact each was written to; those that name none are left out."""
    with scope.transaction(practice_id):
        rows = Message.objects.filter(practice_id=practice_id, pk__in=list(message_ids), contact_id__isnull=False)
        return {pk: contact for pk, contact in rows.values_list("pk", "contact_id") if contact}


def outbox_rows(practice_id: UUID) -> Iterator[dict[str, Any]]:
    """Every touch as plain data, in the order they fall due: what `outbox --json` prints."""
    with scope.transaction(practice_id):
        touches = Touch.objects.filter(practice_id=practice_id)
        for message in (
            _with_last(touches).order_by("touch__due_at", "touch__row", "touch__subject_id", "id").iterator()
        ):
            yield row_of(message)


def row_of(message: Message) -> dict[str, Any]:
    """One touch as plain data."""
    touch = message.touch
    return {
        "touch": str(touch.id),
        "message": str(message.id),
        "row": touch.row,
        "purpose": touch.purpose,
        "lane": touch.lane,
        "patient": str(touch.patient_id),
        "subject": {"kind": touch.subject_kind, "id": str(touch.subject_id), "version": touch.subject_version},
        "occurrence": touch.occurrence,
        "mode": "live" if touch.live else "rehearsal",
        "act": touch.act,
        "due_at": touch.due_at.isoformat(),
        "fate": touch.fate,
        "state": message.state,
        "reason": message.reason or touch.reason,
        "channel": message.channel,
        "n": message.n,
        "sent_at": message.sent_at.isoformat() if message.sent_at else None,
        "held_until": message.held_until.isoformat() if message.held_until else None,
        "subject_line": message.subject_line,
        "body": message.body,
        "promise": str(message.promise_id) if message.promise_id else None,
        "why": touch.why,
    }


def best_lane_due(practice_id: UUID, *, now: datetime) -> Lane | None:
    """The first lane in which something is due, or None. One look at the index a lane."""
    with scope.transaction(practice_id):
        practice = Practice.objects.get(pk=practice_id)
        if practice.stopped_at is not None:
            return None
        with connection.cursor() as cursor:
            for lane in LANES:
                cursor.execute(_ANY_DUE, [practice_id, practice.is_live, lane.value, now, now])
                if cursor.fetchone():
                    return lane
    return None


_ANY_DUE = """
select 1 from outbox_message
where practice_id = %s and live = %s and lane = %s and state in ('planned', 'ready') and due_at <= %s
  and (held_until is null or held_until <= %s) limit 1
"""


def channels_in_doubt(practice_id: UUID) -> list[str]:
    """Return the channels on which some message's outcome is not known."""
    with scope.transaction(practice_id):
        doubtful = Message.objects.filter(practice_id=practice_id, state=State.UNKNOWN)
        return sorted(set(doubtful.values_list("channel", flat=True)))


def next_due_at(practice_id: UUID) -> datetime | None:
    """When the next message of this practice falls due or its hold ends, or None. For clocks that are moved by hand."""
    with scope.transaction(practice_id):
        live = Practice.objects.get(pk=practice_id).is_live
        with connection.cursor() as cursor:
            cursor.execute(
                "select min(greatest(due_at, coalesce(held_until, due_at))) from outbox_message"
                " where practice_id = %s and live = %s and state in ('planned', 'ready')",
                [practice_id, live],
            )
            found = cursor.fetchone()
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Conservation:
    """Of one mode (I13, docs/reliability.md): planned = went + rehearsed + skipped + failed + handed + under way."""

    planned: int
    fates: dict[str, int]

    @property
    def holds(self) -> bool:
        """Whether no touch is without a fate."""
        return self.planned == sum(self.fates.values())


def conservation(practice_id: UUID) -> Conservation:
    """Count every touch of the practice's mode once, by where its last message stands."""
    with scope.transaction(practice_id):
        live = Practice.objects.get(pk=practice_id).is_live
        touches = Touch.objects.filter(practice_id=practice_id, live=live)
        fates = Counter(_with_last(touches).values_list("state", flat=True))
        return Conservation(touches.count(), dict(fates))
