"""Thank a colleague, see it, and take it back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.people.queries import head_of
from glede.staff.queries import colleagues
from glede.team import events
from glede.team.models import Thanks


class CannotThank(ValueError):
    """Nobody thanks themselves, a stranger, or without a word; the message says which."""


class NoSuchThanks(LookupError):
    """There are no such thanks, or somebody else gave and got them."""


@dataclass(frozen=True)
class NewThanks:
    """Whom somebody thanks (a membership), in which words, and about whom, where it is about a patient."""

    to_id: UUID
    words: str
    patient_id: UUID | None = None


def thank_colleague(*, practice_id: UUID, thanks: NewThanks, by: Actor, now: datetime) -> Thanks:
    """Thank a colleague; they read it once on Today. Raises ``CannotThank``."""
    words = " ".join(thanks.words.split())
    if not words:
        raise CannotThank("words")
    if by.id is None or by.id == thanks.to_id:
        raise CannotThank("self")
    if thanks.to_id not in {one.membership_id for one in colleagues(practice_id)}:
        raise CannotThank("to")
    with act(practice_id, by=by, now=now) as thanking:
        patient_id = head_of(practice_id, thanks.patient_id) if thanks.patient_id else None
        row = Thanks.objects.create(
            practice_id=practice_id, from_id=by.id, to_id=thanks.to_id, words=words, patient_id=patient_id, given_at=now
        )
        thanking.record(events.THANKS_GIVEN, subject=Ref("thanks", row.pk), data={"to": thanks.to_id})
    return row


def see_thanks(*, practice_id: UUID, by: Actor, now: datetime) -> int:
    """Note that a colleague has read what they were thanked for; return how many it was."""
    if by.id is None:
        return 0
    with act(practice_id, by=by, now=now) as seeing:
        rows = Thanks.objects.filter(practice_id=practice_id, to_id=by.id, seen_at=None, withdrawn_at=None)
        ids = sorted(rows.values_list("pk", flat=True))
        seeing.lock(*(Ref("thanks", key) for key in ids))
        Thanks.objects.filter(pk__in=ids, seen_at=None).update(seen_at=now)
        for key in ids:
            seeing.record(events.THANKS_SEEN, subject=Ref("thanks", key))
    return len(ids)


def withdraw_thanks(*, practice_id: UUID, thanks_id: UUID, by: Actor, now: datetime) -> None:
    """Take thanks away, words and all; whoever gave or got them may. Raises ``NoSuchThanks``."""
    with act(practice_id, by=by, now=now) as withdrawing:
        subject = Ref("thanks", thanks_id)
        withdrawing.lock(subject)
        row = Thanks.objects.filter(practice_id=practice_id, pk=thanks_id, withdrawn_at=None).first()
        if row is None or by.id not in {row.from_id, row.to_id}:
            raise NoSuchThanks(str(thanks_id))
        Thanks.objects.filter(pk=thanks_id).update(withdrawn_at=now, words="")
        withdrawing.record(events.THANKS_WITHDRAWN, subject=subject)
