"""``glede tick``: move a virtual practice's clock, and let everything due on the way happen."""

import argparse
from dataclasses import asdict

from glede.config.terminal import Refused, Terminal
from glede.config.typed import moment, typed_moment

HELP = "move a virtual practice's clock forward; nothing leaves the house"


def register(parser: argparse.ArgumentParser) -> None:
    """Take the moment to move to."""
    parser.add_argument(
        "--now",
        metavar="ISO8601",
        type=typed_moment,
        required=True,
        help="the moment to move to, like 2026-12-01T09:00",
    )
    parser.add_argument("--assume", choices=["attended"], help="take it that everybody comes to their visit")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Move the clock and say what happened. A moment without a zone is on the practice's wall."""
    from glede.config.choosing import chosen_practice
    from glede.journeys.operations import ClockGoesBack, NotVirtual, advance

    practice = chosen_practice(args.practice)
    to = moment(args.now, practice.zone)
    try:
        report = advance(practice.pk, to=to, assume_attended=args.assume == "attended")
    except (ClockGoesBack, NotVirtual) as refusal:
        raise Refused(str(refusal)) from refusal
    counts = asdict(report)
    terminal.answer(counts, f"{to.isoformat()}: " + ", ".join(f"{number} {word}" for word, number in counts.items()))
    return 0
