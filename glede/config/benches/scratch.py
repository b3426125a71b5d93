"""A database for a while: made beside the practice's own, migrated, used, dropped."""

import contextlib
import os
from collections.abc import Iterator
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from glede.config.databases import APPLICATION, OWNER
from glede.config.processes import is_alive
from glede.config.server import EXTENSIONS
from glede.kernel import clock

PREFIX = "glede_bench_"


@contextlib.contextmanager
def scratch_database(template: str = "") -> Iterator[str]:
    """Lead every connection of this process to a fresh migrated database, and drop it at the end.

    Made by the owner's role, which must be allowed to create databases. With ``template`` it is a copy of that
    (migrated) database; else it is migrated anew. What killed runs left behind is dropped too.
    """
    name, role = f"{PREFIX}{os.getpid()}", connections.settings[APPLICATION]["USER"]
    with _owner() as owner:
        _drop_what_the_dead_left(owner)
        source = sql.Identifier(template or "template0")
        owner.execute(sql.SQL("create database {} template {}").format(sql.Identifier(name), source))
        try:
            for statement in (
                "revoke temporary, connect on database {} from public",
                "grant connect, temporary on database {} to {}",
            ):
                owner.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(role)))
            with _pointed_at(name):
                if not template:
                    _migrate()
                yield name
        finally:
            _drop(owner, name)


def gather_statistics() -> None:
    """Let the planner know what is there, as the owner of the tables."""
    with _owner(connections.settings[OWNER]["NAME"]) as owner:
        owner.execute("vacuum analyze")


@contextlib.contextmanager
def _owner(name: str = "") -> "Iterator[psycopg.Connection[Any]]":
    parameters = connections[OWNER].get_connection_params()
    wanted = {key: parameters[key] for key in ("dbname", "user", "password", "host", "port") if parameters.get(key)}
    with psycopg.connect(**{**wanted, "dbname": name or wanted["dbname"]}, autocommit=True) as connection:
        yield connection


def _migrate() -> None:
    with connections[OWNER].cursor() as cursor:
        for extension in EXTENSIONS:
            cursor.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(extension)))
    call_command("migrate", verbosity=0, interactive=False)


@contextlib.contextmanager
def _pointed_at(name: str) -> Iterator[None]:
    before = {alias: connections.settings[alias]["NAME"] for alias in (APPLICATION, OWNER)}
    _lead(dict.fromkeys(before, name))
    try:
        yield
    finally:
        _lead(before)


def _lead(names: dict[str, str]) -> None:
    connections.close_all()
    for alias, name in names.items():
        connections.settings[alias]["NAME"] = name


def _drop_what_the_dead_left(owner: "psycopg.Connection[Any]") -> None:
    for (name,) in owner.execute("select datname from pg_database where starts_with(datname, %s)", [PREFIX]).fetchall():
        if not is_alive(int(name.removeprefix(PREFIX))):
            _drop(owner, name)


def _drop(owner: "psycopg.Connection[Any]", name: str) -> None:
    """Drop a scratch database; one that somebody still reads is left for the next run, and so is told nobody."""
    for _ in range(50):
        try:
            owner.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))
        except psycopg.errors.ObjectInUse:
            clock.wait(0.1)
        else:
            return
