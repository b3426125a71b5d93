"""Write many rows at once without asking a model for each value: a list of people has a dozen rows a person."""

from collections.abc import Iterable, Sequence
from functools import cache
from uuid import UUID

from django.db import connection

from glede.kernel.ids import new_ids
from glede.practices.arrays import insert_columns
from glede.practices.models import PracticeRow


def insert_all(rows: Sequence[PracticeRow]) -> None:
    """Write new rows of one model, whose columns are scalars, in one statement."""
    if not rows:
        return
    model = type(rows[0])
    columns = [(name, kind, [getattr(row, attribute) for row in rows]) for name, kind, attribute in _columns(model)]
    insert_columns(model._meta.db_table, columns)


def insert_tokens(practice_id: UUID, tokens: Iterable[tuple[UUID, str]]) -> None:
    """Write the search tokens of people, given as (person, token)."""
    found = list(tokens)
    if found:
        owners, words = zip(*found, strict=True)
        columns = [
            ("id", "uuid", new_ids(len(found))),
            ("practice_id", "uuid", [practice_id] * len(found)),
            ("patient_id", "uuid", owners),
            ("token", "text", words),
        ]
        insert_columns("people_searchtoken", columns)


@cache
def _columns(model: type[PracticeRow]) -> tuple[tuple[str, str, str], ...]:
    """Return each column's name, its type, and the attribute it is kept in."""
    return tuple(
        (str(field.column), _type(str(field.db_type(connection))), field.attname)
        for field in model._meta.concrete_fields
    )


def _type(kind: str) -> str:
    # As text, not as varchar(n): a cast to varchar(n) would cut what is too long instead of refusing it.
    return "text" if kind.startswith("varchar") else kind
