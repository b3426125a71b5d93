"""Return to a backup: beside the database in use, reconciled and verified there, then put in its place at once."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from glede.config import embedded, supervisor
from glede.config.backups import databases
from glede.config.backups.contents import Contents, opened
from glede.config.backups.keeping import note_proved
from glede.config.backups.making import House, Say, aside_name, restore_into, verified
from glede.config.backups.sealing import Sealed
from glede.config.prepare import migrate
from glede.config.processes import is_alive
from glede.config.terminal import Refused
from glede.kernel import clock
from glede.kernel.failpoints import fp


@dataclass(frozen=True)
class Restored:
    """What came of a return: how much was verified, where the database of before is, and what differs."""

    contents: Contents
    restored_at: datetime
    kept_as: str
    events: int
    visits: int
    practices: dict[str, dict[str, Any]]
    remarks: list[str]


def restore(path: Path, *, of: House, carries: bool, say: Say) -> Restored:
    """Return to the backup ``path``. Raises ``Refused``, and then nothing has changed.

    ``carries`` brings over the visits and people that the database in use knows since; without it they are only
    shown. What stood there is kept aside under a name of its own.
    """
    from glede.config.backups.newer import readable
    from glede.config.backups.reconciling import Return, forget_sessions, reconcile

    sealed = checked(path, of)
    nobody_works(of)
    now = clock.now()
    aside = aside_name(of, now)
    with fresh_database(of) as name:
        say("Restoring beside the database in use.")
        contents = restore_into(databases.at(of.url, name), sealed)
        say("Bringing it up to date, and comparing it with what was known since.")
        with databases.entered(name):
            migrate()
            forget_sessions()
            with readable(of.url) as source:
                kept_as = aside if source is not None or not databases.is_empty(of.url) else ""
                this = Return(contents.moment, path.name, kept_as, carries)
                practices = reconcile(source, this, now=now)
                remarks = [*_links(contents, of), *_unknown_practices(source, contents)]
        events, visits = verified(name)
        nobody_works(of)
        fp("restore.before_place")
        databases.put_in_place(of.url, name, aside=aside)
        if not kept_as:
            databases.drop(of.url, aside)  # nobody ever used it
        with databases.entered(of.database):
            _note_return(now)
        note_proved(path, made_at=contents.moment, of=of)
    return Restored(contents, now, kept_as, events, visits, practices, remarks)


def _note_return(now: datetime) -> None:
    """Tell the file of checkpoints that this is a return, so that nobody takes it for a record cut short."""
    from glede.ledger.marks import set_mark
    from glede.ledger.outside import note_return
    from glede.practices.queries import practices_in_use

    for practice in practices_in_use():
        if not practice.is_virtual:
            note_return(practice.pk, now)
            set_mark(practice.pk, now)


def _links(contents: Contents, of: House) -> list[str]:
    if contents.link_mark == of.link_mark:
        return []
    return [
        "Links in messages that are out do not open: put the link key of that time into GLEDE_HOME/keys/link_key "
        "and start again."
    ]


def _unknown_practices(source: databases.Connection | None, contents: Contents) -> list[str]:
    if source is None:
        return []
    from glede.config.backups.newer import practices_of

    with contextlib.suppress(psycopg.Error):
        new = sorted(practices_of(source) - set(contents.practices))
        return [
            f"{slug} was started after the backup and is not here: it stands in what is kept aside." for slug in new
        ]
    return []


def checked(path: Path, of: House) -> Sealed:
    """Return a backup that opens, is whole and fits this code. Raises ``Refused`` before anything is touched."""
    sealed = Sealed(path, of.master)
    sealed.check()
    contents, _ = opened(sealed.parts())
    if contents.application != of.application:
        raise Refused(
            f"The backup lets the role {contents.application} in, and DATABASE_URL names {of.application}. "
            "Name that role, then restore again. Nothing was changed."
        )
    unknown = unknown_migrations(contents)
    if unknown:
        raise Refused(f"The backup is of a newer Glede ({unknown[0]}). Install that version, then restore again.")
    return sealed


def unknown_migrations(contents: Contents) -> list[str]:
    """Return the migrations a backup has and this code does not know."""
    from django.db.migrations.loader import MigrationLoader

    known = set(MigrationLoader(None).disk_migrations or {})
    return [f"{app}.{name}" for app, name in contents.migrations if (app, name) not in known]


def nobody_works(of: House) -> None:
    """Raise ``Refused`` where Glede runs, or any program is in the database: what it did meanwhile would be lost."""
    from django.db import connections

    connections.close_all()
    running = supervisor.state().get("pid")
    if embedded.keeps(of.url) and running and is_alive(int(running)):
        raise Refused("Glede runs here. Stop it (Ctrl-C in its window), then try again. Nothing was changed.")
    with contextlib.suppress(psycopg.OperationalError):
        others = databases.others_in(of.url)
        if others:
            raise Refused(
                f"{others} program{'s are' if others > 1 else ' is'} in the database. "
                "Stop Glede and every worker, then try again. Nothing was changed."
            )


@contextlib.contextmanager
def fresh_database(of: House) -> Iterator[str]:
    """Make an empty database beside the one in use; it is dropped unless it took the other's place."""
    name = f"{of.database}_fresh"
    databases.make(of.url, name, application=of.application)
    try:
        yield name
    finally:
        databases.drop(of.url, name)
