"""The databases of the tests themselves."""

import contextlib
import re
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.db.backends.signals import connection_created

from glede.config import postgres
from glede.config.databases import let_go_after
from glede.config.management.commands import migrate
from glede.config.postgres import Cluster
from glede.config.quick_migrations import quickly
from tests.database import drop, make_migrated, superuser
from tests.depth import DEPTH


@pytest.mark.django_db
def test_tests_run_as_the_application() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select current_user, rolsuper, rolbypassrls from pg_roles where rolname = current_user")
        assert cursor.fetchone() == (postgres.APPLICATION, False, False)


@pytest.mark.django_db
def test_the_application_owns_no_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_tables where schemaname = 'public' and tableowner = current_user")
        assert cursor.fetchone() == (0,)


def test_own_database_is_seen_by_other_connections(own_database: str, cluster: Cluster) -> None:
    with connection.cursor() as cursor:
        cursor.execute("insert into django_session values ('k', 'd', '2026-01-01')")
    with psycopg.connect(cluster.url(postgres.APPLICATION, own_database)) as other:
        assert other.execute("select count(*) from django_session").fetchone() == (1,)
    assert connections["owner"].settings_dict["NAME"] == own_database


@pytest.mark.parametrize("patience", [0.05, 60])
def test_who_is_paused_amid_a_transaction_holds_nobody_up_for_long(
    own_database: str, cluster: Cluster, patience: float
) -> None:
    connection.close()
    let_go_after(patience)
    is_over = patience < 1
    try:
        with pytest.raises(DatabaseError) if is_over else contextlib.nullcontext(), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("lock table django_session")
            with psycopg.connect(cluster.url(postgres.APPLICATION, own_database)) as other:
                other.execute("set lock_timeout = %s" % ("'20s'" if is_over else "'50ms'"))
                with contextlib.nullcontext() if is_over else pytest.raises(psycopg.errors.LockNotAvailable):
                    other.execute("lock table django_session")
            with connection.cursor() as cursor:
                cursor.execute("select 1")
    finally:
        connection_created.disconnect(dispatch_uid="let_go_after")
        connection.close()


@pytest.mark.django_db
def test_nothing_of_an_own_database_is_left() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from django_session")
        assert cursor.fetchone() == (0,)


@pytest.mark.slow
@pytest.mark.skipif(DEPTH < 10, reason="to migrate as Django does takes a quarter of a minute: DEPTH=10")
def test_quick_migrations_leave_what_djangos_own_do(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any
) -> None:
    def left_by(way: Callable[[], AbstractContextManager[None]]) -> str:
        monkeypatch.setattr(migrate, "quickly", way)
        name = "compared"
        with superuser(cluster) as connection, django_db_blocker.unblock():
            make_migrated(connection, cluster, name)
            dump = [str(postgres.programs() / "pg_dump"), "--inserts", cluster.url(postgres.SUPERUSER, name)]
            words = subprocess.run(dump, capture_output=True, text=True, check=True).stdout
            drop(connection, name)
        return re.sub(r"(?m)^\\.*$|'20\d\d-\d\d-\d\d [^']*'", "", words)

    assert left_by(quickly) == left_by(contextlib.nullcontext)
