"""What rows promise: keys point down the layers, the wall stands round each, the glossary knows each."""

import configparser
from functools import cache
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from tests.conventions import source

# Tables that hold nothing about a patient but hashes: what packages bring, and where a look-up yields the practice.
PACKAGES = {
    "account", "auth", "axes", "contenttypes", "mfa", "procrastinate", "sessions",
}  # fmt: skip
OUTSIDE_OF_OURS = {
    "outside_organisation", "outside_practice", "outside_link_index", "outside_channel_account", "outside_membership",
    "outside_backup_proof", "outside_booking_address",
}  # fmt: skip


@cache
def _layers() -> dict[str, int]:
    """Return each room's height, the kernel's being the lowest."""
    config = configparser.ConfigParser()
    config.read(source.ROOT / ".importlinter")
    lines = config["importlinter:contract:layers"]["layers"].strip().splitlines()
    rooms = ((height, room.strip(" ()")) for height, line in enumerate(reversed(lines)) for room in line.split("|"))
    return {room: height for height, room in rooms}


def _room(model: type[models.Model]) -> str:
    name = apps.get_app_config(model._meta.app_label).name
    return name.split(".")[1] if name.startswith("glede.") else ""


def _ours() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if _room(m)]


def test_keys_point_down_the_layers() -> None:
    wrong = []
    for model in _ours():
        for field in model._meta.get_fields():
            target: Any = field.related_model if field.is_relation and field.concrete else None
            if (
                target is None
                or not isinstance(target, type(model))
                or not _room(target)
                or _room(target) == _room(model)
            ):
                continue
            if _layers()[_room(target)] >= _layers()[_room(model)]:
                wrong.append(f"{model._meta.label}.{field.name} → {target._meta.label}")
    assert not wrong, "\n".join(wrong)


def test_nothing_goes_along_when_something_goes() -> None:
    wrong = [
        f"{model._meta.label}.{field.name}"
        for model in _ours()
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is not models.PROTECT
    ]
    assert not wrong, ", ".join(wrong)


def test_the_glossary_knows_every_model() -> None:
    glossary = (source.ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    unknown = sorted({m.__name__ for m in _ours() if m.__name__ not in glossary})
    assert not unknown, f"not in docs/glossary.md: {', '.join(unknown)}"


def _table_facts() -> dict[str, tuple[bool, bool, bool, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.relname, c.relrowsecurity, c.relforcerowsecurity,"
            " exists (select 1 from pg_policy p where p.polrelid = c.oid),"
            " exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'practice_id')"
            " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where n.nspname = 'public' and c.relkind in ('r', 'p')"
        )
        return {row[0]: row[1:] for row in cursor.fetchall()}


@pytest.mark.django_db
def test_the_wall_stands_round_every_table_of_practices() -> None:
    bare = []
    for table, (enabled, forced, has_policy, has_practice) in _table_facts().items():
        is_walled = enabled and forced and has_policy
        if has_practice and not is_walled and not table.startswith("outside_"):
            bare.append(table)
    assert not bare, ", ".join(sorted(bare))


@pytest.mark.django_db
def test_outside_the_wall_stands_only_what_the_list_names() -> None:
    packages = {
        m._meta.db_table for m in apps.get_models(include_auto_created=True) if m._meta.app_label in PACKAGES
    } | {t for t in _table_facts() if t.startswith("procrastinate_")}
    staff = {m._meta.db_table for m in apps.get_models(include_auto_created=True) if _room(m) == "staff"}
    outside = {table for table, facts in _table_facts().items() if not facts[0]} - {"django_migrations"}
    assert not outside - packages - staff - OUTSIDE_OF_OURS


@pytest.mark.django_db
def test_every_key_between_rows_of_a_practice_holds_the_practice() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select conrelid::regclass::text, a.attname from pg_constraint c"
            " join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any (c.conkey)"
            " where contype = 'f' and array_length(conkey, 1) = 2 and a.attname <> 'practice_id'"
        )
        there = set(cursor.fetchall())
    walled = {table for table, facts in _table_facts().items() if facts[0]}
    missing = [
        f"{model._meta.label}.{field.name}"
        for model in _ours()
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
        and {model._meta.db_table, field.related_model._meta.db_table} <= walled
        and (model._meta.db_table, field.column) not in there
    ]
    assert not missing, ", ".join(missing)
