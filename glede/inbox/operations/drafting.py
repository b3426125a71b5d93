"""Begin an answer, and begin a conversation."""

from datetime import datetime
from uuid import UUID

from glede.inbox.models import Conversation, Draft
from glede.inbox.operations.threads import WORDS_MAX, NoSuchConversation, lock_conversation, named, person
from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.practices import scope
from glede.promises.operations import hand_promise
from glede.promises.queries import open_about

TOOK = "took"


def save_draft(*, practice_id: UUID, conversation_id: UUID, words: str, by: Actor, now: datetime) -> None:
    """Keep what a colleague has begun to write; blank words throw it away. No event: nothing was said.

    Who begins an answer that nobody owes by name takes it on. Raises ``NoSuchConversation``, ``NotAPerson``.
    """
    author = named(by)
    with scope.transaction(practice_id):
        conversation = Conversation.objects.filter(pk=conversation_id).first()
        if conversation is None:
            raise NoSuchConversation(str(conversation_id))
        if not words.strip():
            Draft.objects.filter(conversation=conversation, membership_id=author).delete()
            return
        Draft.objects.update_or_create(
            practice_id=practice_id,
            conversation=conversation,
            membership_id=author,
            defaults={"words": words[:WORDS_MAX], "saved_at": now},
        )
        _take_on(practice_id, conversation_id, author, by=by, now=now)


def _take_on(practice_id: UUID, conversation_id: UUID, author: UUID, *, by: Actor, now: datetime) -> None:
    for owed in open_about(practice_id, Ref("conversation", conversation_id)):
        if owed.kind == "answer" and owed.owner_id is None:
            hand_promise(practice_id=practice_id, promise_id=owed.id, owner_id=author, reason=TOOK, by=by, now=now)


def start_conversation(*, practice_id: UUID, patient_id: UUID, by: Actor, now: datetime) -> UUID:
    """Return the conversation with a person, begun now where nobody has written yet."""
    whom = person(practice_id, patient_id)
    with act(practice_id, by=by, now=now) as starting:
        return lock_conversation(starting, whom).pk
