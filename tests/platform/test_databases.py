"""The databases of the tests themselves."""

import psycopg
import pytest
from django.db import connection, connections

from glede.config import postgres
from glede.config.postgres import Cluster


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


@pytest.mark.django_db
def test_nothing_of_an_own_database_is_left() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from django_session")
        assert cursor.fetchone() == (0,)
