"""``glede scrub``: what happens every night, now."""

import argparse

from glede.config.terminal import Terminal

HELP = "let the files of the database forget whom the rows forgot; every night does it too"


def register(parser: argparse.ArgumentParser) -> None:
    """Take whether to do it only where somebody was forgotten since."""
    parser.add_argument("--if-due", action="store_true", help="only where somebody was forgotten since the last time")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Write the tables anew and let the log of before go. Exit 1 where something is left for the next night."""
    from glede.config.backups.making import house
    from glede.config.scrubbing import is_due, scrub

    if args.if_due and not is_due():
        terminal.answer({"scrubbed": False}, "Nobody was forgotten since the last time.")
        return 0
    done = scrub(house())
    for remark in done.remarks:
        terminal.say(remark)
    terminal.answer(
        {
            "scrubbed": True, "forgotten": done.people, "tables": done.tables, "log_cleared": done.is_log_clear,
            "kept_databases": done.kept, "dropped_databases": done.dropped, "remarks": done.remarks,
        },
        f"{done.tables} tables written anew. Backups forget within 35 days: docs/privacy.md",
    )  # fmt: skip
    return 1 if done.remarks else 0
