"""What happens once before the web server and the worker start: checks, migrations, static files.

A process of its own, so that the supervisor stays small: ``python -m glede.config.prepare`` ends
with one line of JSON, or with exit 1 and one line that says what to do.
"""

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any


def main() -> int:
    """Prepare; print what the supervisor needs to know. ``--door JSON`` writes the page of the network's door alone."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "glede.config.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError

    try:
        django.setup()
        if sys.argv[1:2] == ["--door"]:
            write_door(json.loads(sys.argv[2]))
            print("{}")  # noqa: T201 - this is a program's voice
            return 0
        migrated = migrate()
        problems = refusals()
    except (ImproperlyConfigured, OperationalError) as error:
        print(" ".join(str(error).split()), file=sys.stderr)  # noqa: T201 - this is a program's voice
        return 1
    if problems:
        print(" ".join(problems), file=sys.stderr)  # noqa: T201 - this is a program's voice
        return 1
    collect()
    print(json.dumps({"has_owner": _has_owner(), "migrated": migrated}))  # noqa: T201
    return 0


def migrate() -> int:
    """Bring the tables up to date as the owner and return how many steps that took."""
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["owner"])
    steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if steps:
        call_command("migrate", verbosity=0, interactive=False)
    connections["owner"].close()
    return len(steps)


def refusals() -> list[str]:
    """Return why this server, this role or these settings are not fit to start with; empty where all is well."""
    from django.db import connection

    from glede.config import environment, server
    from glede.outbox import limits

    connection.ensure_connection()
    is_forgetful = environment.flag("GLEDE_TESTING")
    return [*server.refusals(connection.connection, is_forgetful=is_forgetful), *limits.refusals()]


def collect() -> None:
    """Gather static files, hashed and compressed, where they changed since the last time."""
    from django.conf import settings
    from django.core.management import call_command

    stamp = Path(settings.STATIC_ROOT) / ".sources"
    now = _sources()
    if stamp.exists() and stamp.read_text(encoding="ascii") == now:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=stamp.parent.exists())
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(now, encoding="ascii")


def write_door(told: dict[str, str]) -> None:
    """Write the page that a desk of the network sees before it trusts this house, in each language, and its looks."""
    from glede.config import lan
    from glede.desk.network.door import pages
    from glede.ui import bundles

    for language, html in pages(**told).items():
        (lan.folder() / f"door.{language}.html").write_text(html, encoding="utf-8")
    (lan.folder() / "door.css").write_bytes(bundles.load("patient.css").content)


def _sources() -> str:
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts: Any = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _has_owner() -> bool:
    from glede.staff.queries import owner_exists

    return owner_exists()


if __name__ == "__main__":
    sys.exit(main())
