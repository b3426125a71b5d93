"""Write many rows at once without asking a model for each value: a list of people has a dozen rows a person."""

from collections.abc import Iterable, Sequence
from functools import cache
from uuid import UUID

from django.db import connection

from glede.kernel.ids import new_id
from glede.practices.models import PracticeRow

INSERT_TOKENS = """
insert into people_searchtoken (practice_id, id, patient_id, token)
select %s, * from unnest(%s::uuid[], %s::uuid[], %s::text[])
"""


def insert_all(rows: Sequence[PracticeRow]) -> None:
    """Write new rows of one model, whose columns are scalars, in one statement."""
    if not rows:
        return
    model = type(rows[0])
    columns = [[getattr(row, name) for row in rows] for name in _attributes(model)]
    with connection.cursor() as cursor:
        cursor.execute(_statement(model), columns)


def insert_tokens(practice_id: UUID, tokens: Iterable[tuple[UUID, str]]) -> None:
    """Write the search tokens of people, given as (person, token)."""
    found = list(tokens)
    if found:
        owners, words = zip(*found, strict=True)
        with connection.cursor() as cursor:
            cursor.execute(INSERT_TOKENS, [practice_id, [new_id() for _ in found], list(owners), list(words)])


@cache
def _attributes(model: type[PracticeRow]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


@cache
def _statement(model: type[PracticeRow]) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in model._meta.concrete_fields)
    # As text, not as varchar(n): a cast to varchar(n) would cut what is too long instead of refusing it.
    types = (str(field.db_type(connection)) for field in model._meta.concrete_fields)
    arrays = ", ".join(f"%s::{'text' if kind.startswith('varchar') else kind}[]" for kind in types)
    return f"insert into {quote(model._meta.db_table)} ({columns}) select * from unnest({arrays})"  # noqa: S608 - our own names
