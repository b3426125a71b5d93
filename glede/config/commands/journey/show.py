"""``glede journey show``."""

import argparse

from glede.config.terminal import Terminal

HELP = "list every row of the journey in force: walked, switched off, or resting and why"


def register(parser: argparse.ArgumentParser) -> None:
    """Take the language of the names."""
    parser.add_argument(
        "--language", choices=("en", "nb"), default="en", help="of names and reasons; en where left out"
    )


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Print the rows in the order of the document."""
    from glede.config.choosing import chosen_practice
    from glede.journeys.queries import journey_listed

    listed = journey_listed(chosen_practice(args.practice).pk, args.language)
    lines = [
        f"row {row['row']:<4} step {row['step']:<3} {'on ' if row['is_on'] else 'off'} {row['name']}"
        + (f": {row['because']}" if row["because"] else "")
        for row in listed["rows"]
    ]
    terminal.answer(listed, "\n".join([f"{listed['name']}, version {listed['version']}", *lines]))
    return 0
