"""``glede restore FILE``: return to a backup, with sending off until the owner has seen what differs."""

import argparse
from pathlib import Path
from typing import Any

from glede.config.terminal import Refused, Terminal, WrongUsage

HELP = "return to a backup; nothing is sent until the owner says so"
_ENDS = {
    "carried": "what people and colleagues did since was brought over",
    "compared": "what was known since is kept aside; messages that left and refusals were taken over",
    "shown": "its clock is moved by hand; what was known since is only shown, and kept aside",
    "unreadable": "what was known since cannot be read; everything that was due meanwhile is a colleague's",
}


def register(parser: argparse.ArgumentParser) -> None:
    """Take the file, or the word that lets messages go again."""
    parser.add_argument("file", nargs="?", metavar="FILE", help="a file that glede backup made")
    parser.add_argument(
        "--as-it-was", action="store_true", help="bring over nothing done since; it is only shown, and kept aside"
    )
    parser.add_argument("--let-go", action="store_true", help="as the owner: let messages go again after a restoration")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Restore, or let messages go again; exit 1 where it was refused, and then nothing has changed."""
    if bool(args.file) == args.let_go:
        raise WrongUsage("Name a backup to return to, or say --let-go: glede restore FILE")
    if args.let_go:
        return _let_go(args, terminal)
    if args.practice:
        raise WrongUsage("A backup holds every practice of the database: leave --practice out.")
    from glede.config.backups.making import house
    from glede.config.backups.returning import restore

    found = restore(Path(args.file), of=house(), carries=not args.as_it_was, say=terminal.say)
    facts = {
        "ok": True,
        "backup_at": found.contents.made_at,
        "restored_at": found.restored_at.isoformat(),
        "kept_as": found.kept_as,
        "events": found.events,
        "bookings": found.visits,
        "practices": found.practices,
        "remarks": found.remarks,
        "sending": False,
    }
    terminal.answer(facts, "\n".join(_words(found)))
    return 0


def _words(found: Any) -> list[str]:
    words = [f"This is the database of {found.contents.made_at}."]
    if found.kept_as:
        words.append(f"What stood there is kept as the database {found.kept_as}.")
    words += found.remarks
    for slug, told in found.practices.items():
        words.append(f"{slug}: {_ENDS[told['newer']]}.")
        words += [f"  not more, because the database of before says: {why}" for why in told["why"]]
        words += [f"  {number} {word.replace('_', ' ')}" for word, number in told["counts"].items() if number]
        words += [f"  {line['what']}: {line['starts_at']}  {line['name']}" for line in told["lines"]]
    words.append("Nothing is sent. The owner looks at the settings and lets messages go, or: glede restore --let-go")
    return words


def _let_go(args: argparse.Namespace, terminal: Terminal) -> int:
    from glede.config.choosing import chosen_practice
    from glede.kernel.actor import SYSTEM
    from glede.practices.operations import accept_restored
    from glede.practices.queries import practice_now

    practice = chosen_practice(args.practice)
    if not accept_restored(practice_id=practice.pk, by=SYSTEM, now=practice_now(practice)):
        raise Refused(f"{practice.slug} does not wait for anybody after a restoration.")
    terminal.answer({"practice": practice.slug, "sending": True}, f"{practice.name}: messages go again.")
    return 0
