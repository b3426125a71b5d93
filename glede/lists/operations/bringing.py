"""Bring a list in, batch by batch: each leaves whole rows, its progress and what it changed, or nothing."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import F
from procrastinate.contrib.django import app
from psycopg.types.json import Jsonb

from glede.diary.operations import bring_visits
from glede.kernel.actor import Actor
from glede.kernel.ids import new_ids
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.lists import events, keeping
from glede.lists.errors import AlreadyUnderWay, StillUnclear, Stopped
from glede.lists.looking import Looked, read_list
from glede.lists.models import BroughtList, BroughtRow, ListSource
from glede.lists.operations.holding import UNDER_WAY, locked, looked_at, place_of, what_of
from glede.lists.operations.missing import ask_after_missing
from glede.lists.values import State
from glede.people.lists.columns import IGNORE
from glede.people.lists.people import PeopleRead
from glede.people.lists.values import Brought
from glede.people.operations import bring_people
from glede.people.values import Taken, Watch
from glede.practices import scope
from glede.practices.arrays import insert_columns
from glede.practices.queries import practice_by_id

UNDO: Final = timedelta(days=30)
TASK: Final = "lists.bring"
ENLARGED: Final = 5000
"""From so many new rows on, the tables are measured anew, so that their queries are planned for what they hold."""


def begin_bringing(*, practice_id: UUID, list_id: UUID, by: Actor, now: datetime) -> None:
    """Let the worker bring a list in. Raises ``StillUnclear``, ``NoSuchList``, ``WrongState``, ``ForgottenList``."""
    with act(practice_id, by=by, now=now):
        _begin(practice_id, list_id, by=by, now=now)
        app.configure_task(TASK, queue="lists").defer(practice_id=str(practice_id))


def bring_list(
    *, practice_id: UUID, list_id: UUID, by: Actor, now: datetime, tell: Callable[[int], None] = lambda _: None
) -> Brought:
    """Bring a list in and return what became of each row.

    ``tell`` is told in each transaction how many rows are through. A list that was stopped, or whose worker died, goes
    on from there: what it has brought is not brought again. Raises ``StillUnclear`` with the questions that stand,
    ``Stopped`` where somebody asked it to stop on the way, ``AlreadyUnderWay``, ``NoSuchList``, ``WrongState``,
    ``ForgottenList``.
    """
    with _alone(list_id), _undisturbed():
        row, looked = _begin(practice_id, list_id, by=by, now=now)
        listed = Actor("import", by.id)
        try:
            brought = _bring(row, looked, _Watching(row, tell), by=listed, now=now)
        except Stopped:
            _stop(practice_id, list_id, by=by, now=now)
            raise
        _finish(row, looked, brought, by=by, now=now)
    return brought


def stop_bringing(*, practice_id: UUID, list_id: UUID, by: Actor, now: datetime) -> None:
    """Ask a list that is being brought to stop after the rows under way. Raises ``NoSuchList``, ``WrongState``."""
    with act(practice_id, by=by, now=now) as stopping:
        row = locked(stopping, list_id, State.BRINGING)
        BroughtList.objects.filter(pk=row.pk).update(stop_asked_at=now)
        stopping.record(events.ANSWERED, subject=Ref("list", list_id), data={"stop": True})


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let the collector of cycles rest: rows make none, and it would look through all of them time and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def _alone(list_id: UUID) -> Iterator[None]:
    """Bring a list in one process at a time. PostgreSQL lets go of the mark when the process dies."""
    key = list_id.int & (2**63 - 1)
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [key])
        if not cursor.fetchone()[0]:
            raise AlreadyUnderWay
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [key])


def _begin(practice_id: UUID, list_id: UUID, *, by: Actor, now: datetime) -> tuple[BroughtList, Looked]:
    with act(practice_id, by=by, now=now) as beginning:
        row = locked(beginning, list_id, *UNDER_WAY)
        looked = looked_at(row, now)
        if looked.needed:
            raise StillUnclear(looked.needed)
        if row.state != State.BRINGING:
            BroughtList.objects.filter(pk=row.pk).update(
                state=State.BRINGING, begun_at=now, begun_by=by.id, done=0, stop_asked_at=None, reason=""
            )
            beginning.record(events.BEGUN, subject=Ref("list", list_id))
    return row, looked


def _bring(row: BroughtList, looked: Looked, watch: Watch, *, by: Actor, now: datetime) -> Brought:
    practice = practice_by_id(row.practice_id)
    read = read_list(looked, what_of(row), row.told, place_of(practice, now))
    insisted = {(number, name) for number, name in row.theirs}
    if isinstance(read, PeopleRead):
        people = replace(read, people=[person.insisting(insisted) for person in read.people])
        return bring_people(practice_id=row.practice_id, read=people, rows=row.rows, by=by, now=now, watch=watch)
    visits = replace(read, visits=[visit.insisting(insisted) for visit in read.visits])
    brought = bring_visits(
        practice_id=row.practice_id, read=visits, rows=row.rows, source=row.name, by=by, now=now, watch=watch
    )
    missing = ask_after_missing(row, looked.sheet, visits, by=by, now=now)
    return replace(brought, findings=(*brought.findings, *missing))


class _Watching:
    """Told in each transaction of a list: keeps what it changed and how far it is; stops it where somebody asked."""

    def __init__(self, row: BroughtList, tell: Callable[[int], None]) -> None:
        self.row, self.tell, self.done = row, tell, 0

    def __call__(self, rows: int, taken: Sequence[Taken]) -> None:
        mine = BroughtList.objects.filter(practice_id=self.row.practice_id, pk=self.row.pk)
        if mine.filter(stop_asked_at__isnull=False).exists():
            raise Stopped
        if taken:
            insert_columns(BroughtRow._meta.db_table, self._columns(taken))
        mine.update(done=F("done") + rows)
        self.done += rows
        self.tell(self.done)

    def _columns(self, taken: Sequence[Taken]) -> list[tuple[str, str, list[Any]]]:
        return [
            ("id", "uuid", new_ids(len(taken))),
            ("practice_id", "uuid", [self.row.practice_id] * len(taken)),
            ("list_id", "uuid", [self.row.pk] * len(taken)),
            ("number", "integer", [one.place for one in taken]),
            ("kind", "text", [one.kind for one in taken]),
            ("subject_id", "uuid", [one.id for one in taken]),
            ("word", "text", [one.word for one in taken]),
            ("before", "jsonb", [Jsonb(dict(one.before)) for one in taken]),
        ]


def _stop(practice_id: UUID, list_id: UUID, *, by: Actor, now: datetime) -> None:
    with act(practice_id, by=by, now=now) as stopping:
        row = locked(stopping, list_id, State.BRINGING)
        BroughtList.objects.filter(pk=row.pk).update(state=State.STOPPED, ended_at=now, undo_until=now + UNDO)
        stopping.record(events.STOPPED, subject=Ref("list", list_id), data={"done": row.done})


def _finish(row: BroughtList, looked: Looked, brought: Brought, *, by: Actor, now: datetime) -> None:
    counts = brought.counts | {"people_created": brought.people_created, "findings": len(brought.findings)}
    with act(row.practice_id, by=by, now=now) as finishing:
        locked(finishing, row.pk, State.BRINGING)
        unasked = {question.heading: IGNORE for question in looked.questions}
        ListSource.objects.filter(pk=row.source_id).update(told=unasked | row.told, used_at=now)
        BroughtList.objects.filter(pk=row.pk).update(
            state=State.BROUGHT,
            content=None,
            report=keeping.report(brought, looked.sheet.header, looked.sheet.delimiter),
            counts=counts,
            done=row.rows,
            theirs=[],
            ended_at=now,
            undo_until=now + UNDO,
        )
        finishing.record(events.BROUGHT, subject=Ref("list", row.pk), data=counts)
    if brought.created >= ENLARGED:
        _measure(row.practice_id)


def _measure(practice_id: UUID) -> None:
    """Let PostgreSQL count what the big tables hold by now; it would plan for empty ones until it comes round."""
    with scope.transaction(practice_id), connection.cursor() as cursor:
        cursor.execute("select set_config('client_min_messages', 'error', true)")
        for table in _ENLARGED:
            cursor.execute(f"analyze {table}")


_ENLARGED: Final = (
    "people_patient", "people_contactpoint", "people_searchtoken", "people_patientkey", "diary_appointment",
    "diary_statechange", "diary_claim", "ledger_event", "ledger_subject", "lists_broughtrow",
)  # fmt: skip
