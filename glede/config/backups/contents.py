"""What a database holds at one moment: counted for a backup's first page, and compared once it is restored."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from itertools import chain
from typing import Any

from psycopg import sql

from glede.config.backups.databases import Connection
from glede.config.terminal import Refused

FORMAT = 1
_TABLES = """
select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind in ('r', 'p') order by 1
"""
MOST_PRACTICES = 250  # their ids must fit into the first words of a connection, 10,000 bytes


@dataclass(frozen=True)
class Contents:
    """The first page of a backup: whose it is, when it was made, and how much of everything it holds."""

    made_at: str
    glede: str
    server: int
    application: str
    migrations: list[list[str]]
    practices: dict[str, str]
    heads: dict[str, list[Any]]
    counts: dict[str, int]
    guards: dict[str, int]
    link_mark: str = ""
    format: int = FORMAT

    @property
    def moment(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.made_at)


def practices_of(connection: Connection) -> dict[str, str]:
    """Return every practice's slug with its id, retired ones too. Raises ``Refused`` where there are too many."""
    found = {slug: str(key) for slug, key in connection.execute("select slug, id from outside_practice order by slug")}
    if len(found) > MOST_PRACTICES:
        raise Refused(f"More than {MOST_PRACTICES} practices in one database: copy it with your server's own tools.")
    return found


def let_in(connection: Connection, practices: dict[str, str]) -> None:
    """Let the owner's role see the rows of these practices, for as long as the connection lasts."""
    connection.execute("select set_config('glede.practices', %s, false)", [",".join(practices.values())])


def contents_of(connection: Connection, *, application: str, moment: datetime, link_mark: str = "") -> Contents:
    """Return what the database holds, as the transaction of ``connection`` sees it."""
    practices = practices_of(connection)
    let_in(connection, practices)
    tables = [row[0] for row in connection.execute(_TABLES).fetchall()]
    heads = connection.execute("select practice_id, seq, encode(hash, 'hex') from ledger_head").fetchall()
    return Contents(
        made_at=moment.isoformat(),
        glede=version("glede"),
        server=connection.info.server_version,
        application=application,
        migrations=[list(row) for row in connection.execute("select app, name from django_migrations order by 1, 2")],
        practices=practices,
        heads={str(key): [seq, digest] for key, seq, digest in heads},
        counts={table: _count(connection, table) for table in tables},
        guards=_guards(connection, application),
        link_mark=link_mark,
    )


_GUARDS = """
select (select count(*) from pg_policies where schemaname = 'public'),
  (select count(*) from pg_class c where c.relnamespace = 'public'::regnamespace and c.relforcerowsecurity),
  (select count(*) from pg_trigger t join pg_class c on c.oid = t.tgrelid
   where not t.tgisinternal and t.tgenabled = 'O' and c.relnamespace = 'public'::regnamespace),
  (select count(*) from pg_constraint where connamespace = 'public'::regnamespace and convalidated),
  (select count(*) from pg_indexes where schemaname = 'public'),
  (select count(*) from pg_class c, unnest(array['select', 'insert', 'update', 'delete', 'truncate']) as may
   where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and has_table_privilege(%s, c.oid, may))
"""


def _guards(connection: Connection, application: str) -> dict[str, int]:
    """Count what keeps people apart and the record whole: it must come back with the rows."""
    row = connection.execute(_GUARDS, [application]).fetchone() or ()
    return dict(zip(("policies", "walls", "triggers", "constraints", "indexes", "rights"), row, strict=True))


def _count(connection: Connection, table: str) -> int:
    row = connection.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table))).fetchone()
    return int(row[0]) if row else 0


def differences(told: Contents, found: Contents) -> list[str]:
    """Return in words what a restored database has otherwise than its backup tells."""
    wrong = [
        f"{table} holds {found.counts.get(table, 0)} rows, not {count}"
        for table, count in told.counts.items()
        if found.counts.get(table, 0) != count
    ]
    wrong += [f"the record of {slug} ends elsewhere" for slug, key in told.practices.items()
              if told.heads.get(key) != found.heads.get(key)]  # fmt: skip
    return wrong


def first_page(contents: Contents) -> bytes:
    """Return the bytes that begin a backup."""
    page = json.dumps(asdict(contents), sort_keys=True).encode()
    return len(page).to_bytes(8, "big") + page


def opened(parts: Iterator[bytes]) -> tuple[Contents, Iterator[bytes]]:
    """Return a backup's first page and the parts of the dump behind it."""
    held = bytearray()
    length = None
    for part in parts:
        held += part
        length = int.from_bytes(held[:8], "big") if len(held) >= 8 else None
        if length is not None and len(held) >= 8 + length:
            break
    facts = json.loads(bytes(held[8 : 8 + (length or 0)]) or b"{}")
    if facts.get("format") != FORMAT:
        raise Refused("This backup was made by a newer Glede. Take that version, then restore again.")
    return Contents(**facts), chain([bytes(held[8 + (length or 0) :])], parts)
