"""Follow the ledger: whoever it tells of since the last time is planned for anew. Idempotent, replayable, set-based.

The cursor and the rows that follow from it are one commit. A step that is killed leaves nothing; a step done twice
finds everything as it should be.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from itertools import islice
from uuid import UUID

from glede.diary.models import Appointment
from glede.diary.rules import AHEAD
from glede.journeys import events, gathering
from glede.journeys.hours import at_wall, day_of
from glede.journeys.operations.planning import replan
from glede.kernel.actor import SYSTEM
from glede.kernel.failpoints import fp
from glede.ledger.models import Cursor
from glede.ledger.operations import act
from glede.ledger.queries import Happening, progress
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
    if not _is_shared_out(practice, progress(practice_id, CALLS)[1], now):
        _share_out_calls(practice, now)
    read = 0
    while some := _step(practice_id, now):
        read += some
        if some < BATCH:
            break
    return read


def is_behind(practice: Practice, *, now: datetime) -> bool:
    """Return whether there is something to follow: events not read yet, or a day whose calls nobody has shared out."""
    last, seen, shared = progress(practice.pk, CURSOR, CALLS)
    return seen < last or not _is_shared_out(practice, shared, now)


def next_sharing_out(practice: Practice, *, after: datetime) -> datetime | None:
    """Return the next midnight on which calls may have to be shared out, or None while nobody has a visit to come.

    For clocks that are moved by hand: the midnights between have nothing to share out.
    """
    today = day_of(after, practice.zone)
    with scope.transaction(practice.pk):
        ahead = Appointment.objects.filter(practice_id=practice.pk, day__gt=today, state__in=AHEAD, is_history=False)
        first = ahead.order_by("day").values_list("day", flat=True).first()
    if first is None:
        return None
    day = max(today + timedelta(days=1), first - _calls_reach(practice))
    return at_wall(day, time(0), practice.zone)


def _calls_reach(practice: Practice) -> timedelta:
    """How far ahead of a visit its call may fall, days on which nobody rings included."""
    return timedelta(days=practice.call_days_before + 3)


def _is_shared_out(practice: Practice, shared: int, now: datetime) -> bool:
    return shared >= day_of(now, practice.zone).toordinal()


def _step(practice_id: UUID, now: datetime) -> int:
    last, seen = progress(practice_id, CURSOR)
    if last <= seen:
        return 0
    told = happenings_after(practice_id, after_seq=seen, limit=BATCH)
    if any(event.kind in events.OF_THE_HOUSE for event in told):
        _sweep(practice_id, told, now)
    people = {p for event in told if (p := _whom(event)) is not None}
    if not people and seen:
        _pass_by(practice_id, seen, told[-1].seq)
        return len(told)
    with act(practice_id, by=SYSTEM, now=now):
        cursor = _locked(practice_id, CURSOR)
        if cursor.seq != seen:
            return len(told)  # another process has read them meanwhile
        if people:
            replan(gathering.setting_of(practice_by_id(practice_id)), people, now=now)
        fp("journeys.before_cursor")
        Cursor.objects.filter(pk=cursor.pk).update(seq=told[-1].seq)
    return len(told)


def _pass_by(practice_id: UUID, seen: int, last: int) -> None:
    """Note that events about nobody's plans were read, unless another process has read them meanwhile."""
    with scope.transaction(practice_id):
        Cursor.objects.filter(practice_id=practice_id, name=CURSOR, seq=seen).update(seq=last)


def _whom(event: Happening) -> UUID | None:
    if event.kind in events.OF_A_VISIT or event.kind in events.OF_A_PERSON:
        return event.patient_id
    return None


def _locked(practice_id: UUID, name: str) -> Cursor:
    held = Cursor.objects.select_for_update().filter(practice_id=practice_id, name=name)
    found = held.first()
    if found is None:
        Cursor.objects.bulk_create([Cursor(practice_id=practice_id, name=name)], ignore_conflicts=True)
        found = held.get()
    return found


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
    with act(practice.pk, by=SYSTEM, now=now):
        _locked(practice.pk, CURSOR)
        cursor = _locked(practice.pk, CALLS)
        if cursor.seq >= today.toordinal():
            return
        rows = Appointment.objects.filter(
            practice_id=practice.pk, day__gte=today, day__lte=today + _calls_reach(practice), state__in=AHEAD,
            is_history=False,
        )  # fmt: skip
        people = set(rows.values_list("patient_id", flat=True))
        if people:
            replan(gathering.setting_of(practice), people, now=now)
        Cursor.objects.filter(pk=cursor.pk).update(seq=today.toordinal())
