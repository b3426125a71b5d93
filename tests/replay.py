"""What a story wrote, written again: told a second time, a story's rows come in one round trip.

Nearly every test begins with a practice and its people, made by the operations as in life: some hundred statements,
a fifth of a second. The first time in a process they are told in earnest, and what they say to the database is noted;
after that the same statements go there again, ids and all. A database that already holds such a practice (two of one
name in one test) is told in earnest once more. ``tests/test_replay.py`` proves that both leave the same rows.
"""

import copy
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from unittest import mock
from uuid import UUID

import psycopg
from django.db import connection, transaction
from django.db.models import Q

from glede.practices.models import Practice

Result = TypeVar("Result")

_WRITES = ("insert ", "update ", "delete ")
_WRITING_FUNCTIONS = ("set_config(", "ledger_take_head(", "procrastinate_defer")


@dataclass(frozen=True)
class _Told:
    """One story: the practice it made, what it handed back, and every statement that wrote."""

    practice_id: UUID
    slug: str
    result: Any
    statements: str


_told: dict[Hashable, _Told] = {}


def retold(key: Hashable, tell: Callable[[], Result], practice_of: Callable[[Result], UUID]) -> Result:
    """Return what ``tell`` returns, with its rows written; told in earnest only once for each ``key``."""
    told = _told.get(key)
    if told is None:
        with _noted() as statements:
            result = tell()
        practice = Practice.objects.get(pk=practice_of(result))
        _told[key] = _Told(practice.pk, practice.slug, copy.deepcopy(result), ";\n".join(statements))
        return result
    if Practice.objects.filter(Q(pk=told.practice_id) | Q(slug=told.slug)).exists():
        return tell()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(told.statements)
        cursor.execute("select set_config('glede.practices', '', true)")
    again: Result = copy.deepcopy(told.result)
    return again


@contextmanager
def _noted() -> Iterator[list[str]]:
    """Note each statement that writes, with its values in place, whoever sends it."""
    statements: list[str] = []
    execute, execute_many = psycopg.Cursor.execute, psycopg.Cursor.executemany

    def note(cursor: psycopg.Cursor[Any], query: Any, values: Any) -> None:
        words = query if isinstance(query, str) else query.as_string(cursor)
        if words.lstrip().lower().startswith(_WRITES) or any(name in words for name in _WRITING_FUNCTIONS):
            statements.append(psycopg.ClientCursor(cursor.connection).mogrify(query, values))

    def noted(cursor: Any, query: Any, params: Any = None, **options: Any) -> Any:
        note(cursor, query, params)
        return execute(cursor, query, params, **options)

    def noted_each(cursor: Any, query: Any, params_seq: Any, **options: Any) -> Any:
        every = list(params_seq)
        for params in every:
            note(cursor, query, params)
        return execute_many(cursor, query, every, **options)

    with (
        mock.patch.object(psycopg.Cursor, "execute", noted),
        mock.patch.object(psycopg.Cursor, "executemany", noted_each),
    ):
        yield statements
