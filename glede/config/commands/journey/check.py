"""``glede journey check FILE``."""

import argparse
from pathlib import Path

from glede.config.terminal import Refused, Terminal

HELP = "say whether a journey could be brought in, and what keeps it from working"


def register(parser: argparse.ArgumentParser) -> None:
    """Take the file."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a journey as YAML")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Print every problem in words; 1 where there is one."""
    from glede.journeys.checking import checked

    try:
        text = args.file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{args.file} cannot be read as text.") from error
    _raw, problems = checked(text)
    words = (
        "\n".join(f"line {one['line']}, {one['where']}: {one['words']}" for one in problems)
        or "This journey can be brought in."
    )
    terminal.answer({"ok": not problems, "problems": problems}, words)
    return 1 if problems else 0
