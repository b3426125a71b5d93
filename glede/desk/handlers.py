"""What the desk takes part in across rooms: who is forgotten leaves the day on paper and what pages still say."""

from datetime import datetime
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import transaction

from glede.desk.paper.folder import leave_everywhere
from glede.kernel.actor import Actor
from glede.ledger import registry
from glede.practices.queries import practice_by_id

SAID = "_messages"  # where Django keeps what the next page says, offers to take an act back among it


def register() -> None:
    """Register with the rooms below."""
    registry.register("erase", "desk", erase)


def erase(practice_id: UUID, patient_id: UUID, *, by: Actor, now: datetime) -> None:
    """Take a person out of the sheets that lie on the disk, and let no page say any more what was done about them.

    The sheets change once the act is committed: what is not forgotten in the end stays on paper.
    """
    practice = practice_by_id(practice_id)
    transaction.on_commit(lambda: leave_everywhere(practice, patient_id))
    for session in Session.objects.all():
        told = session.get_decoded()
        if told.pop(SAID, None) is not None:
            session.session_data = Session.objects.encode(told)
            session.save(update_fields=["session_data"])
