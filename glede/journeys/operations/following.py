"""Follow the ledger: whoever it tells of since the last time is planned for anew. Idempotent, replayable, set-based.

The cursor and the rows that follow from it are one commit. A step that is killed leaves nothing; a step done twice
finds everything as it should be.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from glede.diary.models import Appointment
from glede.diary.rules import AHEAD
from glede.journeys import events, gathering
from glede.journeys.hours import day_of
from glede.journeys.operations.planning import replan
from glede.kernel.actor import SYSTEM
from glede.kernel.failpoints import fp
from glede.ledger.models import Cursor
from glede.ledger.operations import act
from glede.ledger.queries import Happening, cursor_at, last_seq
from glede.ledger.queries import events as happenings_after
from glede.outbox.operations import end_rehearsal
from glede.practices import scope
from glede.practices.models import Practice
from glede.practices.queries import practice_by_id

CURSOR = "journeys"
CALLS = "journeys.calls"
"""The day, as its ordinal number, up to which the calls before visits have been shared out."""
BATCH = 500
SWEEP = 500


def follow(practice_id: UUID, *, now: datetime) -> int:
    """Plan for everybody the ledger tells of since the last time; return how many events were read.

    ``now`` is the practice's time. Any number of processes may call it at once: one works, the others wait. First,
    once a day, the calls of the day are shared out among all who ought to be rung.
    """
    practice = practice_by_id(practice_id)
    _share_out_calls(practice, now)
    read = 0
    while some := _step(practice_id, now):
        read += some
        if some < BATCH:
            break
    return read


def is_behind(practice: Practice, *, now: datetime) -> bool:
    """Return whether there is something to follow: events not read yet, or a day whose calls nobody has shared out."""
    is_read = cursor_at(practice.pk, CURSOR) >= last_seq(practice.pk)
    return not is_read or cursor_at(practice.pk, CALLS) < day_of(now, practice.zone).toordinal()


def _step(practice_id: UUID, now: datetime) -> int:
    seen = cursor_at(practice_id, CURSOR)
    if last_seq(practice_id) <= seen:
        return 0
    told = happenings_after(practice_id, after_seq=seen, limit=BATCH)
    if any(event.kind in events.OF_THE_HOUSE for event in told):
        _sweep(practice_id, told, now)
    with act(practice_id, by=SYSTEM, now=now):
        cursor = _locked(practice_id, CURSOR)
        if cursor.seq != seen:
            return len(told)  # another process has read them meanwhile
        people = {p for event in told if (p := _whom(event)) is not None}
        if people:
            replan(gathering.setting_of(practice_by_id(practice_id)), people, now=now)
        fp("journeys.before_cursor")
        Cursor.objects.filter(pk=cursor.pk).update(seq=told[-1].seq)
    return len(told)


def _whom(event: Happening) -> UUID | None:
    if event.kind in events.OF_A_VISIT or event.kind in events.OF_A_PERSON:
        return event.patient_id
    return None


def _locked(practice_id: UUID, name: str) -> Cursor:
    Cursor.objects.bulk_create([Cursor(practice_id=practice_id, name=name)], ignore_conflicts=True)
    return Cursor.objects.select_for_update().get(practice_id=practice_id, name=name)


def _sweep(practice_id: UUID, told: list[Happening], now: datetime) -> None:
    """Plan anew for all who have a visit to come: the practice's rules, hours, mode or journey have changed."""
    if any(event.kind == "practices.mode.changed" and event.data.get("to") == "live" for event in told):
        end_rehearsal(practice_id=practice_id, by=SYSTEM, now=now)
    with scope.transaction(practice_id, read_only=True):
        since = (now - gathering.SEEN_BACK).date()
        rows = Appointment.objects.filter(practice_id=practice_id, day__gte=since)
        people = sorted(set(rows.filter(is_history=False).values_list("patient_id", flat=True)))
    for some in _chunks(people):
        with act(practice_id, by=SYSTEM, now=now):
            _locked(practice_id, CURSOR)
            replan(gathering.setting_of(practice_by_id(practice_id)), some, now=now)
        fp("journeys.sweep")


def _chunks(people: Iterable[UUID]) -> Iterator[list[UUID]]:
    left = iter(people)
    while some := list(islice(left, SWEEP)):
        yield some


def _share_out_calls(practice: Practice, now: datetime) -> None:
    """Once a day by the practice's calendar: plan for all whose call may fall on it, ranked together."""
    today = day_of(now, practice.zone)
    if cursor_at(practice.pk, CALLS) >= today.toordinal():
        return
    with act(practice.pk, by=SYSTEM, now=now):
        _locked(practice.pk, CURSOR)
        cursor = _locked(practice.pk, CALLS)
        if cursor.seq >= today.toordinal():
            return
        last = today + timedelta(days=practice.call_days_before + 3)
        rows = Appointment.objects.filter(
            practice_id=practice.pk, day__gte=today, day__lte=last, state__in=AHEAD, is_history=False
        )
        people = set(rows.values_list("patient_id", flat=True))
        if people:
            replan(gathering.setting_of(practice), people, now=now)
        Cursor.objects.filter(pk=cursor.pk).update(seq=today.toordinal())
