"""``glede journey measures``."""

import argparse
from pathlib import Path
from typing import Any

from glede.config.terminal import Refused, Terminal

HELP = "tell what came of each row: sent, held, skipped, arrived, answered, acted on, stopped, and what texts cost"


def register(parser: argparse.ArgumentParser) -> None:
    """Take the span, and where a table goes."""
    parser.add_argument("--days", type=int, choices=(30, 90, 365), default=30, help="how far back; 30 where left out")
    parser.add_argument("--csv", metavar="FILE", type=Path, help="a new file for the same as a table")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Print one line a row. A file that is there already is not written over."""
    from glede.config.choosing import chosen_practice
    from glede.journeys.listing import measures_listed, measures_table
    from glede.practices.queries import practice_now

    practice = chosen_practice(args.practice)
    listed = measures_listed(practice, days=args.days, now=practice_now(practice))
    if args.csv:
        try:
            with args.csv.open("x", encoding="utf-8", newline="") as out:
                out.write(measures_table(listed))
        except FileExistsError as error:
            raise Refused(f"{args.csv} is there already. Name another file.") from error
        except OSError as error:
            raise Refused(f"{args.csv} cannot be written.") from error
    terminal.answer(listed, "\n".join(_line(row) for row in listed["rows"]))
    return 0


def _line(row: dict[str, Any]) -> str:
    fates = ", ".join(f"{n} {fate}" for fate, n in row["fates"].items() if n) or "nothing fell due"
    shares = (
        ", ".join(f"{name} {_share(share)}" for name, share in row["shares"].items()) if row["fates"]["sent"] else ""
    )
    return f"row {row['row']:<4} {row['name']}: {fates}" + (f"; {shares}" if shares else "")


def _share(share: dict[str, Any]) -> str:
    told = f"{share['n']} of {share['of']}"
    if share["percent"] is None:
        return f"{told} (too few to say)"
    return f"{told} ({share['percent']} %, {share['low']} to {share['high']})"
