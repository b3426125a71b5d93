"""Look through a long list behind the page: begun, gone on with after a worker died, begun anew at a new answer."""

from datetime import datetime
from uuid import UUID

from procrastinate.contrib.django import app

from glede.kernel.actor import Actor
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.ledger.operations import Act, act
from glede.lists import events, keeping
from glede.lists.errors import NoSuchList
from glede.lists.models import BroughtList
from glede.lists.operations.holding import locked
from glede.lists.operations.trying import try_list
from glede.lists.values import UNDECIDED, is_long
from glede.practices import scope

TASK = "lists.read"


def begin_reading(*, practice_id: UUID, list_id: UUID, by: Actor, now: datetime) -> None:
    """Let the worker look through a list; what it found before is forgotten. Raises ``NoSuchList``, ``WrongState``."""
    with act(practice_id, by=by, now=now) as beginning:
        ask_worker(beginning, locked(beginning, list_id, *UNDECIDED))
        beginning.record(events.READING, subject=Ref("list", list_id))


def read_anew(this: Act, row: BroughtList) -> None:
    """See to it that what was said of a locked list counts the next time somebody looks at it."""
    if is_long(row.rows):
        ask_worker(this, row)
    else:
        BroughtList.objects.filter(pk=row.pk).update(report=None, reading=None)


def ask_worker(this: Act, row: BroughtList) -> None:
    """Ask the worker, within an act, to look through a locked list; one look at a time for each practice."""
    BroughtList.objects.filter(pk=row.pk).update(report=None, reading=new_id(), read_to=0)
    practice_id = str(this.practice_id)
    app.configure_task(TASK, queue="lists", lock=f"{TASK}.{practice_id}").defer(practice_id=practice_id)


def read_through(*, practice_id: UUID, list_id: UUID, by: Actor, now: datetime) -> None:
    """Look through a list and keep what was found, sealed as the file is. Nothing else is saved.

    Where somebody answers, brings or throws the list away meanwhile, nothing is kept. Where it fails nothing is wanted
    any more, and the page offers to begin again. Raises ``NoSuchList``, ``ForgottenList``.
    """
    row = _wanted(practice_id, list_id)
    if row is None:
        return
    try:
        found = try_list(row, now, lambda done: _note(row, done))
    except _Moot:
        return
    except Exception:
        _mine(row, reading=None)
        raise
    with act(practice_id, by=by, now=now) as keeping_it:
        keeping_it.lock(Ref("list", list_id))
        if _update(row, report=keeping.found(found), reading=None, read_to=row.rows):
            keeping_it.record(events.READ, subject=Ref("list", list_id), data=dict(found.counts or {}))


class _Moot(Exception):
    """Nobody waits for this look any more."""


def _wanted(practice_id: UUID, list_id: UUID) -> BroughtList | None:
    with scope.transaction(practice_id):
        row = BroughtList.objects.select_related("source").filter(practice_id=practice_id, pk=list_id).first()
    if row is None:
        raise NoSuchList(str(list_id))
    return row if row.reading is not None else None


def _note(row: BroughtList, done: int) -> None:
    if not _mine(row, read_to=done):
        raise _Moot


def _mine(row: BroughtList, **values: object) -> bool:
    with scope.transaction(row.practice_id):
        return _update(row, **values)


def _update(row: BroughtList, **values: object) -> bool:
    """Note something at a list where the look through it that began with ``row`` is still wanted."""
    mine = BroughtList.objects.filter(practice_id=row.practice_id, pk=row.pk, reading=row.reading, state__in=UNDECIDED)
    return bool(mine.update(**values))
