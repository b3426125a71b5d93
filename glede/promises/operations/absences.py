"""Step away from the desk and come back: nobody owes within the hour what they are not here to keep."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.promises.models import Absence, Promise
from glede.promises.operations.keeping import RETURNED, NoSuchPromise, hand_promise
from glede.promises.rules import INSIDE

AWAY = f"{RETURNED}_away"


class NotAtADesk(PermissionError):
    """Only a colleague is at a desk, and steps away from it."""


def step_away(*, practice_id: UUID, by: Actor, now: datetime) -> int:
    """Note that a colleague is away; what they owe within the hour goes back to everybody. Return how many.

    Stepping away twice is stepping away once. Raises ``NotAtADesk``.
    """
    who = _colleague(by)
    with act(practice_id, by=by, now=now) as leaving:
        leaving.lock(Ref("membership", who))
        row = Absence(practice_id=practice_id, membership_id=who, began_at=now)
        if Absence.objects.filter(membership_id=who, ended_at=None).exists():
            return 0
        row.save(force_insert=True)
        leaving.record("promises.absence.begun", subject=Ref("membership", who), data={"absence": row.pk})
        soon = Promise.objects.filter(
            practice_id=practice_id, owner_id=who, closed_at=None, due_at__lte=now + INSIDE
        ).order_by("id")
        ids = list(soon.values_list("id", flat=True))
        for promise_id in ids:
            with suppress(NoSuchPromise):  # answered in this very moment
                hand_promise(practice_id=practice_id, promise_id=promise_id, owner_id=None, reason=AWAY, by=by, now=now)
    return len(ids)


def step_back(*, practice_id: UUID, by: Actor, now: datetime) -> None:
    """Note that a colleague is here again. Raises ``NotAtADesk``."""
    who = _colleague(by)
    with act(practice_id, by=by, now=now) as coming:
        coming.lock(Ref("membership", who))
        if Absence.objects.filter(practice_id=practice_id, membership_id=who, ended_at=None).update(ended_at=now):
            coming.record("promises.absence.ended", subject=Ref("membership", who))


def _colleague(by: Actor) -> UUID:
    if by.role != "staff" or by.id is None:
        raise NotAtADesk(by.role)
    return by.id
