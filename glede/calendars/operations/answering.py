"""A colleague answers whether times that vanished from a calendar are free again."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from glede.calendars import events
from glede.calendars.models import BusyTime
from glede.calendars.operations.holding import VANISHED, hold, locked, withdraw_questions
from glede.kernel.actor import Actor
from glede.kernel.ref import Ref
from glede.ledger.operations import act


def answer_vanished(
    *, practice_id: UUID, calendar_id: UUID, times: Collection[UUID], is_free: bool, by: Actor, now: datetime
) -> int:
    """Free times that vanished, or keep them busy; return how many were asked about. Raises ``NoSuchCalendar``.

    When none is left to ask about, the question on Today is gone.
    """
    with act(practice_id, by=by, now=now) as answering:
        row = locked(answering, calendar_id)
        rows = BusyTime.objects.filter(practice_id=practice_id, calendar=row, ended_at=None, vanished_at__isnull=False)
        asked = rows.filter(kept_at=None)
        answered = asked.filter(pk__in=list(times)).update(**({"ended_at": now} if is_free else {"kept_at": now}))
        if not answered:
            return 0
        if not asked.exists():
            withdraw_questions(row, by=by, now=now, causes=(VANISHED,))
        answering.record(
            events.ANSWERED, subject=Ref("calendar", calendar_id), data={"times": answered, "free": is_free}
        )
        hold(row, by=by, now=now)
    return answered
