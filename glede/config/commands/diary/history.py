"""``glede diary history``: everything that happened to a visit."""

import argparse
from typing import Any

from glede.config.commands.diary._finding import visit_id
from glede.config.terminal import Terminal

HELP = "tell everything that happened to a visit, and whether the record of it is whole"


def register(parser: argparse.ArgumentParser) -> None:
    """Take the code of the visit."""
    parser.add_argument("code", metavar="CODE", help="the receipt code: the 13 letters and digits of the visit's link")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Print each event as its patient reads it; exit 1 where the record is not as it was signed."""
    from django.utils import translation

    from glede.config.choosing import chosen_practice
    from glede.kernel.ref import Ref
    from glede.ledger.receipts import receipt_of
    from glede.portal.ledger.presenters import history_page

    practice = chosen_practice(args.practice)
    visit = visit_id(practice.pk, args.code)
    receipt = receipt_of(practice.pk, Ref("appointment", visit))
    with translation.override("en"):
        page = history_page(receipt, practice.zone)
    told = [
        {
            "seq": entry.happening.seq,
            "at": entry.happening.at.isoformat(),
            "kind": entry.happening.kind,
            "by": entry.happening.by.role,
            "words": line.words,
            "data": entry.happening.data,
            "signed": line.is_proved,
        }
        for entry, line in zip(receipt.entries, page.lines, strict=True)
    ]
    facts: dict[str, Any] = {"visit": str(visit), "whole": page.is_whole, "events": told}
    lines = [f"{line.when}  {line.words}{'' if line.is_proved else '  (not signed yet)'}" for line in page.lines]
    lines.append("The record is whole." if page.is_whole else "The record is NOT as it was signed: glede verify tells.")
    terminal.answer(facts, "\n".join(lines))
    return 0 if page.is_whole else 1
