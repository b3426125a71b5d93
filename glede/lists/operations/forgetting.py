"""Throw away what lists hold of people once nobody needs it."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.lists import events
from glede.lists.models import BroughtList
from glede.lists.values import State
from glede.practices import scope

WAITS: Final = timedelta(days=7)


def forget_lists(*, practice_id: UUID, by: Actor, now: datetime) -> int:
    """Throw away files nobody brought in a week, and reports of lists nobody can take back; return how many."""
    with scope.transaction(practice_id):
        rows = BroughtList.objects.filter(practice_id=practice_id)
        waiting = Q(state=State.STAGED, put_in_at__lt=now - WAITS)
        done = Q(undo_until__lt=now) & (Q(content__isnull=False) | Q(report__isnull=False))
        ids = sorted(rows.filter(waiting | done).values_list("pk", flat=True))
    for list_id in ids:
        with act(practice_id, by=by, now=now) as forgetting:
            forgetting.lock(Ref("list", list_id))
            row = BroughtList.objects.get(practice_id=practice_id, pk=list_id)
            state = State.DISCARDED if row.state == State.STAGED else row.state
            BroughtList.objects.filter(pk=list_id).update(content=None, report=None, state=state)
            forgetting.record(events.DISCARDED, subject=Ref("list", list_id), data={"waited": True})
    return len(ids)
