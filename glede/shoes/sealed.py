"""The sealed database: beside the practice's own on the same server, made from an empty one, dropped at will.

Inside it this thread's connections lead there and nowhere else, so that the code of the field can do all it does and
touch nothing where the practice lives. No other process connects to it: the worker and the sender know nothing of it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.utils import ProgrammingError, load_backend
from psycopg import sql

from glede.kernel import clock
from glede.practices import scope

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

APPLICATION, OWNER = "default", "owner"
SUFFIX, EMPTY = "_sealed", "_sealed_empty"
_LONGEST = 63  # bytes of a database's name


class NoSealedDatabase(Exception):
    """There is no sealed database, and none can be made here; the words say what to do."""


class NotInside(RuntimeError):
    """This may happen in the sealed database alone."""


def name() -> str:
    """Return what the sealed database is called."""
    given = settings.GLEDE_SEALED
    return str(given["NAME"]) if given else _beside(SUFFIX)


def is_inside() -> bool:
    """Return whether this thread is in the sealed database now."""
    return bool(connections[APPLICATION].settings_dict["NAME"] == name() and name() != _live())


def check_inside() -> None:
    """Raise ``NotInside`` anywhere but in the sealed database."""
    if not is_inside():
        raise NotInside("A walk is written in the sealed database alone.")


@contextlib.contextmanager
def inside() -> Iterator[None]:
    """Lead every connection of this thread to the sealed database. Raises ``NoSealedDatabase`` where there is none."""
    if is_inside():
        yield
        return
    with scope.elsewhere(), _led_to(_places(name())):
        try:
            connections[APPLICATION].ensure_connection()
        except Exception as error:
            if _is_missing(error):
                raise NoSealedDatabase("There is no sealed database yet: glede shoes make") from error
            raise
        yield


def make(template: str = "") -> None:
    """Make the sealed database anew, empty, in the place of one that is there.

    It is a copy of an empty one of the same migrations, which is kept beside it, or of ``template``. One that
    ``SEALED_DATABASE_URL`` names is left as it is: there a walk begins with a copy of its own all the same.
    Raises ``NoSealedDatabase`` where the owner's role may not create databases.
    """
    if settings.GLEDE_SEALED:
        return
    try:
        with _owner() as owner:
            source = template or _empty(owner)
            _drop(owner, name())
            _create(owner, name(), source)
    except psycopg.errors.InsufficientPrivilege as error:
        raise NoSealedDatabase(
            "The owner's role may not create databases. Let it, or name a migrated one in SEALED_DATABASE_URL."
        ) from error


def drop() -> None:
    """Drop the sealed database and the empty one it is made from; what ``SEALED_DATABASE_URL`` names stays."""
    if settings.GLEDE_SEALED:
        return
    with _owner() as owner:
        for one in (name(), _beside(EMPTY)):
            _drop(owner, one)


def is_there() -> bool:
    """Return whether there is a sealed database with the tables of this day."""
    wanted = _steps(APPLICATION)
    try:
        with inside():
            return _steps(APPLICATION) == wanted
    except NoSealedDatabase:
        return False


def ensure() -> None:
    """Make the sealed database where there is none, or one of older migrations."""
    if not is_there():
        make()


def _live() -> str:
    return str(connections.settings[APPLICATION]["NAME"])


def _beside(suffix: str) -> str:
    return _live()[: _LONGEST - len(suffix)] + suffix


def _places(database: str) -> dict[str, dict[str, Any]]:
    given = settings.GLEDE_SEALED
    if given:
        return {APPLICATION: {**connections.settings[APPLICATION], **given}}
    return {alias: {**connections.settings[alias], "NAME": database} for alias in (APPLICATION, OWNER)}


@contextlib.contextmanager
def _led_to(places: dict[str, dict[str, Any]]) -> Iterator[None]:
    """Let this thread's connections lead elsewhere. Others are left as they are: each thread has its own."""
    before: dict[str, BaseDatabaseWrapper] = {alias: connections[alias] for alias in (APPLICATION, OWNER)}
    for alias in before:
        # An alias without a place leads nowhere: better no connection than the wrong one.
        place = places.get(alias, {**connections.settings[alias], "NAME": "no such database"})
        connections[alias] = load_backend(place["ENGINE"]).DatabaseWrapper({**place, "CONN_MAX_AGE": 0}, alias)
    try:
        yield
    finally:
        for alias, wrapper in before.items():
            connections[alias].close()
            connections[alias] = wrapper


def _empty(owner: psycopg.Connection[Any]) -> str:
    """Return the name of an empty database of this day's migrations, made where it is missing or older."""
    wanted = _beside(EMPTY)
    if _exists(owner, wanted):
        steps = _steps(APPLICATION)
        with _led_to(_places(wanted)):
            if _steps(OWNER) == steps:
                return wanted
    _drop(owner, wanted)
    extensions = [row[0] for row in owner.execute("select extname from pg_extension where extname <> 'plpgsql'")]
    _create(owner, wanted, "template0")
    with _led_to(_places(wanted)):
        with connections[OWNER].cursor() as cursor:
            for extension in extensions:
                cursor.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(extension)))
        call_command("migrate", verbosity=0, interactive=False, database=OWNER)
    return wanted


def _steps(alias: str) -> set[tuple[str, str]]:
    """Return which migrations a database has taken; none where somebody was stopped amid making it."""
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("select app, name from django_migrations")
            return set(cursor.fetchall())
    except ProgrammingError:
        return set()


@contextlib.contextmanager
def _owner() -> Iterator[psycopg.Connection[Any]]:
    parameters = connections[OWNER].get_connection_params()
    wanted = {key: parameters[key] for key in ("dbname", "user", "password", "host", "port") if parameters.get(key)}
    with psycopg.connect(**wanted, autocommit=True) as connection:
        yield connection


def _exists(owner: psycopg.Connection[Any], database: str) -> bool:
    return owner.execute("select 1 from pg_database where datname = %s", [database]).fetchone() is not None


def _create(owner: psycopg.Connection[Any], database: str, template: str) -> None:
    role = connections.settings[APPLICATION]["USER"]
    made, source = sql.Identifier(database), sql.Identifier(template)
    owner.execute(sql.SQL("create database {} template {}").format(made, source))
    owner.execute(sql.SQL("revoke temporary, connect on database {} from public").format(made))
    owner.execute(sql.SQL("grant connect, temporary on database {} to {}").format(made, sql.Identifier(role)))


def _drop(owner: psycopg.Connection[Any], database: str) -> None:
    """Drop a database once nobody is in it. Raises ``NoSealedDatabase`` where somebody stays."""
    for _ in range(50):
        try:
            owner.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(database)))
        except psycopg.errors.ObjectInUse:
            clock.wait(0.1)
        else:
            return
    raise NoSealedDatabase("Somebody walks there now. Try again in a moment.")


def _is_missing(error: BaseException) -> bool:
    cause = error.__cause__
    return isinstance(cause, psycopg.OperationalError) and "does not exist" in str(cause)
