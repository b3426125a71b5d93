"""Let a practice send less than the law and our own limits let it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from glede.kernel.actor import Actor
from glede.outbox.policy.narrowing import check_narrows, read_narrowing
from glede.practices.operations import change_settings

FIELD = "narrowed"


def narrow_sending(*, practice_id: UUID, narrowed: Mapping[str, Any], by: Actor, now: datetime) -> UUID | None:
    """Keep what a practice takes away from what may be sent; return the change, None where nothing differs.

    It holds from the next claim on, for what waits already too. The change is undone as every setting is. Raises
    ``WouldWiden`` for what would let more leave, and ``BadPolicy`` for what is not known.
    """
    read = read_narrowing(narrowed)
    check_narrows(read)
    return change_settings(practice_id=practice_id, changes={FIELD: read.as_json()}, by=by, now=now)
