"""Conversations as pages show them: what was said, what was answered, who waits, until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Max, QuerySet

from glede.inbox import rules
from glede.inbox.models import Assessment, Closure, Conversation, Draft, InboundMessage, Reply, StrayMessage
from glede.kernel.ref import Ref
from glede.people.queries import patients_at, records_of
from glede.practices import scope
from glede.promises.queries import Owed, open_about, open_promises
from glede.staff.queries import colleague_names


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a conversation. ``kind``: said (by the person), answered, or closed.

    ``who`` is the colleague's name, empty for the person; ``note`` the words kept with a closing.
    """

    id: UUID
    conversation_id: UUID
    kind: str
    at: datetime
    words: str
    channel: str
    who: str = ""
    n: int = 0
    tier: int = 5
    categories: tuple[str, ...] = ()
    reason: str = ""
    appointment_id: UUID | None = None
    touch_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """A conversation from first to last, the oldest first.

    ``last_n`` is the number of the newest message: a reply written from this page answers up to it.
    ``owed`` is the open promise of an answer; ``owner`` the name of who gave it, if anybody.
    """

    conversation_id: UUID | None
    patient_id: UUID
    pieces: tuple[Piece, ...]
    last_n: int
    waiting_from: datetime | None
    owed: Owed | None
    owner: str
    tier: int
    channel: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A person who waits: their last words, since when, how urgent, and what was promised."""

    conversation_id: UUID
    patient_id: UUID
    words: str
    channel: str
    since: datetime
    last_n: int
    tier: int
    owed: Owed | None


@dataclass(frozen=True, slots=True)
class Stray:
    """Words from a number or address that nobody, or more than one, is known by; ``known_by`` may have written them.

    ``seen_by`` is the clinician who found them not urgent, empty where none did.
    """

    id: UUID
    channel: str
    address: str
    words: str
    received_at: datetime
    known_by: tuple[UUID, ...]
    seen_by: str = ""


def strays(practice_id: UUID, ids: Iterable[UUID]) -> dict[UUID, Stray]:
    """Return the stray messages among these that nobody has placed or closed yet."""
    with scope.transaction(practice_id):
        rows = list(StrayMessage.objects.filter(practice_id=practice_id, pk__in=list(ids), closed_at=None))
        names = colleague_names(practice_id) if any(row.calmed_by for row in rows) else {}
        return {
            row.pk: Stray(
                row.pk, row.channel, row.address, row.words, row.received_at,
                tuple(patients_at(practice_id, "email" if row.channel == "email" else "phone", row.address)),
                names.get(row.calmed_by, "") if row.calmed_by else "",
            )
            for row in rows
        }  # fmt: skip


def answered_to(conversation_id: UUID) -> int:
    """Return the number of the last message that was answered or closed; 0 where none was. Needs a scope."""
    replied = Reply.objects.filter(conversation_id=conversation_id).aggregate(n=Max("answers_to"))["n"] or 0
    closures = Closure.objects.filter(conversation_id=conversation_id, reopenings=None)
    closed = closures.aggregate(n=Max("closes_to"))["n"] or 0
    return max(replied, closed)


def assessed_to(conversation_id: UUID) -> int:
    """Return the number of the last message that a clinician found not urgent; 0 where none was. Needs a scope."""
    return assessed_to_all([conversation_id]).get(conversation_id, 0)


def conversation_of(practice_id: UUID, patient_id: UUID) -> ConversationPage:
    """Return everything said with a person, with what was said before records were merged into theirs."""
    with scope.transaction(practice_id):
        own = dict(_conversations(practice_id, [patient_id]).values_list("id", "patient_id"))
        rows = _rows_of(list(own))
        pieces, answered = pieces_in(practice_id, rows), _answered_to(rows)
        said = [p for p in pieces if p.kind == "said"]
        waiting = [p for p in said if p.n > answered.get(p.conversation_id, 0)]
        assessed = assessed_to_all(list(own)) if waiting else {}
        shown = waiting[0].conversation_id if waiting else next((c for c, p in own.items() if p == patient_id), None)
        owed = answer_owed(practice_id, shown) if shown else None
    return ConversationPage(
        conversation_id=shown,
        patient_id=patient_id,
        pieces=tuple(pieces),
        last_n=max((p.n for p in said if p.conversation_id == shown), default=0),
        waiting_from=waiting[0].at if waiting else None,
        owed=owed,
        owner=colleague_names(practice_id).get(owed.owner_id, "") if owed and owed.owner_id else "",
        tier=min((p.tier for p in waiting if p.n > assessed.get(p.conversation_id, 0)), default=rules.CALM),
        channel=said[-1].channel if said else "link",
    )


def conversation_for(practice_id: UUID, conversation_id: UUID) -> ConversationPage | None:
    """Return a conversation by its id, or None where this practice has no such conversation."""
    with scope.transaction(practice_id):
        patient_id = Conversation.objects.filter(pk=conversation_id).values_list("patient_id", flat=True).first()
    return conversation_of(practice_id, patient_id) if patient_id else None


def unanswered(practice_id: UUID, promised: Iterable[Owed] | None = None, *, limit: int = 500) -> list[Unanswered]:
    """Return everybody who waits for an answer, the most urgent first, then by the time promised.

    With ``promised`` only those to whom these answers are owed.
    """
    if promised is None:
        promised = open_promises(practice_id, kinds=["answer"], limit=5_000)
    owed = {o.subject.id: o for o in promised}
    with scope.transaction(practice_id):
        answered, assessed = answered_to_all(list(owed)), assessed_to_all(list(owed))
        waiting: dict[UUID, list[InboundMessage]] = {}
        open_rows = InboundMessage.objects.filter(conversation_id__in=list(owed)).select_related("conversation")
        for message in open_rows.order_by("conversation_id", "n"):
            if message.n > answered.get(message.conversation_id, 0):
                waiting.setdefault(message.conversation_id, []).append(message)
    found = [_unanswered(rows, owed.get(key), assessed.get(key, 0)) for key, rows in waiting.items()]
    return sorted(found, key=lambda u: (u.tier, u.owed.due_at if u.owed else u.since))[:limit]


def stream_of(practice_id: UUID, patient_ids: Iterable[UUID]) -> list[Piece]:
    """Return what was said, answered and closed with a person, the oldest first, for the one stream."""
    with scope.transaction(practice_id):
        own = list(_conversations(practice_id, patient_ids).values_list("id", flat=True))
        return pieces_in(practice_id, _rows_of(own))


def draft_of(practice_id: UUID, conversation_id: UUID, membership_id: UUID) -> str:
    """Return what a colleague has begun to write here, or ""."""
    with scope.transaction(practice_id):
        rows = Draft.objects.filter(conversation_id=conversation_id, membership_id=membership_id)
        return rows.values_list("words", flat=True).first() or ""


def _conversations(practice_id: UUID, patient_ids: Iterable[UUID]) -> QuerySet[Conversation]:
    return Conversation.objects.filter(patient_id__in=records_of(practice_id, patient_ids))


def answer_owed(practice_id: UUID, conversation_id: UUID) -> Owed | None:
    """Return the open promise of an answer in a conversation. Needs a scope."""
    about = open_about(practice_id, Ref("conversation", conversation_id))
    return next((owed for owed in about if owed.kind == "answer"), None)


def answered_to_all(ids: list[UUID]) -> dict[UUID, int]:
    """Return the number of the last message that was answered or closed, by conversation. Needs a scope."""
    answered: dict[UUID, int] = {}
    replies = Reply.objects.filter(conversation_id__in=ids).values_list("conversation_id").annotate(n=Max("answers_to"))
    closures = Closure.objects.filter(conversation_id__in=ids, reopenings=None).values_list("conversation_id")
    for key, n in [*replies, *closures.annotate(n=Max("closes_to"))]:
        answered[key] = max(answered.get(key, 0), n)
    return answered


def assessed_to_all(ids: list[UUID]) -> dict[UUID, int]:
    """Return the number of the last message that was found not urgent, by conversation. Needs a scope."""
    rows = Assessment.objects.filter(conversation_id__in=ids).values_list("conversation_id")
    return dict(rows.annotate(n=Max("assesses_to")))


def _unanswered(rows: list[InboundMessage], owed: Owed | None, assessed_to: int) -> Unanswered:
    last = rows[-1]
    return Unanswered(
        conversation_id=last.conversation_id,
        patient_id=last.conversation.patient_id,
        words=last.words,
        channel=last.channel,
        since=rows[0].received_at,
        last_n=last.n,
        tier=min((row.tier for row in rows if row.n > assessed_to), default=rules.CALM),
        owed=owed,
    )


class Rows(NamedTuple):
    """What was said, answered and closed in some conversations; a closing that was taken back is none."""

    messages: list[InboundMessage]
    replies: list[Reply]
    closures: list[Closure]


def _rows_of(ids: list[UUID]) -> Rows:
    return Rows(
        list(InboundMessage.objects.filter(conversation_id__in=ids)),
        list(Reply.objects.filter(conversation_id__in=ids)),
        list(Closure.objects.filter(conversation_id__in=ids, reopenings=None)),
    )


def _answered_to(rows: Rows) -> dict[UUID, int]:
    """Return the number of the last message that was answered or closed, by conversation."""
    answered: dict[UUID, int] = {}
    replied = [(r.conversation_id, r.answers_to) for r in rows.replies]
    for key, n in [*replied, *((c.conversation_id, c.closes_to) for c in rows.closures)]:
        answered[key] = max(answered.get(key, 0), n)
    return answered


def pieces_in(practice_id: UUID, rows: Rows) -> list[Piece]:
    """Return rows as pages show them, the oldest first. Needs a scope."""
    names = colleague_names(practice_id)
    said = [
        Piece(
            m.pk, m.conversation_id, "said", m.received_at, m.words, m.channel, n=m.n, tier=m.tier,
            categories=tuple(m.categories), appointment_id=m.appointment_id,
        )
        for m in rows.messages
    ]  # fmt: skip
    answered = [
        Piece(
            r.pk,
            r.conversation_id,
            "answered",
            r.written_at,
            r.words,
            r.channel,
            names.get(r.written_by, ""),
            touch_id=r.touch_id,
        )
        for r in rows.replies
    ]
    closed = [
        Piece(c.pk, c.conversation_id, "closed", c.closed_at, c.note, "", _name(names, c.closed_by), reason=c.reason)
        for c in rows.closures
    ]
    return sorted([*said, *answered, *closed], key=lambda piece: (piece.at, piece.id))


def _name(names: dict[UUID, str], who: UUID | None) -> str:
    """Return a colleague's name; "" where a plain answer was done at once, which nobody closed."""
    return names.get(who, "") if who else ""
