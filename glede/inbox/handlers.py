"""What the inbox takes part in across rooms: sending, erasing, exporting, merging, verifying."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, QuerySet

from glede.inbox import composing as words_of
from glede.inbox.models import Assessment, Closure, Conversation, Draft, InboundMessage, Reply, StrayMessage
from glede.inbox.queries import balance, stream_of
from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger import registry
from glede.outbox import composing
from glede.people.queries.rights import own_addresses
from glede.practices import scope
from glede.practices.telling import plain
from glede.promises.queries import open_about


def register() -> None:
    """Register with the rooms below."""
    composing.register("conversation", words_of.compose)
    registry.register("erase", "inbox", erase)
    registry.register("export", "inbox", export)
    registry.register("merge", "inbox", merge)
    registry.register("verify", "inbox", verify)


def erase(practice_id: UUID, patient_id: UUID, *, by: Actor, now: datetime) -> None:
    """Blank every word of a conversation, and what came from an address that is theirs alone; that it came stays."""
    own = Conversation.objects.filter(practice_id=practice_id, patient_id=patient_id)
    InboundMessage.objects.filter(conversation__in=own).exclude(words="").update(words="")
    Reply.objects.filter(conversation__in=own).exclude(words="").update(words="")
    Closure.objects.filter(conversation__in=own).exclude(note="").update(note="")
    Assessment.objects.filter(conversation__in=own).exclude(reason="").update(reason="")
    Draft.objects.filter(conversation__in=own).delete()
    strays = StrayMessage.objects.filter(practice_id=practice_id)
    theirs = strays.filter(patient_id=patient_id) | strays.filter(
        patient_id__isnull=True, address__in=own_addresses(practice_id, patient_id)
    )
    theirs.update(words="", address="", note="", calm_reason="")


def export(practice_id: UUID, patient_id: UUID) -> list[dict[str, Any]]:
    """Return all that was said with a person, oldest first; why it was not urgent, and whence words were placed."""
    said = [
        {
            "what": "piece", "id": str(p.id), "kind": p.kind, "at": p.at.isoformat(), "channel": p.channel,
            "words": p.words, "who": p.who, "conversation": str(p.conversation_id),
        }
        for p in stream_of(practice_id, [patient_id])
    ]  # fmt: skip
    with scope.transaction(practice_id):
        own = Conversation.objects.filter(practice_id=practice_id, patient_id=patient_id)
        read = Assessment.objects.filter(conversation__in=own).order_by("assessed_at", "id")
        placed = StrayMessage.objects.filter(practice_id=practice_id, patient_id=patient_id)
        told = [plain("assessment", row) for row in read]
        told += [plain("placed", row) for row in placed.order_by("received_at", "id")]
    return said + told


def merge(practice_id: UUID, keep_id: UUID, merge_id: UUID, *, by: Actor, now: datetime) -> None:
    """Nothing moves: the conversation of the merged one is read with the one that is kept."""


def verify(practice_id: UUID, report: Any) -> None:
    """Check that whoever waits for an answer has a promise of one."""
    report.counts["conversations"] = Conversation.objects.filter(practice_id=practice_id).count()
    waiting = {Ref("conversation", key) for key in _waiting(practice_id)}
    promised = {owed.subject for owed in open_about(practice_id, *waiting)}
    report.problems += [
        f"inbox: conversation {subject.id} waits and nothing is promised" for subject in sorted(waiting - promised)
    ]
    for channel, counted in balance(practice_id).items():
        report.counts[f"came_by_{channel}"] = counted.received
        if not counted.is_even:
            report.problems.append(f"inbox: {channel}: {counted} leaves a message uncounted")
    strays = StrayMessage.objects.filter(practice_id=practice_id, closed_at=None).values_list("id", flat=True)
    report.problems += [
        f"inbox: stray message {i} waits and nothing is promised"
        for i in strays
        if not open_about(practice_id, Ref("stray", i))
    ]


def _waiting(practice_id: UUID) -> list[UUID]:
    """Return the conversations whose last message nobody answered or closed, in three questions.

    Nobody is owed an answer who was forgotten.
    """
    last = _highest(InboundMessage.objects.filter(practice_id=practice_id, conversation__patient__erased_at=None), "n")
    replied = _highest(Reply.objects.filter(practice_id=practice_id), "answers_to")
    closed = _highest(Closure.objects.filter(practice_id=practice_id, reopenings=None), "closes_to")
    return [key for key, n in last.items() if n > max(replied.get(key, 0), closed.get(key, 0))]


def _highest(rows: QuerySet[Any], column: str) -> dict[UUID, int]:
    highest = rows.order_by().values("conversation_id").annotate(highest=Max(column))
    return {key: n or 0 for key, n in highest.values_list("conversation_id", "highest")}
