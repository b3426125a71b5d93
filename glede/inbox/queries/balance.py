"""Nothing that came in is uncounted: each message was answered, closed with a reason, is promised, or is kept aside."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from glede.inbox.models import Closure, InboundMessage, Reply, StrayMessage
from glede.practices import scope
from glede.promises.queries import open_promises


@dataclass(frozen=True, slots=True)
class Balance:
    """What became of what came in on one channel. ``quarantined``: kept until a colleague says whose words they are."""

    received: int = 0
    answered: int = 0
    open: int = 0
    closed: int = 0
    quarantined: int = 0

    @property
    def is_even(self) -> bool:
        """True where nothing is lost: a message that waits without a promise is."""
        return self.received == self.answered + self.open + self.closed + self.quarantined


def balance(practice_id: UUID) -> dict[str, Balance]:
    """Return, for each channel, what came in and what became of it. A message counts as what it became first.

    Who was forgotten is owed no answer: what still waited was closed by that.
    """
    owed = {one.subject.id for one in open_promises(practice_id, kinds=["answer"], limit=100_000)}
    found: dict[str, Balance] = {}
    with scope.transaction(practice_id):
        for channel, fate in [*_messages(practice_id, owed), *_strays(practice_id, owed)]:
            so_far = found.get(channel, Balance())
            so_far = replace(so_far, received=so_far.received + 1)
            found[channel] = replace(so_far, **{fate: getattr(so_far, fate) + 1}) if fate else so_far
    return found


def _messages(practice_id: UUID, owed: set[UUID]) -> list[tuple[str, str]]:
    given = {"conversation_id": OuterRef("conversation_id")}
    replies = Reply.objects.filter(answers_to__gte=OuterRef("n"), **given).order_by("written_at")
    closures = Closure.objects.filter(closes_to__gte=OuterRef("n"), reopenings=None, **given).order_by("closed_at")
    rows = InboundMessage.objects.filter(practice_id=practice_id).annotate(
        replied_at=Subquery(replies.values("written_at")[:1]),
        ended_at=Coalesce(Subquery(closures.values("closed_at")[:1]), "conversation__patient__erased_at"),
    )
    told = rows.values_list("channel", "conversation_id", "replied_at", "ended_at")
    return [(channel, _fate(replied, ended, talk in owed)) for channel, talk, replied, ended in told]


def _fate(replied_at: datetime | None, ended_at: datetime | None, is_owed: bool) -> str:
    if replied_at is None and ended_at is None:
        return "open" if is_owed else ""
    return "answered" if ended_at is None or (replied_at is not None and replied_at <= ended_at) else "closed"


def _strays(practice_id: UUID, owed: set[UUID]) -> list[tuple[str, str]]:
    """Return those that belong to nobody's conversation: whoever they were placed with counts them."""
    rows = StrayMessage.objects.filter(practice_id=practice_id, message=None)
    told = rows.values_list("channel", "id", "closed_at")
    return [
        (channel, "closed" if closed_at else "quarantined" if key in owed else "") for channel, key, closed_at in told
    ]
