"""How fast a list of people comes in, beside COPY of the same rows into tables with the same indexes.

The limit is what PostgreSQL itself needs: every row the list made, staged by COPY in a temporary table, and from there
inserted into an empty twin of its table with the same indexes and the same foreign keys. The same without foreign keys
is told too.
"""

import csv
import io
import resource
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection, connections
from psycopg import sql

from glede.config.databases import OWNER
from glede.kernel import clock
from glede.kernel.actor import IMPORT, SYSTEM
from glede.lists.operations import bring_list, put_in_list
from glede.lists.values import NewList
from glede.practices import scope
from glede.practices.operations import NewPractice, start_practice

COUNT: Final = 100_000
PER_SECOND, RATIO, MEGABYTES = 1500, 4, 400
"""What is asked at 100,000: people a second at least, the COPY's time at most so often, memory at most."""
NOW: Final = datetime(2026, 11, 24, 8, 12, tzinfo=UTC)
TABLES: Final = (
    "people_patient", "people_patientkey", "people_contactpoint", "people_searchtoken", "lists_broughtrow",
    "ledger_subject", "ledger_event",
)  # fmt: skip
_GIVEN: Final = ("Kari", "Åse", "Øyvind", "Bjørn", "Ingrid", "Nils", "Solveig", "Tor", "Leïla", "Anne Marie")
_FAMILY: Final = ("Moe", "Øst", "van der Berg", "Nordmann", "Hansen", "Åsen", "Lie", "Bakke", "Dahl")
_BORN: Final = date(1930, 1, 1)
_MEBI: Final = 2**20


def measure(count: int = COUNT) -> dict[str, Any]:
    """Bring in a list of ``count`` made-up people and return people a second, beside the limit of the same run."""
    practice = start_practice(
        NewPractice(name="Bench", country="NO", language="nb", zone="Europe/Oslo", virtual_now=NOW), by=SYSTEM, now=NOW
    )
    own: dict[str, Any] = {"practice_id": practice.pk, "by": IMPORT, "now": NOW}
    began = clock.monotonic()
    list_id = put_in_list(new=NewList("people", "people.csv", listed(count)), **own)
    brought = bring_list(list_id=list_id, **own)
    took = clock.monotonic() - began
    memory = peak_megabytes()
    if brought.created != count:
        raise AssertionError(f"{brought.created} of {count} people came in")
    copied, bare = copy_seconds(practice.pk, has_keys=True), copy_seconds(practice.pk, has_keys=False)
    return {
        "figure": round(count / took),
        "unit": "people/s",
        "limit": round(count / copied),
        "ratio": round(took / copied, 2),
        "seconds": round(took, 1),
        "copy_seconds": round(copied, 1),
        "copy_seconds_without_keys": round(bare, 1),
        "ratio_without_keys": round(took / bare, 2),
        "megabytes": memory,
        "people": count,
        "asked": {"people_a_second": PER_SECOND, "ratio_at_most": RATIO, "megabytes_at_most": MEGABYTES},
    }


def listed(count: int) -> bytes:
    """Return a list of made-up people as a Norwegian system would write it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(("Kundenr", "Etternavn", "Fornavn", "Fødselsdato", "Mobil", "E-post"))
    for n in range(count):
        born = _BORN + timedelta(days=n % 30_000)
        given, family = _GIVEN[n % len(_GIVEN)], _FAMILY[n % len(_FAMILY)]
        phone, email = f"4{n % 10**7:07d}", f"person{n}@example.org"
        writer.writerow((f"K{n}", family, given, f"{born:%d.%m.%Y}", phone, email))
    return out.getvalue().encode("cp1252")


def peak_megabytes() -> int:
    """Return the most memory this process has held."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most / (_MEBI if sys.platform == "darwin" else 1024))


def copy_seconds(practice_id: UUID, *, has_keys: bool) -> float:
    """Return how long COPY and INSERT of every row of the practice take, without a line of our code between."""
    return sum(_copied(practice_id, table, has_keys) for table in TABLES)


def _copied(practice_id: UUID, table: str, has_keys: bool) -> float:
    rows = _copied_out(practice_id, table)
    names = {"table": sql.Identifier(table), "staged": sql.Identifier(f"staged_{table}"),
             "twin": sql.Identifier(f"twin_{table}")}  # fmt: skip
    with connections[OWNER].cursor() as cursor:
        cursor.execute(sql.SQL("create table {twin} (like {table} including all)").format(**names))
        for key in keys_of(table) if has_keys else ():
            cursor.execute(sql.SQL("alter table {twin} add {key}").format(**names, key=sql.SQL(key)))
        cursor.execute(sql.SQL("create temporary table {staged} (like {table})").format(**names))
        began = clock.monotonic()
        with cursor.copy(sql.SQL("copy {staged} from stdin (format binary)").format(**names)) as copying:
            copying.write(rows)
        cursor.execute(sql.SQL("insert into {twin} select * from {staged}").format(**names))
        took = clock.monotonic() - began
        cursor.execute(sql.SQL("drop table {twin}, {staged}").format(**names))
    return took


def keys_of(table: str) -> list[str]:
    """Return the foreign keys of a table, as they are written where a table is made."""
    query = "select pg_get_constraintdef(oid) from pg_constraint where conrelid = %s::regclass and contype = 'f'"
    with connections[OWNER].cursor() as cursor:
        cursor.execute(query, [table])
        return [key for (key,) in cursor.fetchall()]


def _copied_out(practice_id: UUID, table: str) -> bytes:
    query = sql.SQL("copy (select * from {}) to stdout (format binary)").format(sql.Identifier(table))
    with scope.transaction(practice_id), connection.cursor() as cursor, cursor.copy(query) as copying:
        return b"".join(bytes(part) for part in copying)
