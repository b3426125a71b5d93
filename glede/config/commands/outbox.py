"""``glede outbox``: every message with its fate; ``glede outbox why``: why one of them came, goes, waits or ended."""

import argparse
from typing import Any
from uuid import UUID

from glede.config.terminal import Refused, Terminal

HELP = "list every message with its fate and its reason, or tell why of one"


def register(parser: argparse.ArgumentParser) -> None:
    """Take a state, or one message."""
    words = parser.add_subparsers(metavar="why")
    why = words.add_parser("why", help="tell why one message came, goes, waits or ended, and what was tried")
    why.add_argument("id", metavar="ID", help="as the list and the address of its page have it")
    parser.add_argument(
        "--state",
        choices=[
            "planned", "ready", "sending", "accepted", "sent", "delivered", "read", "rehearsed", "skipped", "failed",
            "unknown", "handed",
        ],
        help="only messages in this state",
    )  # fmt: skip


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Print the messages of a practice in the order in which they fall due, or what is known of one."""
    if getattr(args, "id", None) is not None:
        return _why(args, terminal)
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


def _why(args: argparse.Namespace, terminal: Terminal) -> int:
    from glede.channels.sms.accounts import part_price
    from glede.config.choosing import chosen_practice
    from glede.desk.channels.costs import size_words
    from glede.desk.outbox.views import reasons, row_words, try_words
    from glede.outbox.queries import NoSuchTouch, message_for
    from glede.practices.queries import practice_now

    practice = chosen_practice(args.practice)
    try:
        story = message_for(practice.pk, UUID(args.id), now=practice_now(practice))
    except (ValueError, NoSuchTouch) as error:
        raise Refused(f"There is no message {args.id} here. glede outbox lists them.") from error
    line = story.line
    size = size_words(line.body, part_price(practice.pk)) if line.channel == "sms" and line.body else ""
    told = [(str(why.label), str(why.words)) for why in reasons(line, row_words(practice.pk), size=size)]
    tries = [(one.at.isoformat(), one.kind, try_words(one)) for one in story.tries]
    facts = {
        "id": str(line.message_id),
        "purpose": line.purpose,
        "channel": line.channel,
        "state": line.state,
        "fate": line.fate,
        "reason": line.reason,
        "due_at": line.due_at.isoformat(),
        "sent_at": line.sent_at.isoformat() if line.sent_at else None,
        "held_until": line.held_until.isoformat() if line.held_until else None,
        "why": [{"of": of, "words": words} for of, words in told],
        "tries": [{"at": at, "kind": kind, "words": words} for at, kind, words in tries],
    }
    lines = [f"{line.channel or '-'} {line.state}, due {facts['due_at']}", *(f"{of}: {words}" for of, words in told)]
    terminal.answer(facts, "\n".join([*lines, *(f"{at}  {words}" for at, _, words in tries)]))
    return 0
