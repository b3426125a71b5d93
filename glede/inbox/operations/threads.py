"""What every act on a conversation needs: words, a person, a named colleague, and the lock."""

from uuid import UUID

from glede.inbox.models import Conversation
from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import Act
from glede.people.queries import head_of

WORDS_MAX = 10_000


class NothingSaid(ValueError):
    """The words are blank."""


class TooLong(ValueError):
    """More than ``WORDS_MAX`` characters."""


class NoSuchConversation(LookupError):
    """This practice has no such conversation."""


class NothingOpen(LookupError):
    """No message waits for an answer, so there is nothing to close."""


class NotAPerson(PermissionError):
    """Only a named colleague answers or closes."""


class CannotUse(ValueError):
    """The person can use nothing that could be written to them: they are told another way."""


class NobodyThere(LookupError):
    """This practice knows no such person."""


def said(words: str) -> str:
    """Return words as they are kept. Raises ``NothingSaid``, ``TooLong``."""
    kept = words.replace("\r\n", "\n").replace("\x00", "").strip()
    if not kept:
        raise NothingSaid
    if len(kept) > WORDS_MAX:
        raise TooLong
    return kept


def person(practice_id: UUID, patient_id: UUID) -> UUID:
    """Return who a person is after merges. Raises ``NobodyThere``."""
    head = head_of(practice_id, patient_id)
    if head is None:
        raise NobodyThere(str(patient_id))
    return head


def named(by: Actor) -> UUID:
    """Return the membership of the colleague who acts. Raises ``NotAPerson``."""
    if by.role != "staff" or by.id is None:
        raise NotAPerson(by.role)
    return by.id


def lock_conversation(receiving: Act, patient_id: UUID, *others: UUID) -> Conversation:
    """Return the conversation with a person, begun where there is none, locked with them and ``others``."""
    fresh = Conversation(practice_id=receiving.practice_id, patient_id=patient_id, started_at=receiving.now)
    Conversation.objects.bulk_create([fresh], ignore_conflicts=True)
    conversation = Conversation.objects.get(patient_id=patient_id)
    receiving.lock(Ref("conversation", conversation.pk), *(Ref("patient", p) for p in (patient_id, *others)))
    return conversation


def locked(acting: Act, conversation_id: UUID) -> Conversation:
    """Return a conversation, locked with its person. Raises ``NoSuchConversation``."""
    conversation = Conversation.objects.filter(pk=conversation_id).first()
    if conversation is None:
        raise NoSuchConversation(str(conversation_id))
    acting.lock(Ref("conversation", conversation.pk), Ref("patient", conversation.patient_id))
    return conversation
