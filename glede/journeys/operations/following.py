"""Follow the ledger: whoever it tells of since the last time is planned for anew. Idempotent, replayable, set-based.

The cursor and the rows that follow from it are one commit. A step that is killed leaves nothing; a step done twice
finds everything as it should be.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from uuid import UUID

from glede.diary.models import Appointment
from glede.journeys import events, gathering, occasions, versions
from glede.journeys.operations.cursors import CALLS, locked, pass_by
from glede.journeys.operations.cursors import FOLLOWED as CURSOR
from glede.journeys.operations.planning import replan
from glede.journeys.operations.sharing import is_shared_out, share_out_calls
from glede.kernel.actor import SYSTEM
from glede.kernel.failpoints import fp, guard
from glede.ledger.models import Cursor
from glede.ledger.operations import act
from glede.ledger.queries import Happening, progress
from glede.ledger.queries import events as happenings_after
from glede.outbox.operations import end_rehearsal
from glede.practices import scope
from glede.practices.models import Practice
from glede.practices.queries import practice_by_id

BATCH = 500
SWEEP = 500
REMEMBERED = 20_000


def follow(practice_id: UUID, *, now: datetime) -> int:
    """Plan for everybody the ledger tells of since the last time; return how many events were read.

    ``now`` is the practice's time. Any number of processes may call it at once: one works, the others wait. First,
    once a day, the calls of the day are shared out among all who ought to be rung.
    """
    practice = practice_by_id(practice_id)
    last, seen, shared = progress(practice_id, CURSOR, CALLS)
    if not is_shared_out(practice, shared, now):
        share_out_calls(practice, shared=shared, now=now)
        last, seen = progress(practice_id, CURSOR)
    read, planned = 0, _Planned()
    while seen < last:
        planned.last = last
        some = _step(practice, seen, planned, now)
        read += some
        if some < BATCH:
            break
        last, seen = progress(practice_id, CURSOR)
    return read


def is_behind(practice: Practice, *, now: datetime) -> bool:
    """Return whether there is something to follow: events not read yet, or a day whose calls nobody has shared out."""
    last, seen, shared = progress(practice.pk, CURSOR, CALLS)
    return seen < last or not is_shared_out(practice, shared, now)


@dataclass(slots=True)
class _Planned:
    """Whom one reader has planned for, and up to which event: what happened before that needs no second plan.

    Every event up to ``last`` was committed before the step that is under way, so its plan knows of them all. A list
    brings a person and then their visit.
    """

    last: int = 0
    people: dict[UUID, int] = field(default_factory=dict)

    def is_for(self, person: UUID, event: Happening) -> bool:
        """Return whether a person was planned for since an event."""
        return event.seq <= self.people.get(person, 0)

    def note(self, people: Iterable[UUID]) -> None:
        """Note that these have been planned for; of very many the first are forgotten, and planned for again."""
        if len(self.people) > REMEMBERED:
            self.people.clear()
        self.people.update(dict.fromkeys(people, self.last))


def _step(practice: Practice, seen: int, planned: _Planned, now: datetime) -> int:
    practice_id = practice.pk
    told = happenings_after(practice_id, after_seq=seen, limit=BATCH)
    if any(event.kind in events.OF_THE_HOUSE for event in told):
        _sweep(practice_id, told, now)
    people = {p for event in told if (p := _whom(event)) is not None and not planned.is_for(p, event)}
    if not people:
        pass_by(practice_id, CURSOR, seen=seen, to=told[-1].seq)
        return len(told)
    fp("journeys.read")
    with act(practice_id, by=SYSTEM, now=now):
        cursor = locked(practice_id, CURSOR)
        if cursor.seq != seen and guard("followed_once"):
            return len(told)  # another process has read them meanwhile
        replan(gathering.setting_of(practice), people, now=now)
        fp("journeys.before_cursor")
        Cursor.objects.filter(pk=cursor.pk).update(seq=told[-1].seq)
    planned.note(people)
    return len(told)


def _whom(event: Happening) -> UUID | None:
    if event.kind in events.OF_A_VISIT or event.kind in events.OF_A_PERSON:
        return event.patient_id
    return None


def _sweep(practice_id: UUID, told: list[Happening], now: datetime) -> None:
    """Plan anew for all who have a visit to come or a day of theirs near: the practice or its journey has changed."""
    if any(event.kind == "practices.mode.changed" and event.data.get("to") == "live" for event in told):
        end_rehearsal(practice_id=practice_id, by=SYSTEM, now=now)
    with scope.transaction(practice_id, read_only=True):
        since = (now - gathering.SEEN_BACK).date()
        rows = Appointment.objects.filter(practice_id=practice_id, day__gte=since)
        coming = set(rows.filter(is_history=False).values_list("patient_id", flat=True))
        practice = practice_by_id(practice_id)
        days = occasions.window(practice, now)
        people = sorted(coming | occasions.near(practice, versions.in_force(practice_id), days).keys())
    for some in _chunks(people):
        with act(practice_id, by=SYSTEM, now=now):
            locked(practice_id, CURSOR)
            replan(gathering.setting_of(practice_by_id(practice_id)), some, now=now)
        fp("journeys.sweep")


def _chunks(people: Iterable[UUID]) -> Iterator[list[UUID]]:
    left = iter(people)
    while some := list(islice(left, SWEEP)):
        yield some
