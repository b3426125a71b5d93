"""What PostgreSQL means to do with each statement, and whether it would read a whole table for it."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from psycopg import sql

GROWS_FROM = 1_000
"""A table with so many rows at 50,000 people grows with the practice; smaller ones may be read whole."""
WASTE = 2_000
"""So many rows may be read and thrown away by one step of a statement."""
MOST = 15_000
"""So many rows may one step read at all, unless it reads the index alone; a search looks at 12,000 words at most."""
_ASKED = re.compile(r"\s*(select|with|insert|update|delete)\b", re.I)
_WRITES = re.compile(r"\s*(insert|update|delete)\b|\bfor (no key )?update\b|_take_head\(", re.I)
_NO_TABLE = re.compile(r"\s*select (set_config|pg_advisory)", re.I)


@dataclass
class Plans:
    """Every statement with its plan, as the application's role got it."""

    growing: frozenset[str]
    statements: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def offences(self) -> list[str]:
        """Return each statement that reads a whole growing table, or most of one in vain."""
        return [f"{words}: {statement[:300]}" for statement, words in self._found()]

    def _found(self) -> Iterator[tuple[str, str]]:
        for statement, _, plan in self.statements:
            for words in offences_of(plan, self.growing):
                yield statement, words


def offences_of(plan: dict[str, Any], growing: frozenset[str]) -> Iterator[str]:
    """Yield what is wrong with a plan."""
    table = plan.get("Relation Name", "")
    if plan["Node Type"] == "Seq Scan" and table in growing:
        yield f"reads all of {table}"
    rows = plan.get("Actual Rows", 0) * plan.get("Actual Loops", 1)
    if table in growing and rows > MOST and plan["Node Type"] != "Index Only Scan":
        yield f"reads {rows:.0f} rows of {table}"
    wasted = plan.get("Rows Removed by Filter", 0) * plan.get("Actual Loops", 1)
    if wasted > WASTE:
        yield f"reads {wasted:.0f} rows of {table or plan['Node Type']} in vain"
    for inner in plan.get("Plans", []):
        yield from offences_of(inner, growing)


@contextmanager
def explained() -> Iterator[Plans]:
    """Explain every statement of the block, with its own parameters, just before it runs; reads with their counts."""
    plans = Plans(growing_tables())

    def explain(execute: Any, statement: Any, params: Any, many: bool, context: Any) -> Any:
        if isinstance(statement, sql.Composable):
            statement = statement.as_string(connection.connection)
        if _ASKED.match(statement) and not _NO_TABLE.match(statement) and not many:
            options = "format json" if _WRITES.search(statement) else "analyze, timing off, format json"
            with connection.connection.cursor() as cursor:
                cursor.execute(f"explain ({options}) {statement}", params)
                told = cursor.fetchone()[0]
            plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
            plans.statements.append((statement, _whole(statement, params), plan))
        return execute(statement, params, many, context)

    with connection.execute_wrapper(explain):
        yield plans


def _whole(statement: str, params: Any) -> str:
    with connection.connection.cursor() as cursor:
        return str(cursor.mogrify(statement, params))


def growing_tables() -> frozenset[str]:
    """Return the tables that grow with the practice."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where n.nspname = 'public' and c.relkind in ('r', 'p') and c.reltuples >= %s",
            [GROWS_FROM],
        )
        return frozenset(row[0] for row in cursor.fetchall())
