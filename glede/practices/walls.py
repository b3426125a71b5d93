"""The second wall, written into a room's migration: PostgreSQL refuses what the code forgot.

For each table whose rows carry a practice: forced row-level security, keys that join equal
practices only, and the rights of the application's role (never DELETE by default,
neither UPDATE nor DELETE nor TRUNCATE on what is append-only).
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models, router
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

POLICY = """
create policy practice_wall on {table} using (
  practice_id = any ((select string_to_array(nullif(current_setting('glede.practices', true), ''), ','))::uuid[])
)
"""
REFUSE = """
create or replace function glede_refuse_change() returns trigger language plpgsql as $$
begin raise exception '% is append-only', tg_table_name using errcode = '23514'; end $$
"""


class Walls(Operation):
    """Put the walls round every table of a room. The last operation of the migration that makes them.

    ``append_only`` and ``deletable`` name models in small letters; all others may be inserted and
    updated, never deleted. A later migration names the tables it makes in ``only``; without it, all are meant.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(
        self, room: str, append_only: Iterable[str] = (), deletable: Iterable[str] = (), only: Iterable[str] = ()
    ) -> None:
        self.room, self.append_only, self.deletable, self.only = room, tuple(append_only), tuple(deletable), tuple(only)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return what Django writes in a migration file."""
        named = {"append_only": self.append_only, "deletable": self.deletable, "only": self.only}
        return "Walls", [self.room], {key: models for key, models in named.items() if models}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Walls change no model."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Raise the walls."""
        if not router.allow_migrate(schema_editor.connection.alias, self.room):
            return
        rows = [
            m
            for m in to_state.apps.get_models()
            if m._meta.app_label == self.room
            and _has_practice(m)
            and (not self.only or m._meta.model_name in self.only)
        ]
        schema_editor.execute(REFUSE, params=None)
        for model in rows:
            schema_editor.execute(f"alter table {_table(model)} add unique (practice_id, {_key(model)})")
        for model in rows:
            for statement in self.statements(model):
                schema_editor.execute(statement, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Nothing: the tables go with the migration that made them."""

    def statements(self, model: type[models.Model]) -> Iterable[str]:
        """Yield the SQL that walls in the table of ``model``."""
        table, name, role = _table(model), model._meta.model_name or "", application_role()
        yield f"alter table {table} enable row level security"
        yield f"alter table {table} force row level security"
        yield POLICY.format(table=table)
        yield from composite_keys(model)
        rights = "select, insert" if name in self.append_only else "select, insert, update"
        if name in self.deletable:
            rights += ", delete"
        yield f"revoke all on {table} from {role}"
        yield f"grant {rights} on {table} to {role}"
        if name in self.append_only:
            yield from refusals(table)

    def describe(self) -> str:
        """Say what the migration does."""
        return f"Put both walls of tenancy round the room {self.room}"


def refusals(table: str) -> Iterable[str]:
    """Yield the triggers that refuse UPDATE, DELETE and TRUNCATE on ``table``, for the owner too."""
    yield (
        f"create trigger append_only before update or delete on {table} "
        "for each row execute function glede_refuse_change()"
    )
    yield (
        f"create trigger append_only_whole before truncate on {table} "
        "for each statement execute function glede_refuse_change()"
    )


def composite_keys(model: type[models.Model]) -> Iterable[str]:
    """Yield a key (practice_id, x_id) for every relation between rows of practices."""
    for field in model._meta.local_fields:
        target = field.related_model
        if field.name == "practice" or not isinstance(target, type) or not _has_practice(target):
            continue
        yield (
            f"alter table {_table(model)} add constraint {model._meta.db_table}_{field.column}_inside "
            f'foreign key (practice_id, "{field.column}") references {_table(target)} (practice_id, {_key(target)}) '
            "deferrable initially deferred"
        )


def usual_rights() -> str:
    """Return the SQL that lets the application's role use what the owner makes from now on."""
    role = application_role()
    return f"""
        grant usage on schema public to {role};
        grant select, insert, update, delete on all tables in schema public to {role};
        alter default privileges in schema public grant select, insert, update, delete on tables to {role};
        alter default privileges in schema public grant usage, select on sequences to {role};
        alter default privileges in schema public grant execute on functions to {role};
    """


def never_delete(*tables: str) -> str:
    """Return the SQL that takes DELETE and TRUNCATE on ``tables`` outside the wall away."""
    return f"revoke delete, truncate on {', '.join(tables)} from {application_role()}"


def application_role() -> str:
    """Return the quoted name of the role the application connects as."""
    return f'"{settings.DATABASES["default"]["USER"]}"'


def _has_practice(model: type[models.Model]) -> bool:
    if model._meta.db_table.startswith(OUTSIDE_PREFIX):
        return False
    return any(field.name == "practice" and field.is_relation for field in model._meta.local_fields)


# Tables that hold a practice's id but stand outside the wall, because a look-up there yields the
# practice. They hold nothing about a patient but hashes.
OUTSIDE_PREFIX = "outside_"


def _table(model: type[models.Model]) -> str:
    return f'"{model._meta.db_table}"'


def _key(model: type[models.Model]) -> str:
    return f'"{model._meta.pk.column}"'
