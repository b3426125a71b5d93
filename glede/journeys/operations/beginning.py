"""Where a virtual clock begins, and how it comes to the moment of a list."""

from datetime import datetime
from uuid import UUID

from glede.diary.models import Appointment
from glede.journeys.operations.advancing import NotVirtual, advance
from glede.outbox.models import Message
from glede.practices import scope
from glede.practices.models import Practice
from glede.practices.operations import begin_clock
from glede.practices.queries import practice_by_id


def come_to(practice_id: UUID, *, at: datetime) -> None:
    """Let a virtual clock show ``at`` for what is brought in now. Raises ``NotVirtual``.

    A clock that was never moved, in a practice without a visit or a message, begins there, be it earlier or later than
    what it shows: so far nothing was told to anybody. One that has begun is moved there like by a tick, everything
    due on the way happening at its own moment; where it shows a later moment already it stays.
    """
    practice = practice_by_id(practice_id)
    if not practice.is_virtual or practice.virtual_now is None:
        raise NotVirtual("Only a virtual practice has a clock that can be moved.")
    if not _has_begun(practice):
        begin_clock(practice_id=practice_id, at=at)
    elif at > practice.virtual_now:
        advance(practice_id, to=at)


def _has_begun(practice: Practice) -> bool:
    if practice.ticked_at is not None:
        return True
    with scope.transaction(practice.pk, read_only=True):
        return any(model.objects.filter(practice_id=practice.pk).exists() for model in (Appointment, Message))
