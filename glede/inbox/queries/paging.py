"""The pieces of a conversation a page at a time, and how a conversation stands without reading it all."""

from functools import reduce
from operator import or_
from uuid import UUID

from django.db import connection
from django.db.models import Min, Q, QuerySet

from glede.inbox import rules
from glede.inbox.models import Assessment, Closure, Conversation, InboundMessage, Reply
from glede.inbox.queries.conversations import (
    ConversationPage,
    Piece,
    Rows,
    answer_owed,
    answered_to_all,
    assessed_to_all,
    pieces_in,
)
from glede.inbox.queries.desk import Seen
from glede.people.queries import records_of
from glede.practices import scope
from glede.practices.paging import Place, older
from glede.staff.queries import colleague_names


@scope.asked_once
def conversations_of(practice_id: UUID, patient_id: UUID) -> dict[UUID, UUID]:
    """Return a person's conversation, and those of records merged into theirs, each with whose record it was."""
    with scope.transaction(practice_id):
        rows = Conversation.objects.filter(patient_id__in=records_of(practice_id, [patient_id])).order_by("id")
        return dict(rows.values_list("id", "patient_id"))


def messages_of(practice_id: UUID, patient_id: UUID, *, before: Place | None = None, limit: int = 50) -> list[Piece]:
    """Return what a person said, newest first, a page at a time. Their place is (when it came, the piece's id)."""
    with scope.transaction(practice_id):
        rows = InboundMessage.objects.filter(conversation_id__in=list(conversations_of(practice_id, patient_id)))
        said = older(rows, "received_at", "id", before=before, limit=limit)
        return pieces_in(practice_id, Rows(list(said), [], []))[::-1]


def replies_of(practice_id: UUID, patient_id: UUID, *, before: Place | None = None, limit: int = 50) -> list[Piece]:
    """Return what a person was answered, newest first, a page at a time. Their place is (when, the piece's id)."""
    with scope.transaction(practice_id):
        rows = Reply.objects.filter(conversation_id__in=list(conversations_of(practice_id, patient_id)))
        answered = older(rows, "written_at", "id", before=before, limit=limit)
        return pieces_in(practice_id, Rows([], list(answered), []))[::-1]


def closings_of(practice_id: UUID, patient_id: UUID, *, before: Place | None = None, limit: int = 50) -> list[Piece]:
    """Return what needed no answer, newest first, a page at a time; a closing that was taken back is none.

    Their place is (when it was closed, the piece's id).
    """
    with scope.transaction(practice_id):
        rows = Closure.objects.filter(conversation_id__in=list(conversations_of(practice_id, patient_id)))
        closed = older(rows.filter(reopenings=None), "closed_at", "id", before=before, limit=limit)
        return pieces_in(practice_id, Rows([], [], list(closed)))[::-1]


def assessments_of(practice_id: UUID, patient_id: UUID, *, before: Place | None = None, limit: int = 50) -> list[Seen]:
    """Return who found a person's words not urgent, when and why, newest first, a page at a time."""
    with scope.transaction(practice_id):
        names = colleague_names(practice_id)
        rows = Assessment.objects.filter(conversation_id__in=list(conversations_of(practice_id, patient_id)))
        seen = older(rows, "assessed_at", "id", before=before, limit=limit)
        return [Seen(row.pk, row.assessed_at, names.get(row.assessed_by, ""), row.reason) for row in seen]


def count_pieces(practice_id: UUID, patient_id: UUID) -> dict[str, int]:
    """Return how many pieces of each kind there are: said, answered, closed, and seen (found not urgent)."""
    with scope.transaction(practice_id), connection.cursor() as cursor:
        own = list(conversations_of(practice_id, patient_id))
        cursor.execute(_COUNTS, {"practice": practice_id, "own": own})
        return dict(cursor.fetchall())


_COUNTS = """
select 'said', count(*) from inbox_inboundmessage where practice_id = %(practice)s and conversation_id = any (%(own)s)
union all
select 'answered', count(*) from inbox_reply where practice_id = %(practice)s and conversation_id = any (%(own)s)
union all
select 'closed', count(*) from inbox_closure c where practice_id = %(practice)s and conversation_id = any (%(own)s)
  and not exists (select from inbox_reopening r where r.practice_id = c.practice_id and r.closure_id = c.id)
union all
select 'seen', count(*) from inbox_assessment where practice_id = %(practice)s and conversation_id = any (%(own)s)
"""


def standing_of(practice_id: UUID, patient_id: UUID) -> ConversationPage:
    """Return how a person's conversation stands, as ``conversation_of`` does, but for its pieces.

    It reads what waits and the last words alone, however long the conversation is.
    """
    with scope.transaction(practice_id):
        own = conversations_of(practice_id, patient_id)
        said = InboundMessage.objects.filter(conversation_id__in=list(own))
        last = said.order_by("-received_at", "-id").first()
        waiting = _waiting(said, answered_to_all(list(own))) if last else said.none()
        first = waiting.order_by("received_at", "id").first() if last else None
        tier = _waiting(waiting, assessed_to_all(list(own))).aggregate(least=Min("tier"))["least"] if first else None
        shown = first.conversation_id if first else next((c for c, p in own.items() if p == patient_id), None)
        owed = answer_owed(practice_id, shown) if shown else None
        newest = said.filter(conversation_id=shown).order_by("-n").values_list("n", flat=True).first() if shown else 0
        names = colleague_names(practice_id)
    return ConversationPage(
        conversation_id=shown,
        patient_id=patient_id,
        pieces=(),
        last_n=newest or 0,
        waiting_from=first.received_at if first else None,
        owed=owed,
        owner=names.get(owed.owner_id, "") if owed and owed.owner_id else "",
        tier=rules.CALM if tier is None else tier,
        channel=last.channel if last else "link",
    )


def _waiting(rows: QuerySet[InboundMessage], up_to: dict[UUID, int]) -> QuerySet[InboundMessage]:
    """Leave out what was answered, or looked at, up to a number in its conversation."""
    done = (Q(conversation_id=key, n__lte=n) for key, n in up_to.items())
    return rows.exclude(reduce(or_, done)) if up_to else rows
