"""Every table behind both walls, or in the one list of those outside."""

import psycopg
import pytest
from django.apps import apps
from django.db import connection

from glede.config import postgres
from glede.kernel.ids import new_id
from glede.people.models import Patient
from glede.practices import scope
from tests.estate import an_estate

# Tables without a practice, or found before one is known. They hold nothing about a patient but hashes.
OUTSIDE = {
    "account_emailaddress", "account_emailconfirmation", "auth_group", "auth_group_permissions", "auth_permission",
    "axes_accessattempt", "axes_accessattemptexpiration", "axes_accessfailurelog", "axes_accesslog",
    "django_content_type", "django_migrations", "django_session", "mfa_authenticator", "outside_backup_proof",
    "outside_booking_address",
    "outside_channel_account", "outside_day_feed", "outside_invitation", "outside_link_index", "outside_membership",
    "outside_organisation", "outside_practice",
    "outside_throttle", "outside_user", "outside_user_groups", "outside_user_user_permissions",
    "procrastinate_events", "procrastinate_jobs", "procrastinate_periodic_defers", "procrastinate_workers",
}  # fmt: skip


def _tables() -> dict[str, tuple[bool, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.relname, c.relrowsecurity, c.relforcerowsecurity from pg_class c"
            " join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind = 'r'"
        )
        return {name: (secured, forced) for name, secured, forced in cursor.fetchall()}


@pytest.mark.django_db
def test_every_table_is_walled_in_or_on_the_list() -> None:
    tables = _tables()
    open_tables = {name for name, (secured, forced) in tables.items() if not (secured and forced)}
    assert open_tables - OUTSIDE == set()
    assert {name for name in OUTSIDE if name in tables and tables[name][0]} == set()


@pytest.mark.django_db
def test_every_key_between_rows_of_practices_joins_equal_practices() -> None:
    walled = {name for name, (secured, _) in _tables().items() if secured}
    with connection.cursor() as cursor:
        cursor.execute(
            "select conrelid::regclass::text, confrelid::regclass::text, array_length(conkey, 1) from pg_constraint"
            " where contype = 'f'"
        )
        single = [
            (source, target)
            for source, target, columns in cursor.fetchall()
            if source in walled and target in walled and columns < 2
        ]
    assert single == []


@pytest.mark.django_db
def test_a_query_outside_a_scope_raises_in_every_room() -> None:
    from django_scopes import ScopeError

    for model in apps.get_models():
        if any(f.name == "practice" for f in model._meta.local_fields) and not model._meta.db_table.startswith(
            "outside_"
        ):
            with pytest.raises(ScopeError):
                model._default_manager.count()


@pytest.mark.django_db
def test_the_database_refuses_a_row_of_another_practice() -> None:
    from django.db import DatabaseError, transaction

    ours, theirs = an_estate("solberg"), an_estate("nordlys")
    with (
        scope.transaction(ours.house.id),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "insert into practices_openinghours (id, practice_id, weekday, opens, closes)"
            " values (%s, %s, 0, '09:00', '17:00')",
            [new_id(), theirs.house.id],
        )


def test_with_row_level_security_off_the_code_alone_holds(own_database: str, cluster: postgres.Cluster) -> None:
    ours, theirs = an_estate("solberg"), an_estate("nordlys")
    with psycopg.connect(cluster.url(postgres.SUPERUSER, own_database), autocommit=True) as superuser:
        for name, (secured, _) in _tables().items():
            if secured:
                superuser.execute(f'alter table "{name}" disable row level security')
    with scope.transaction(ours.house.id):
        assert {p.pk for p in Patient.objects.all()} == {ours.ids["patient_id"], ours.ids["other_id"]}
    _no_query_shows(ours, theirs)


def test_with_scoping_off_the_database_alone_holds(own_database: str) -> None:
    from django_scopes import scopes_disabled

    ours, theirs = an_estate("solberg"), an_estate("nordlys")
    with scope.transaction(ours.house.id), scopes_disabled():
        assert {p.pk for p in Patient.objects.all()} == {ours.ids["patient_id"], ours.ids["other_id"]}
    with scopes_disabled():
        _no_query_shows(ours, theirs)


def _no_query_shows(ours: object, theirs: object) -> None:
    from tests.tenancy.questions import ask_everything

    for name, answer in ask_everything(ours, theirs):  # type: ignore[arg-type]
        assert "Kanarifugl" not in answer, name
        assert "kari@example.net" not in answer, name
