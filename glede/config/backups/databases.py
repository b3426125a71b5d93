"""Databases beside the one in use: made, dropped, and put in its place in one commit."""

import contextlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import errors, sql

from glede.config.terminal import Refused
from glede.kernel import clock

Connection = psycopg.Connection[tuple[Any, ...]]
CLEANER_SECONDS = 20.0


def at(url: str, name: str) -> str:
    """Return the address of database ``name`` on the server of ``url``."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def name_of(url: str) -> str:
    """Return the name of the database at ``url``."""
    return urlsplit(url).path.lstrip("/")


def role_of(url: str) -> str:
    """Return the role that ``url`` names."""
    return urlsplit(url).username or ""


@contextlib.contextmanager
def beside(url: str) -> Iterator[Connection]:
    """Connect to the server of ``url`` without using its database: nobody may be in one that is renamed."""
    with contextlib.closing(psycopg.connect(at(url, "postgres"), autocommit=True)) as connection:
        yield connection


def make(url: str, name: str, *, application: str) -> str:
    """Make the empty database ``name``, in place of one of that name, and return its address."""
    drop(url, name)
    one = sql.Identifier(name)
    with beside(url) as connection:
        try:
            connection.execute(sql.SQL("create database {} template template0").format(one))
        except errors.InsufficientPrivilege as error:
            role = role_of(url)
            raise Refused(
                f"The owner's role may not make databases. As a superuser: alter role {role} createdb;"
            ) from error
        connection.execute(sql.SQL("revoke temporary, connect on database {} from public").format(one))
        connection.execute(
            sql.SQL("grant connect, temporary on database {} to {}").format(one, sql.Identifier(application))
        )
    return at(url, name)


def drop(url: str, name: str) -> None:
    """Drop database ``name`` where it is, whoever is in it.

    The server's own cleaner may be in it, whom only a superuser may put out: it goes by itself in a moment.
    """
    statement = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
    ends_at = clock.monotonic() + CLEANER_SECONDS
    with beside(url) as connection:
        while True:
            try:
                connection.execute(statement)
                return
            except (errors.InsufficientPrivilege, errors.ObjectInUse):
                if clock.monotonic() > ends_at:
                    raise
                clock.wait(0.2)


def names(url: str, prefix: str) -> list[str]:
    """Return the databases of the server whose names begin with ``prefix``."""
    with beside(url) as connection:
        rows = connection.execute("select datname from pg_database where starts_with(datname, %s)", [prefix])
        return sorted(row[0] for row in rows.fetchall())


def is_empty(url: str) -> bool:
    """Return whether the database at ``url`` can be read and has no table of ours: nobody ever used it."""
    try:
        with contextlib.closing(psycopg.connect(url)) as connection:
            row = connection.execute("select to_regclass('public.django_migrations') is null").fetchone()
            return bool(row and row[0])
    except psycopg.Error:
        return False


def others_in(url: str) -> int:
    """Return how many programs are in the database at ``url``."""
    with beside(url) as connection:
        row = connection.execute(
            "select count(*) from pg_stat_activity where datname = %s and usesysid is not null"
            " and pid <> pg_backend_pid()",
            [name_of(url)],
        ).fetchone()
        return int(row[0]) if row else 0


def put_in_place(url: str, fresh: str, *, aside: str) -> None:
    """Let ``fresh`` take the name of the database at ``url``, which is kept as ``aside``; both or neither."""
    rename = sql.SQL("alter database {} rename to {}")
    main = name_of(url)
    with beside(url) as connection:
        try:
            with connection.transaction():
                connection.execute(rename.format(sql.Identifier(main), sql.Identifier(aside)))
                connection.execute(rename.format(sql.Identifier(fresh), sql.Identifier(main)))
        except errors.ObjectInUse as error:
            raise Refused("Somebody is in the database. Stop Glede everywhere, then try again.") from error


@contextlib.contextmanager
def entered(name: str) -> Iterator[None]:
    """Let this thread's Django connections lead to database ``name`` for a while."""
    from django.db import connections

    before = {alias: connections[alias] for alias in ("default", "owner")}
    for alias, wrapper in before.items():
        wrapper.close()
        settings = {**wrapper.settings_dict, "NAME": name, "CONN_MAX_AGE": 0}
        connections[alias] = type(wrapper)(settings, alias)
    try:
        yield
    finally:
        for alias, wrapper in before.items():
            connections[alias].close()
            connections[alias] = wrapper
