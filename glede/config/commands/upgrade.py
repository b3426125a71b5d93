"""``glede upgrade``: after new code was installed, take the database along, or leave it as it was."""

import argparse
from pathlib import Path

from glede.config.terminal import Terminal, WrongUsage

HELP = "back up, migrate and verify; what fails changes nothing"


def register(parser: argparse.ArgumentParser) -> None:
    """Take where the backup goes."""
    parser.add_argument("--backup", metavar="DIR", help="where to (GLEDE_BACKUP_DIR, else backups in GLEDE_HOME)")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Upgrade; exit 1 where it was refused or taken back."""
    from glede.config.backups.keeping import usual_folder
    from glede.config.backups.making import house
    from glede.config.backups.upgrading import upgrade

    if args.practice:
        raise WrongUsage("An upgrade takes every practice of the database along: leave --practice out.")
    done = upgrade(Path(args.backup) if args.backup else usual_folder(), of=house(), say=terminal.say)
    facts = {
        "ok": True,
        "steps": done.steps,
        "backup": str(done.backup.path),
        "kept_as": done.kept_as,
        "events": done.events,
        "bookings": done.visits,
    }
    words = f"{done.steps} migrations, verified. The backup is {done.backup.path}."
    if done.kept_as:
        words += f" What stood before is kept as the database {done.kept_as}."
    terminal.answer(facts, words)
    return 0
