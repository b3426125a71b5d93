"""A backup every day, where nobody said otherwise, and what became of each, for the owner to see."""

from datetime import datetime, timedelta
from pathlib import Path

from glede.config import embedded, environment
from glede.config.backups.making import Made, Say, days_kept, house, make_backup
from glede.config.terminal import Refused
from glede.kernel import clock

EVERY = timedelta(hours=23)  # asked each quarter of an hour, so it comes to about the same hour each day


def usual_folder() -> Path:
    """Return where backups go: ``GLEDE_BACKUP_DIR``, else ``backups`` in ``GLEDE_HOME``."""
    named = environment.text("GLEDE_BACKUP_DIR")
    return Path(named).absolute() if named else environment.home() / "backups"


def back_up(folder: Path, *, days: int | None = None, say: Say = lambda _: None) -> Made:
    """Make a backup and note what became of it. Raises ``Refused``, which is noted too."""
    from glede.practices.models import BackupProof
    from glede.practices.operations import note_backup

    began = clock.now()
    facts = {"at": began, "folder": str(folder), "is_beside_data": _is_beside_data(folder)}
    try:
        made = make_backup(folder.absolute(), of=house(), days=days_kept(days), say=say)
    except Refused as refusal:
        note_backup(BackupProof(problem=str(refusal)[:500], **facts))
        raise
    note_backup(BackupProof(file_name=made.path.name, size=made.size, proved_at=made.proved_at, **facts))
    return made


def is_due(*, moment: datetime) -> bool:
    """Return whether the day's backup is due: wanted, and none proved within the last 23 hours."""
    from glede.practices.queries import safety

    if not environment.flag("GLEDE_BACKUP", default=True):
        return False
    proved = safety(moment=moment).proved_at
    return proved is None or moment - proved > EVERY


def _is_beside_data(folder: Path) -> bool:
    """Return whether the backup lies on the disk of our own database: what takes one may take the other."""
    if not embedded.keeps(house().url):
        return False
    there = next((p for p in (folder, *folder.parents) if p.exists()), folder)
    return there.stat().st_dev == environment.home().stat().st_dev
