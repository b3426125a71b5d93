"""Make a backup: one moment of the whole database, sealed, restored into a scratch database and verified there."""

import contextlib
import errno
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import psycopg

from glede.config import environment
from glede.config.backups import databases, programs
from glede.config.backups.contents import Contents, contents_of, differences, first_page, opened
from glede.config.backups.sealing import Sealed, Sealer
from glede.config.terminal import Refused
from glede.kernel import clock
from glede.kernel.failpoints import fp, guard

MOST_DAYS = 35
SUFFIX, UNPROVED = ".backup", ".unproved"
_NAME = re.compile(r"glede-(\d{8}T\d{6}Z)(?:-\d+)?\.(?:backup|unproved)")
_STAMP = "%Y%m%dT%H%M%SZ"
_LOCK = 7_402_117  # one backup at a time in a database; any number that nobody else takes

Say = Callable[[str], None]


@dataclass(frozen=True)
class House:
    """Where the database is and what opens its backups."""

    url: str = field(repr=False)
    application: str
    master: str = field(repr=False)
    link_mark: str = ""

    @property
    def database(self) -> str:
        """The name of the database in use."""
        return databases.name_of(self.url)


@dataclass(frozen=True)
class Made:
    """A backup that was made: the file, and how it was proved."""

    path: Path
    contents: Contents
    size: int
    events: int
    visits: int
    proved_at: datetime
    dropped: list[str]


def house() -> House:
    """Return the house that the settings name."""
    from django.conf import settings

    mark = hashlib.sha256(b"glede link" + settings.GLEDE_LINK_KEY).hexdigest()[:16]
    role = settings.DATABASES["default"]["USER"]
    return House(settings.DATABASE_OWNER_URL, role, settings.GLEDE_MASTER_KEY, mark)


def days_kept(asked: int | None) -> int:
    """Return for how many days backups are kept. Raises ``Refused`` for more than erasure allows."""
    days = environment.number("GLEDE_BACKUP_DAYS", MOST_DAYS) if asked is None else asked
    if not 1 <= days <= MOST_DAYS:
        raise Refused(
            f"Backups cannot be kept for {days} days. Say 1 to {MOST_DAYS}: who is forgotten leaves them too."
        )
    return days


def make_backup(folder: Path, *, of: House, days: int, say: Say, keep_scratch: str = "") -> Made:
    """Make, prove and keep a backup in ``folder``, and drop those older than ``days``.

    The proof's database stays as ``keep_scratch`` where that is named. Raises ``Refused``; what was made and could
    not be proved stays beside as ``….unproved``, and nothing older is dropped then.
    """
    now = clock.now()
    _prepare(folder, now)
    with _only_one(of):
        half = folder / f".glede-{now.astimezone(UTC):{_STAMP}}.half"
        try:
            say("Copying the database.")
            _write(half, of, now)
            say("Proving the copy: restoring it into a scratch database.")
            sealed = Sealed(half, of.master)
            try:
                contents, found = prove(sealed, of, keep=keep_scratch)
            except Refused as refusal:
                left = _keep(half, folder, now, UNPROVED)
                raise Refused(f"{refusal} The copy was not proved and stays as {left.name}.") from refusal
            path = _keep(half, folder, now, SUFFIX)
        except OSError as error:
            raise Refused(_about_disk(folder, error)) from error
        finally:
            half.unlink(missing_ok=True)
        proved_at = clock.now()
        gone = drop_old(folder, now=now, days=days) + drop_kept_aside(of, now=now, days=days)
    return Made(path, contents, path.stat().st_size, *found, proved_at, gone)


def prove(sealed: Sealed, of: House, *, keep: str = "") -> tuple[Contents, tuple[int, int]]:
    """Restore a backup into a scratch database and verify it there. Raises ``Refused`` with what is wrong.

    Returns what it holds, and how many events and visits were verified.
    """
    name = keep or f"{of.database}_scratch"
    url = databases.make(of.url, name, application=of.application)
    is_kept = False
    try:
        contents = restore_into(url, sealed)
        found = verified(name)
        is_kept = bool(keep)
        return contents, found
    finally:
        if not is_kept:
            databases.drop(of.url, name)


def restore_into(url: str, sealed: Sealed) -> Contents:
    """Bring a backup into the empty database at ``url`` and compare it with its first page. Raises ``Refused``."""
    contents, dump = opened(sealed.parts())
    programs.fill(url, dump)
    with contextlib.closing(psycopg.connect(url)) as connection:
        found = contents_of(connection, application=contents.application, moment=contents.moment)
    wrong = differences(contents, found)
    if wrong and guard("backup_compared"):
        raise Refused(f"The backup did not come back whole: {wrong[0]}.")
    return contents


def verified(name: str) -> tuple[int, int]:
    """Verify every practice in database ``name`` and return how many events and visits. Raises ``Refused``."""
    from glede.ledger.queries import verify
    from glede.practices.queries import practices_in_use

    events = visits = 0
    with databases.entered(name):
        for practice in practices_in_use():
            report = verify(practice.pk)
            if not report.ok:
                raise Refused(f"glede verify found in {practice.slug}: {report.problems[0]}.")
            events, visits = events + report.events, visits + report.counts.get("visits", 0)
    return events, visits


def drop_old(folder: Path, *, now: datetime, days: int) -> list[str]:
    """Delete backups of ours in ``folder`` that are older than ``days``, by the moment in their names."""
    gone = []
    for path in sorted(folder.glob("glede-*")):
        named = _NAME.fullmatch(path.name)
        if named and now - _moment(named[1]) > timedelta(days=days):
            path.unlink()
            gone.append(path.name)
    return gone


def drop_kept_aside(of: House, *, now: datetime, days: int) -> list[str]:
    """Drop databases kept aside by a restoration or upgrade more than ``days`` ago."""
    prefix = f"{of.database}_before_"
    old = [
        name
        for name in databases.names(of.url, prefix)
        if re.fullmatch(r"\d{8}T\d{6}Z", name.removeprefix(prefix))
        and now - _moment(name.removeprefix(prefix)) > timedelta(days=days)
    ]
    for name in old:
        databases.drop(of.url, name)
    return old


def aside_name(of: House, now: datetime) -> str:
    """Return under which name the database of now is kept aside."""
    return f"{of.database}_before_{now.astimezone(UTC):{_STAMP}}"


def _moment(stamp: str) -> datetime:
    return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)


def _prepare(folder: Path, now: datetime) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for half in folder.glob(".glede-*.half"):
            # What a killed backup left; a younger one may be another house's, still being written.
            if now.timestamp() - half.stat().st_mtime > timedelta(days=1).total_seconds():
                half.unlink()
    except OSError as error:
        raise Refused(_about_disk(folder, error)) from error


def _about_disk(folder: Path, error: OSError) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"The disk of {folder} is full. Free some room or name another folder; older backups were left alone."
    return f"{folder} cannot be written: {error.strerror or error}. Name another folder: glede backup DIR."


@contextlib.contextmanager
def _only_one(of: House) -> Iterator[None]:
    with contextlib.closing(psycopg.connect(of.url, autocommit=True)) as connection:
        # The server lets go of a lock a moment after whoever held it has gone.
        connection.execute("set lock_timeout = '3s'")
        try:
            connection.execute("select pg_advisory_lock(%s)", [_LOCK])
        except psycopg.errors.LockNotAvailable as error:
            raise Refused("Another backup of this database is under way. Wait until it has ended.") from error
        yield


def _write(path: Path, of: House, now: datetime) -> None:
    """Write a sealed copy of one moment: the counts and the dump share a snapshot."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file, contextlib.closing(psycopg.connect(of.url)) as connection:
        connection.execute("set transaction isolation level repeatable read, read only")
        contents = contents_of(connection, application=of.application, moment=now, link_mark=of.link_mark)
        row = connection.execute("select pg_export_snapshot()").fetchone()
        sealer = Sealer(file, of.master)
        sealer.write(first_page(contents))
        for part in programs.dumped(
            of.url, practices=list(contents.practices.values()), snapshot=row[0] if row else ""
        ):
            sealer.write(part)
            fp("backup.part")
        sealer.finish()


def _keep(half: Path, folder: Path, now: datetime, suffix: str) -> Path:
    """Give a finished file its name; one that is there stays as it is."""
    stem = f"glede-{now.astimezone(UTC):{_STAMP}}"
    named = (folder / (f"{stem}{suffix}" if n == 1 else f"{stem}-{n}{suffix}") for n in count(1))
    path = next(path for path in named if not path.exists())
    fp("backup.before_name")
    half.rename(path)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return path
