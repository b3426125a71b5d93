"""A database that was put back behind our back, as a snapshot of the machine does: nothing more is sent by itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from glede.kernel.actor import SYSTEM
from glede.ledger.marks import put_back_from, set_mark
from glede.ledger.queries import head_of
from glede.outbox.operations.returning import doubt_what_was_due
from glede.practices.operations import Returned, begin_restored


def stop_if_put_back(*, practice_id: UUID, now: datetime) -> bool:
    """Stop a practice whose database lacks what its mark outside tells of; return whether it did.

    What was due until now may have left in the time that is gone, so a colleague rings; the owner looks and lets
    messages go again. The new mark comes last, so that whoever dies amid this begins it anew.
    """
    mark = put_back_from(practice_id)
    if mark is None:
        return False
    gone = {"events_gone": max(mark.seq - head_of(practice_id)["seq"], 1)}
    returned = Returned(backup_at=mark.at, file_name="", newer="unreadable", kept_as="", counts=gone, lines=[])
    begin_restored(practice_id=practice_id, returned=returned, by=SYSTEM, now=now)
    doubt_what_was_due(practice_id=practice_id, until=now, by=SYSTEM, now=now)
    set_mark(practice_id, now)
    return True
