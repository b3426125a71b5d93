"""What one practice leaves behind: a fingerprint of all its rows, its secrets, and which scopes a piece of work set."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection
from psycopg import sql

from glede.practices import scope
from glede.practices.models import Practice
from tests.estate import CANARY, Estate

OUTSIDE = {"outside_practice": "id", "outside_membership": "practice_id", "outside_link_index": "practice_id"}
# Who looked is written by every look, and by nothing else.
LOOKS = {"ledger_access"}


def walled_tables() -> dict[str, str]:
    """Return every table that holds rows of practices, with the column that says whose they are."""
    walled = {
        model._meta.db_table: "practice_id"
        for model in apps.get_models()
        if any(field.name == "practice" for field in model._meta.local_fields)
    }
    return walled | OUTSIDE


def fingerprint(practice_id: UUID, *, leave_out: set[str] = frozenset()) -> dict[str, tuple[int, str]]:  # type: ignore[assignment]
    """Return for each table how many rows of a practice it holds, and a hash over them."""
    found = {}
    with scope.transaction(practice_id), connection.cursor() as cursor:
        for table, column in sorted(walled_tables().items()):
            if table in leave_out:
                continue
            query = sql.SQL(
                "select count(*), coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '')"
                " from {} t where t.{} = %s"
            )
            cursor.execute(query.format(sql.Identifier(table), sql.Identifier(column)), [practice_id])
            found[table] = cursor.fetchone()
    return found


def secrets_of(estate: Estate) -> list[str]:
    """Return words and ids that nobody outside a practice may ever read."""
    practice = Practice.objects.get(pk=estate.house.id)
    words = [str(practice.pk), practice.slug, practice.name, practice.email, estate.link]
    words += [CANARY, "kari@example.net"] if "nordlys" in practice.slug else ["Kan jeg komme litt senere", "kari.moe@"]
    return words + [str(one) for one in estate.ids.values()]


def told_of(estate: Estate, text: str) -> list[str]:
    """Return the secrets of a practice that stand in ``text``."""
    return [secret for secret in secrets_of(estate) if secret and secret in text]


_SCOPE = re.compile(r"select set_config\('glede\.practices'")


@contextmanager
def scopes() -> Iterator[list[frozenset[str]]]:
    """Collect the practices of every scope that the block opens."""
    found: list[frozenset[str]] = []

    def note(execute: Any, statement: Any, params: Any, many: bool, context: Any) -> Any:
        if isinstance(statement, str) and _SCOPE.match(statement):
            found.append(frozenset(filter(None, params[0].split(","))))
        return execute(statement, params, many, context)

    with connection.execute_wrapper(note):
        yield found
