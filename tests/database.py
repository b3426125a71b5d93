"""Databases for tests: an embedded server, one migrated template, a clone for each run and worker.

Tests run as the application's role. ``db`` rolls each test back; ``own_database`` gives a fresh
clone to a test that needs several connections. Nothing is ever flushed, no trigger disabled.

``GLEDE_TEST_CLUSTER`` names a folder whose server is kept and reused between runs; without it a
server is made for the run and ends with it.
"""

import contextlib
import fcntl
import hashlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from glede.config import postgres, server
from glede.config.postgres import OWNER, SUPERUSER, Cluster
from glede.config.processes import is_alive

ROOT = Path(__file__).resolve().parent.parent
_ROLES = {"default": postgres.APPLICATION, "owner": OWNER}


def test_cluster() -> Cluster:
    """Return the server of this run (not necessarily started)."""
    kept = os.environ.get("GLEDE_TEST_CLUSTER")
    return Cluster(Path(kept or Path(os.environ["GLEDE_TEST_RUN"]) / "pg"), is_forgetful=True)


test_cluster.__test__ = False  # type: ignore[attr-defined]
_started: list["subprocess.Popen[bytes]"] = []
_outliving: list["subprocess.Popen[bytes]"] = []  # held, so that Python does not complain of a child that runs on


@contextlib.contextmanager
def _alone(cluster: Cluster) -> Iterator[None]:
    cluster.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (cluster.folder / "tests.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def ready_cluster() -> Cluster:
    """Start the run's server where it does not run yet, and return it."""
    cluster = test_cluster()
    with _alone(cluster):
        postgres.ensure_cluster(cluster)
        if not cluster.is_ready():
            kept = "GLEDE_TEST_CLUSTER" in os.environ
            child = postgres.start(cluster, outlives_us=kept)
            (_outliving if kept else _started).append(child)
        server.prepare(cluster)
    return cluster


def template(cluster: Cluster) -> str:
    """Return the name of a migrated database, made once for each state of the migrations."""
    name = f"template_{_fingerprint()}"
    with _alone(cluster), superuser(cluster) as connection:
        if connection.execute("select 1 from pg_database where datname = %s and datistemplate", [name]).fetchone():
            return name
        make_migrated(connection, cluster, name)
        connection.execute(sql.SQL("alter database {} is_template true").format(sql.Identifier(name)))
    return name


def _fingerprint() -> str:
    files = [*sorted((ROOT / "glede").glob("*/migrations/*.py")), ROOT / "requirements/base.txt"]
    made_by = ("practices/walls.py", "config/quick_migrations.py", "config/server.py", "config/settings.py")
    files += [ROOT / "glede" / name for name in made_by]
    digest = hashlib.sha256()
    for file in files:
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def make_migrated(connection: "psycopg.Connection[Any]", cluster: Cluster, name: str) -> None:
    """Make database ``name`` with all its tables, in the place of one of that name."""
    from django.core.management import call_command

    drop(connection, name)
    server.make_database(connection, cluster, name)
    with pointed_at(cluster, name):
        call_command("migrate", verbosity=0, interactive=False)


@contextlib.contextmanager
def pointed_at(cluster: Cluster, name: str) -> Iterator[None]:
    """Let both of Django's connections lead to database ``name`` for a while, in every thread."""
    from django.db import connections

    before = {alias: dict(connections.settings[alias]) for alias in _ROLES}
    connections.close_all()
    for alias, role in _ROLES.items():
        connections.settings[alias].update(
            NAME=name,
            USER=role,
            PASSWORD=cluster.password(role),
            HOST=str(cluster.socket),
            PORT="",
            OPTIONS={},
            CONN_MAX_AGE=0,
        )
    try:
        yield
    finally:
        connections.close_all()
        for alias, settings in before.items():
            connections.settings[alias].update(settings)


@contextlib.contextmanager
def clone(cluster: Cluster, of: str, name: str) -> Iterator[str]:
    """Make database ``name`` from template ``of`` and drop it at the end."""
    with superuser(cluster) as connection:
        drop(connection, name)
        connection.execute(
            sql.SQL("create database {} owner {} template {}").format(*map(sql.Identifier, (name, OWNER, of)))
        )
    try:
        yield name
    finally:
        with superuser(cluster) as connection:
            drop(connection, name)


def drop(connection: "psycopg.Connection[Any]", name: str) -> None:
    """Drop database ``name``, whoever is still connected."""
    connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def superuser(cluster: Cluster) -> "psycopg.Connection[Any]":
    """Connect as the one who makes and drops databases."""
    return psycopg.connect(cluster.url(SUPERUSER, "postgres"), autocommit=True)


def _drop_what_the_dead_left(cluster: Cluster) -> None:
    with superuser(cluster) as connection:
        rows = connection.execute("select datname from pg_database where datname like 'run\\_%'").fetchall()
        for (name,) in rows:
            if not is_alive(int(name.split("_")[1])):
                drop(connection, name)


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """Return the run's server, started."""
    return ready_cluster()


@pytest.fixture(scope="session")
def template_database(cluster: Cluster, django_db_blocker: Any) -> str:
    """Return the name of the migrated template."""
    _drop_what_the_dead_left(cluster)
    with django_db_blocker.unblock():
        return template(cluster)


@pytest.fixture(scope="session")
def django_db_setup(cluster: Cluster, template_database: str, django_db_blocker: Any) -> Iterator[None]:
    """Stand in for pytest-django's own: a clone of the template, used as the application's role."""
    with clone(cluster, template_database, f"run_{os.getpid()}") as name, pointed_at(cluster, name):
        yield


@pytest.fixture
def own_database(
    request: pytest.FixtureRequest, cluster: Cluster, template_database: str, django_db_blocker: Any
) -> Iterator[str]:
    """Give the test a database of its own, with real commits and any number of connections.

    Returns its name; ``cluster.url(role, name)`` is its address for other processes.
    """
    if "db" in request.fixturenames:
        pytest.fail("Take either db or own_database: one rolls back, the other commits.")
    name = f"run_{os.getpid()}_own"
    with django_db_blocker.unblock(), clone(cluster, template_database, name), pointed_at(cluster, name):
        yield name


@pytest.fixture(autouse=True)
def nothing_is_flushed(request: pytest.FixtureRequest) -> None:
    """Refuse the tests that would flush."""
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction")):
        pytest.fail("Transactional tests flush tables, which our own triggers refuse. Use own_database.")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tests that need the database of 50,000 people come first: at the end all workers would wait for it."""
    items.sort(key=lambda item: "tests/queries/" not in item.nodeid)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the server before xdist's workers ask for it, so that it ends with the run, not with one of them."""
    if getattr(session.config.option, "numprocesses", None):
        ready_cluster()


def pytest_unconfigure() -> None:
    """Stop the server this process started."""
    for child in _started:
        postgres.stop(child)
    _started.clear()
