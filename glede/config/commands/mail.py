"""``glede mail classify``: what a mail is that came in, as the mailbox reads it."""

import argparse
import sys
from pathlib import Path
from typing import Any

from glede.config.terminal import Refused, Terminal

HELP = "read a mail: does it tell of one that came back, is it an automatic answer, or somebody's message"
NEEDS_DJANGO = False

CLASSES = {"bounce": "bounce", "complaint": "bounce", "automatic": "auto-reply"}
"""The class of each sort; of every other sort it is ``message``."""


def register(parser: argparse.ArgumentParser) -> None:
    """Take the file."""
    words = parser.add_subparsers(metavar="WHAT", required=True)
    classify = words.add_parser("classify", help="classify one mail")
    classify.add_argument("file", metavar="FILE", help="the mail as it came (RFC 5322); - for standard input")
    classify.add_argument("--own-domain", metavar="DOMAIN", default="", help="the domain of our own Message-IDs")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Say the class of the mail, and the addresses it speaks of; exit 1 where no sense can be made of it."""
    facts = _classified(_bytes(args.file), args.own_domain)
    told = {"gone": "no such address", "policy": "they refuse our mail", "failed": "not this time", "delayed": "late"}
    why = f" ({told[facts['came']]})" if facts["came"] else ""
    terminal.answer(facts, f"{facts['class']}: {facts['sort']}{why}  {', '.join(facts['addresses']) or 'no address'}")
    return 0


def _classified(raw: bytes, own_domain: str) -> dict[str, Any]:
    from glede.channels.mailbox.letter import Unreadable, parse, read_letter
    from glede.channels.mailbox.sorting import sort_of

    try:
        message = parse(raw)
        letter = read_letter(message)
    except Unreadable as bad:
        raise Refused(f"No sense can be made of this as a mail ({bad}).") from bad
    found = sort_of(message, letter, own_addresses=frozenset(), own_domain=own_domain)
    bounce = found.bounce
    sender = (letter.sender,) if letter.sender else ()
    return {
        "class": CLASSES.get(found.sort, "message"),
        "sort": str(found.sort),
        "addresses": list(bounce.failed or bounce.known_as) if bounce else list(sender),
        "known_as": list(bounce.known_as) if bounce else [],
        "came": str(bounce.came) if bounce else "",
        "sender": letter.sender,
        "subject": letter.subject,
        "answers": list(letter.answers),
    }


def _bytes(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise Refused(f"{name} cannot be read: {error.strerror}.") from error
