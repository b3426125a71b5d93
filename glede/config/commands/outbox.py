"""``glede outbox``: every message with its fate."""

import argparse
from typing import Any

from glede.config.terminal import Terminal

HELP = "list every message with its fate and its reason"


def register(parser: argparse.ArgumentParser) -> None:
    """Take a state."""
    parser.add_argument(
        "--state",
        choices=[
            "planned", "ready", "sending", "accepted", "sent", "delivered", "read", "rehearsed", "skipped", "failed",
            "unknown", "handed",
        ],
        help="only messages in this state",
    )  # fmt: skip


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Print the messages of a practice, in the order in which they fall due."""
    from glede.config.choosing import chosen_practice
    from glede.journeys.queries import messages_listed

    listed = [
        line for line in messages_listed(chosen_practice(args.practice).pk) if args.state in {None, line["state"]}
    ]
    terminal.answer({"messages": listed}, "\n".join(map(_words, listed)) or "No messages.")
    return 0


def _words(line: dict[str, Any]) -> str:
    reason = f" ({line['reason']})" if line["reason"] else ""
    return (
        f"{line['due_at']}  row {line['row']:<3} {line['channel'] or '-':<6} {line['state']}{reason}  {line['person']}"
    )
