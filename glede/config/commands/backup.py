"""``glede backup DIR``: the whole database in one sealed file, proved by restoring it."""

import argparse
from pathlib import Path

from glede.config.terminal import Terminal, WrongUsage
from glede.config.typed import typed_number

HELP = "copy the whole database into one sealed file, and prove it by restoring it"


def register(parser: argparse.ArgumentParser) -> None:
    """Take the folder and how long to keep."""
    parser.add_argument(
        "folder", nargs="?", metavar="DIR", help="where to (GLEDE_BACKUP_DIR, else backups in GLEDE_HOME)"
    )
    parser.add_argument(
        "--days", type=typed_number(1), metavar="N",
        help="drop older ones (GLEDE_BACKUP_DAYS, else 35; at most 35)",
    )  # fmt: skip


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Make a backup; exit 1 where it could not be made or proved."""
    from glede.config.backups.keeping import back_up, usual_folder
    from glede.config.backups.making import house

    if args.practice:
        raise WrongUsage("A backup holds every practice of the database: leave --practice out.")
    folder = Path(args.folder) if args.folder else usual_folder()
    made = back_up(folder, of=house(), days=args.days, say=terminal.say)
    facts = {
        "ok": True,
        "file": str(made.path),
        "bytes": made.size,
        "made_at": made.contents.made_at,
        "proved_at": made.proved_at.isoformat(),
        "practices": len(made.contents.practices),
        "rows": sum(made.contents.counts.values()),
        "events": made.events,
        "bookings": made.visits,
        "dropped": made.dropped,
    }
    words = f"{made.path}: {made.size:,} bytes, {facts['rows']:,} rows, restored and verified."
    terminal.answer(facts, words + "".join(f"\nDropped {name}, which was too old." for name in made.dropped))
    return 0
