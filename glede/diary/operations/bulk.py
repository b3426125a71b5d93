"""Many rows of one model in one statement, whatever their columns hold."""

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from glede.practices.arrays import Column, insert_columns


def insert(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model. What is the same in all of them is prepared and sent once."""
    if not rows:
        return
    # The connection itself: looking it up for each value would cost as much as preparing the value.
    database = connections[DEFAULT_DB_ALIAS]
    fields = sorted(rows[0]._meta.concrete_fields, key=lambda field: not field.primary_key)
    insert_columns(rows[0]._meta.db_table, [_column(field, rows, database) for field in fields])


def _column(field: "models.Field[Any, Any]", rows: Sequence[models.Model], database: BaseDatabaseWrapper) -> Column:
    kind = str(field.db_type(database))
    values = [getattr(row, field.attname) for row in rows]
    first = values[0]
    if all(value is first or value == first for value in values):
        prepared = [field.get_db_prep_save(first, database)] * len(values)
    else:
        prepared = [field.get_db_prep_save(value, database) for value in values]
    # As text, not as varchar(n): a cast to varchar(n) would cut what is too long instead of refusing it.
    return str(field.column), "text" if kind.startswith("varchar") else kind, prepared
