"""What a new day brings, once a day by the practice's calendar: its calls are shared out, days of people come near."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from glede.diary.rules import AHEAD
from glede.journeys import gathering, occasions, versions
from glede.journeys.gathering import SUBJECT
from glede.journeys.hours import at_wall, day_of
from glede.journeys.operations.cursors import CALLS, FOLLOWED, locked, pass_by
from glede.journeys.operations.planning import replan
from glede.kernel.actor import SYSTEM
from glede.ledger.models import Cursor
from glede.ledger.operations import act
from glede.practices import scope
from glede.practices.models import Practice

BATCH = 500


def share_out_calls(practice: Practice, *, shared: int, now: datetime) -> None:
    """Plan together for all whose call may fall on the day of ``now``, and for all whose own day has come near.

    ``shared`` is the last day that was done.
    """
    today = day_of(now, practice.zone).toordinal()
    with scope.transaction(practice.pk):
        is_empty = not _to_ring(practice, now) and not _come_near(practice, now)
    if is_empty:
        pass_by(practice.pk, CALLS, seen=shared, to=today)
        return
    with act(practice.pk, by=SYSTEM, now=now):
        locked(practice.pk, FOLLOWED)
        cursor = locked(practice.pk, CALLS)
        if cursor.seq >= today:
            return  # another process has done this day meanwhile
        setting, ringing = gathering.setting_of(practice), _to_ring(practice, now)
        replan(setting, ringing, now=now)  # in one: they share the calls of the day
        others = sorted(_come_near(practice, now) - ringing)
        for first in range(0, len(others), BATCH):
            replan(setting, others[first : first + BATCH], now=now)
        Cursor.objects.filter(pk=cursor.pk).update(seq=today)


def is_shared_out(practice: Practice, shared: int, now: datetime) -> bool:
    """Return whether the calls of the day of ``now`` have been shared out."""
    return shared >= day_of(now, practice.zone).toordinal()


def next_sharing_out(practice: Practice, *, after: datetime) -> datetime | None:
    """Return the next midnight that brings something, or None while nobody has a visit to come or a day of theirs.

    For clocks that are moved by hand: the midnights between have nothing to share out.
    """
    today = day_of(after, practice.zone)
    visit = _asked(_NEXT_DAY, {"practice": practice.pk, "today": today, "ahead": _AHEAD})[0][0]
    with scope.transaction(practice.pk):
        theirs = occasions.next_day(practice, versions.in_force(practice.pk), today + occasions.NEAR)
    days = [visit - _reach(practice)] if visit else []
    days += [theirs - occasions.NEAR] if theirs else []
    if not days:
        return None
    return at_wall(max(today + timedelta(days=1), min(days)), time(0), practice.zone)


def _come_near(practice: Practice, now: datetime) -> set[UUID]:
    """Return of whom a day of their own has come near and is not planned for yet."""
    days = replace(occasions.window(practice, now), undecided=True)
    with scope.transaction(practice.pk):
        return set(occasions.near(practice, versions.in_force(practice.pk), days))


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
