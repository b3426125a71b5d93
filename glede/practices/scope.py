"""The first wall: which practices this piece of work may see, in the code and in the database.

Outside ``transaction`` a query on a practice's rows raises in Python, and finds nothing in
PostgreSQL. The scope is set for one transaction and ends with it (docs/decisions/0009).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

import django_scopes
from django.db import connection
from django.db import transaction as django_transaction

P = ParamSpec("P")
T = TypeVar("T")

_current: ContextVar[tuple[UUID, ...]] = ContextVar("practices", default=())
_answers: ContextVar[dict[Any, Any] | None] = ContextVar("answers", default=None)


def current() -> tuple[UUID, ...]:
    """Return the practices in scope; empty outside one."""
    return _current.get()


@contextmanager
def transaction(*practice_ids: UUID, read_only: bool = False) -> Iterator[None]:
    """Open a transaction that sees the rows of ``practice_ids`` only. May be nested.

    Inside one that sees the same rows nothing is opened, so a question asked there costs its own statement alone; who
    must be able to take back only their own part opens a savepoint (``ledger.operations.act`` does).
    ``read_only`` makes PostgreSQL refuse any write and show every question one and the same moment, whatever others
    commit meanwhile, where this is the outermost transaction.
    """
    if connection.in_atomic_block and practice_ids and _current.get() == practice_ids:
        yield
        return
    outermost = not connection.in_atomic_block
    before = _current.get()
    with django_transaction.atomic():
        _set(practice_ids, read_only=read_only and outermost)
        token = _current.set(practice_ids)
        known = _answers.set({} if read_only and outermost else _answers.get())
        try:
            with django_scopes.scope(practice=list(practice_ids)):
                yield
        finally:
            _answers.reset(known)
            _current.reset(token)
            if not outermost and not connection.needs_rollback and before != practice_ids:
                _set(before)


def _set(practice_ids: tuple[UUID, ...], *, read_only: bool = False) -> None:
    with connection.cursor() as cursor:
        mode = "set transaction isolation level repeatable read read only; " if read_only else ""
        cursor.execute(f"{mode}select set_config('glede.practices', %s, true)", [",".join(map(str, practice_ids))])


def asked_once(question: Callable[P, T]) -> Callable[P, T]:
    """Let a question be asked once, and answered from memory after that, where nothing can change its answer.

    That is inside a transaction which is read-only as a whole: it shows one and the same moment and lets nobody write.
    Everywhere else each question is asked. The answer must follow from the rows and the arguments alone, which can be
    hashed, and whoever gets it does not change it.
    """

    @wraps(question)
    def asked(*args: P.args, **kwargs: P.kwargs) -> T:
        known = _answers.get()
        if known is None:
            return question(*args, **kwargs)
        key = (question, current(), args, tuple(kwargs.items()))
        if key not in known:
            known[key] = question(*args, **kwargs)
        answer: T = known[key]
        return answer

    return asked


@contextmanager
def elsewhere() -> Iterator[None]:
    """Leave every scope for a while: for work on another connection, where nothing of this one is in sight."""
    token, known = _current.set(()), _answers.set(None)
    try:
        yield
    finally:
        _answers.reset(known)
        _current.reset(token)


@contextmanager
def outside() -> Iterator[None]:
    """Open a transaction for the tables outside the wall, which hold nothing about a patient."""
    with transaction():
        yield
