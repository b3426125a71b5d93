"""Share out the calls of a day among all who ought to be rung, once a day by the practice's calendar."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from glede.diary.rules import AHEAD
from glede.journeys import gathering, versions
from glede.journeys.gathering import SUBJECT
from glede.journeys.hours import at_wall, day_of
from glede.journeys.operations.cursors import CALLS, FOLLOWED, locked, pass_by
from glede.journeys.operations.planning import replan
from glede.kernel.actor import SYSTEM
from glede.ledger.models import Cursor
from glede.ledger.operations import act
from glede.practices import scope
from glede.practices.models import Practice


def share_out_calls(practice: Practice, *, shared: int, now: datetime) -> None:
    """Plan together for all whose call may fall on the day of ``now``; ``shared`` is the last day that was done."""
    today = day_of(now, practice.zone).toordinal()
    with scope.transaction(practice.pk):
        near = _to_ring(practice, now)
    if not near:
        pass_by(practice.pk, CALLS, seen=shared, to=today)
        return
    with act(practice.pk, by=SYSTEM, now=now):
        locked(practice.pk, FOLLOWED)
        cursor = locked(practice.pk, CALLS)
        if cursor.seq >= today:
            return  # another process has done this day meanwhile
        replan(gathering.setting_of(practice), _to_ring(practice, now), now=now)
        Cursor.objects.filter(pk=cursor.pk).update(seq=today)


def is_shared_out(practice: Practice, shared: int, now: datetime) -> bool:
    """Return whether the calls of the day of ``now`` have been shared out."""
    return shared >= day_of(now, practice.zone).toordinal()


def next_sharing_out(practice: Practice, *, after: datetime) -> datetime | None:
    """Return the next midnight on which calls may have to be shared out, or None while nobody has a visit to come.

    For clocks that are moved by hand: the midnights between have nothing to share out.
    """
    today = day_of(after, practice.zone)
    first = _asked(_NEXT_DAY, {"practice": practice.pk, "today": today, "ahead": _AHEAD})[0][0]
    if first is None:
        return None
    return at_wall(max(today + timedelta(days=1), first - _reach(practice)), time(0), practice.zone)


def _to_ring(practice: Practice, now: datetime) -> set[UUID]:
    """Return who has a visit near of which nothing says yet whether they are rung or written to.

    A call is written down on its day, a message as soon as it is planned. A visit that was moved is asked about again.
    """
    documents = versions.documents(practice.pk).values()
    today = day_of(now, practice.zone)
    given = {
        "practice": practice.pk, "today": today, "last": today + _reach(practice), "ahead": _AHEAD, "kind": SUBJECT,
        "rows": [row.row for document in documents for row in document.rows if row.act == "call"],
        "live": practice.is_live,
    }  # fmt: skip
    return {row[0] for row in _asked(_UNDECIDED, given)}


def _asked(question: str, given: dict[str, Any]) -> list[Any]:
    with scope.transaction(given["practice"]), connection.cursor() as cursor:
        cursor.execute(question, given)
        return list(cursor.fetchall())


def _reach(practice: Practice) -> timedelta:
    """How far ahead of a visit its call may fall, days on which nobody rings included."""
    return timedelta(days=practice.call_days_before + 3)


_AHEAD = [state.value for state in AHEAD]
_NEXT_DAY = """
select min(day) from diary_appointment
where practice_id = %(practice)s and day > %(today)s and state = any (%(ahead)s) and not is_history
"""
_UNDECIDED = """
select distinct a.patient_id from diary_appointment a
where a.practice_id = %(practice)s and a.day between %(today)s and %(last)s and a.state = any (%(ahead)s)
  and not a.is_history and (a.moved_at is not null or not exists (
    select 1 from outbox_touch t
    where t.practice_id = a.practice_id and t.subject_id = a.id and t.subject_kind = %(kind)s
      and t.row = any (%(rows)s) and t.live = %(live)s))
"""
