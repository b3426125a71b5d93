"""A backup every day, where nobody said otherwise, and what became of each, for the owner to see."""

from datetime import datetime, timedelta
from pathlib import Path

import psycopg

from glede.config import embedded, environment
from glede.config.backups.making import House, Made, Say, days_kept, make_backup
from glede.config.terminal import Refused
from glede.kernel import clock

AGAIN = timedelta(hours=1)
EVERY = timedelta(hours=23)  # asked each quarter of an hour, so it comes to about the same hour each day


def usual_folder() -> Path:
    """Return where backups go: ``GLEDE_BACKUP_DIR``, else ``backups`` in ``GLEDE_HOME``."""
    named = environment.text("GLEDE_BACKUP_DIR")
    return Path(named).absolute() if named else environment.home() / "backups"


def back_up(
    folder: Path, *, of: House, days: int | None = None, say: Say = lambda _: None, keep_scratch: str = ""
) -> Made:
    """Make a backup and note what became of it. Raises ``Refused``, which is noted too.

    ``keep_scratch`` names the database that the proof leaves behind.
    """
    from glede.practices.models import BackupProof
    from glede.practices.operations import note_backup

    began = clock.now()
    facts = {"at": began, "folder": str(folder), "is_beside_data": _is_beside_data(folder, of)}
    try:
        made = make_backup(folder.absolute(), of=of, days=days_kept(days), say=say, keep_scratch=keep_scratch)
    except (Refused, psycopg.Error) as problem:
        words = " ".join(str(problem).split())[:500]
        note_backup(BackupProof(problem=words, **facts))
        raise Refused(words) from problem
    note_backup(BackupProof(file_name=made.path.name, size=made.size, proved_at=made.proved_at, **facts))
    return made


def note_proved(path: Path, *, made_at: datetime, of: House) -> None:
    """Note in the database in use that this backup was restored and verified: it may be of before the note."""
    from glede.practices.models import BackupProof
    from glede.practices.operations import note_backup

    note_backup(
        BackupProof(
            at=made_at, folder=str(path.parent), file_name=path.name, size=path.stat().st_size,
            proved_at=clock.now(), is_beside_data=_is_beside_data(path.parent, of),
        )
    )  # fmt: skip


def is_due(*, moment: datetime) -> bool:
    """Return whether the day's backup is due: wanted, and none proved within the last 23 hours."""
    from glede.practices.queries import safety

    if not environment.flag("GLEDE_BACKUP", default=True):
        return False
    found = safety(moment=moment)
    if found.tried_at is not None and moment - found.tried_at < AGAIN:
        return False
    return found.proved_at is None or moment - found.proved_at > EVERY


def _is_beside_data(folder: Path, of: House) -> bool:
    """Return whether the backup lies on the disk of our own database: what takes one may take the other."""
    if not embedded.keeps(of.url):
        return False
    there = next((p for p in (folder, *folder.parents) if p.exists()), folder)
    return there.stat().st_dev == environment.home().stat().st_dev
