"""Many rows in one statement: columns as arrays, sent in PostgreSQL's own form.

Django's cursor writes values into the text of a statement. For a column of thousands that is most of the work, on both
sides; row-level security refuses COPY.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from django.db import connection
from psycopg import sql

Query = LiteralString | sql.Composed
Column = tuple[str, str, Sequence[Any]]
"""A column's name, PostgreSQL's type, and its value in each row."""


def insert_columns(table: str, columns: Sequence[Column], *, where_missing: bool = False) -> int:
    """Insert rows into ``table`` and return how many were; the columns are equally long, the first tells rows apart.

    A column that says the same in every row is sent once. With ``where_missing`` rows that are there already are left
    as they are.
    """
    alike = [column for place, column in enumerate(columns) if place and _is_alike(column[2])]
    names = {name for name, _, _ in alike}
    differing = [column for column in columns if column[0] not in names]
    query = sql.SQL("insert into {} ({}) select {} from unnest({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(sql.Identifier(name) for name, _, _ in (*alike, *differing)),
        sql.SQL(", ").join([*(sql.SQL(f"%b::{kind}") for _, kind, _ in alike), sql.SQL("*")]),
        sql.SQL(", ").join(sql.SQL(f"%b::{kind}[]") for _, kind, _ in differing),
    )
    if where_missing:
        query += sql.SQL(" on conflict do nothing")
    return execute_arrays(query, [*(v[0] for _, _, v in alike), *(list(v) for _, _, v in differing)])


def execute_arrays(query: Query, values: Sequence[Any]) -> int:
    """Run a statement whose parameters are written ``%b`` in it, in the open transaction; return how many rows."""
    with _executed(query, values) as cursor:
        return cursor.rowcount


def fetch_arrays(query: Query, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run such a statement and return the rows it gives back."""
    with _executed(query, values) as cursor:
        return cursor.fetchall()


@contextmanager
def _executed(query: Query, values: Sequence[Any]) -> "Iterator[psycopg.Cursor[tuple[Any, ...]]]":
    raw = connection.connection
    if raw is None or not connection.in_atomic_block:
        raise psycopg.InterfaceError("rows are written inside an act")
    with connection.wrap_database_errors, psycopg.Cursor(raw) as cursor:
        cursor.execute(query, values)
        yield cursor


def _is_alike(values: Sequence[Any]) -> bool:
    first = values[0]
    return all(value is first or value == first for value in values)
