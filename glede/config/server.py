"""What a PostgreSQL server must hold before Glede uses it, and the checks that refuse one that does not.

Three roles: a superuser that only prepares, an owner that migrates, and the application, which
owns nothing and cannot pass the wall.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg import sql

from glede.config.postgres import APPLICATION, DATABASE, OWNER, SUPERUSER, Cluster

OLDEST = 150000
# 17.1 and the releases beside it broke extensions' binary interface; what loses data joins this list.
REFUSED_VERSIONS: frozenset[int] = frozenset({150009, 160005, 170001})
EXTENSIONS = ("btree_gist",)
_SAFE_SETTINGS = ("fsync", "full_page_writes", "synchronous_commit")


def prepare(cluster: Cluster) -> None:
    """Make the roles and the database of a running embedded server where they are missing."""
    with psycopg.connect(cluster.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        _make_role(connection, OWNER, cluster.password(OWNER), "createdb")
        _make_role(connection, APPLICATION, cluster.password(APPLICATION), "nocreatedb")
        make_database(connection, cluster, DATABASE)


def make_database(connection: "psycopg.Connection[tuple[Any, ...]]", cluster: Cluster, name: str) -> None:
    """Make database ``name``, owned by the owner's role, with the extensions Glede needs."""
    if connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
        return
    # template0 and IF NOT EXISTS: half a start must be a start again.
    connection.execute(
        sql.SQL("create database {} owner {} template template0").format(sql.Identifier(name), sql.Identifier(OWNER))
    )
    connection.execute(sql.SQL("revoke temporary, connect on database {} from public").format(sql.Identifier(name)))
    connection.execute(
        sql.SQL("grant connect, temporary on database {} to {}").format(
            sql.Identifier(name), sql.Identifier(APPLICATION)
        )
    )
    with psycopg.connect(cluster.url(SUPERUSER, name), autocommit=True) as inside:
        for extension in EXTENSIONS:
            inside.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(extension)))


_RIGHTS = """
select c.relname, exists (select 1 from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'append_only')
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relrowsecurity
"""


def grant_application(connection: "psycopg.Connection[tuple[Any, ...]]", role: str) -> None:
    """Let the application at every table outside the wall, and at every sequence. As the owner, after migrating.

    Tables behind the wall get their rights one by one in the migration that raises it.
    """
    to = sql.Identifier(role)
    for table, is_append_only in connection.execute(_RIGHTS).fetchall():
        if table == "django_migrations":
            rights = "select"
        elif table.startswith("outside_"):
            rights = "select, insert, update"
        else:
            rights = "select, insert" if is_append_only else "select, insert, update, delete"
        connection.execute(sql.SQL("grant {} on {} to {}").format(sql.SQL(rights), sql.Identifier(table), to))
    connection.execute(sql.SQL("grant usage, select on all sequences in schema public to {}").format(to))


def refusals(connection: "psycopg.Connection[tuple[Any, ...]]", *, is_forgetful: bool = False) -> Iterator[str]:
    """Yield one sentence for each reason not to start, asked as the application's role.

    ``is_forgetful`` leaves out what a test's server does without: safety at a power cut.
    """
    version = connection.info.server_version
    if version < OLDEST or version in REFUSED_VERSIONS:
        yield f"PostgreSQL {version // 10000}.{version % 10000} is not fit for Glede. Take the newest 15 or later."
    if not is_forgetful:
        yield from _unsafe_settings(connection)
    yield from _too_mighty(connection)
    for extension in EXTENSIONS:
        if not connection.execute("select 1 from pg_extension where extname = %s", [extension]).fetchone():
            yield f"The extension {extension} is missing. As a superuser: CREATE EXTENSION {extension};"


def _unsafe_settings(connection: "psycopg.Connection[tuple[Any, ...]]") -> Iterator[str]:
    for name in (*_SAFE_SETTINGS, "data_checksums"):
        row = connection.execute("select current_setting(%s)", [name]).fetchone()
        if (
            row
            and row[0] in {"off", "local", "remote_write"}
            and not (name == "synchronous_commit" and row[0] != "off")
        ):
            yield f"PostgreSQL runs with {name} = {row[0]}, so a power cut may lose what was promised. Set it to on."


def _too_mighty(connection: "psycopg.Connection[tuple[Any, ...]]") -> Iterator[str]:
    """The wall holds only for a role that owns nothing and cannot switch it off."""
    row = connection.execute(
        "select rolname, rolsuper, rolbypassrls,"
        " has_parameter_privilege(current_user, 'session_replication_role', 'set'),"
        " exists (select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        "  where n.nspname = 'public' and c.relkind in ('r', 'p') and pg_has_role(current_user, c.relowner, 'usage'))"
        " from pg_roles where rolname = current_user"
    ).fetchone()
    role, is_super, bypasses, may_silence_triggers, owns = row or ("?", True, True, True, True)
    cure = "Let DATABASE_URL name an ordinary role, and DATABASE_OWNER_URL the one that owns the tables."
    if is_super:
        yield f"The application's role {role} is a superuser. {cure}"
        return
    if bypasses:
        yield f"The application's role {role} bypasses row-level security. {cure}"
    if owns:
        yield f"The application's role {role} owns a table. {cure}"
    if may_silence_triggers:
        yield f"The application's role {role} may set session_replication_role. Revoke it."


def _make_role(connection: "psycopg.Connection[tuple[Any, ...]]", name: str, password: str, may: str) -> None:
    exists = connection.execute("select 1 from pg_roles where rolname = %s", [name]).fetchone()
    verb = "alter" if exists else "create"
    connection.execute(
        sql.SQL("{} role {} login nosuperuser nobypassrls nocreaterole noreplication {} password {}").format(
            sql.SQL(verb), sql.Identifier(name), sql.SQL(may), sql.Literal(password)
        )
    )
