"""``glede journey import FILE``."""

import argparse
from pathlib import Path

from glede.config.terminal import Refused, Terminal

HELP = "bring in a journey as the next version; one that cannot work is refused and says why"


def register(parser: argparse.ArgumentParser) -> None:
    """Take the file, what becomes of those under way, and who does it."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a journey as YAML")
    parser.add_argument(
        "--under-way", choices=("keep", "move", "stop"), default="keep",
        help="those who walk an older version keep it, move to this one, or get nothing more of it",
    )  # fmt: skip
    parser.add_argument("--by", metavar="COLLEAGUE", help="the colleague who does it, by name")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Make the next version, and say how many were under way."""
    from glede.config.choosing import chosen_hand, chosen_practice
    from glede.journeys.checking import checked
    from glede.journeys.operations import change_journey
    from glede.journeys.queries import under_way
    from glede.practices.queries import practice_now

    practice = chosen_practice(args.practice)
    try:
        text = args.file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{args.file} cannot be read as text.") from error
    raw, problems = checked(text)
    if problems:
        words = "; ".join(f"line {one['line']}, {one['where']}: {one['words']}" for one in problems[:3])
        more = f" And {len(problems) - 3} more: glede journey check {args.file}" if len(problems) > 3 else ""
        raise Refused(f"This journey cannot work. {words}{more}")
    by, now = chosen_hand(practice.pk, args.by), practice_now(practice)
    walking = under_way(practice.pk)
    journey = change_journey(practice_id=practice.pk, raw=raw, under_way=args.under_way, by=by, now=now)
    told = {
        "journey": journey.key,
        "version": journey.version,
        "under_way": args.under_way,
        "visits_under_way": walking,
    }
    terminal.answer(told, f"Version {journey.version} is in force. Visits under way: {walking}, {args.under_way}.")
    return 0
