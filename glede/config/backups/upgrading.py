"""Take the database to this code's tables: on a copy that came out of a backup, never on the one in use.

The copy is the backup, restored and verified; it is migrated, verified again, and put in the other's place in one
commit. Whatever fails before that leaves the database in use as it was: that is the way back.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from glede.config.backups import databases
from glede.config.backups.contents import contents_of
from glede.config.backups.keeping import back_up, note_proved
from glede.config.backups.making import House, Made, Say, aside_name, verified
from glede.config.backups.returning import nobody_works, unknown_migrations
from glede.config.prepare import migrate
from glede.config.terminal import Refused
from glede.kernel import clock
from glede.kernel.failpoints import fp, guard


@dataclass(frozen=True)
class Upgraded:
    """What an upgrade came to: how many steps, which backup it began from, where the database of before is."""

    steps: int
    backup: Made
    kept_as: str
    events: int
    visits: int


def upgrade(folder: Path, *, of: House, say: Say) -> Upgraded:
    """Back up, migrate, verify. Raises ``Refused``, and then the database is as it was before."""
    nobody_works(of)
    _no_newer(of)
    name = f"{of.database}_fresh" if guard("upgrade_on_copy") else of.database
    with _dropped_at_the_end(of, f"{of.database}_fresh"):
        made = back_up(folder, say=say, keep_scratch=f"{of.database}_fresh", of=of)
        say("Migrating the copy, and verifying it.")
        try:
            with databases.entered(name):
                steps = migrate()
            events, visits = verified(name)
        except Exception as error:  # whatever a migration raises, the way back is the same
            raise Refused(_way_back(error, made)) from error
        nobody_works(of)
        fp("upgrade.before_place")
        aside = aside_name(of, clock.now()) if steps else ""
        if steps:
            databases.put_in_place(of.url, name, aside=aside)
            note_proved(made.path, made_at=made.contents.moment, of=of)
    return Upgraded(steps, made, aside, events, visits)


def _no_newer(of: House) -> None:
    """Refuse a database that a newer Glede has migrated."""
    import psycopg

    with contextlib.closing(psycopg.connect(of.url)) as connection:
        if not connection.execute("select to_regclass('public.django_migrations')").fetchone()[0]:  # type: ignore[index]
            raise Refused("There are no tables yet, so nothing to upgrade. Start Glede: glede run.")
        unknown = unknown_migrations(contents_of(connection, application=of.application, moment=clock.now()))
    if unknown:
        raise Refused(f"The database is of a newer Glede ({unknown[0]}). Install that version. Nothing was changed.")


@contextlib.contextmanager
def _dropped_at_the_end(of: House, name: str) -> Iterator[None]:
    try:
        yield
    finally:
        databases.drop(of.url, name)


def _way_back(error: Exception, made: Made) -> str:
    said = " ".join(str(error).split())[:300] or type(error).__name__
    return (
        f"The upgrade failed and was taken back: {said} The database is as it was before; its backup is {made.path}. "
        "Start the version you came from, and tell us."
    )
