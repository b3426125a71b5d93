"""``glede diary cancel``: cancel a visit; nothing is deleted, its time is free again."""

import argparse
from typing import TYPE_CHECKING

from glede.config.commands.diary._acting import Given, act, take_hand
from glede.config.commands.diary._finding import visit_id
from glede.config.terminal import Terminal

if TYPE_CHECKING:
    from glede.diary.models import Appointment
    from glede.practices.models import Practice

HELP = "cancel a visit and give its time back"


def register(parser: argparse.ArgumentParser) -> None:
    """Take the visit's code, why, in whose words, and by whom."""
    parser.add_argument("code", metavar="CODE", help="the visit's code, as in its link")
    parser.add_argument("--reason", required=True, help="time, unwell, not_needed, practitioner_away, mistake, …")
    parser.add_argument("--words", default="", help="what was said, kept beside it")
    take_hand(parser)


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Cancel it, or say why not."""

    def cancel(practice: "Practice", given: Given) -> "Appointment":
        from glede.diary.operations import cancel_appointment

        visit = visit_id(practice.pk, args.code)
        return cancel_appointment(appointment_id=visit, reason=args.reason, words=args.words, **given)

    return act(args, terminal, cancel)
