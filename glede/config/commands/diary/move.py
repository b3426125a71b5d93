"""``glede diary move``: move a visit; its id, its code and its history stay."""

import argparse
from typing import TYPE_CHECKING

from glede.config.commands.diary._acting import Given, act, day_and_time, take_hand
from glede.config.commands.diary._finding import practitioner_id, visit_id
from glede.config.terminal import Terminal
from glede.config.typed import typed_moment, typed_number

if TYPE_CHECKING:
    from glede.diary.models import Appointment
    from glede.practices.models import Practice

HELP = "move a visit to another time, another clinician or both"


def register(parser: argparse.ArgumentParser) -> None:
    """Take the visit's code, where it goes, whose wish it was and by whom."""
    parser.add_argument("code", metavar="CODE", help="the visit's code, as in its link")
    parser.add_argument("--to", metavar="ISO8601", type=typed_moment, required=True, help="like 2026-12-01T09:00")
    parser.add_argument("--with", dest="practitioner", metavar="NAME", help="another clinician")
    parser.add_argument("--minutes", type=typed_number(1, 720), help="another length")
    parser.add_argument("--reason", default="", help="whose wish it was: time, unwell, practitioner_away, …")
    parser.add_argument("--urgent", action="store_true", help="it cannot wait: a time kept for that will do")
    take_hand(parser)


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Move it, or say why not and what else is free; where it cannot go it stays."""

    def move(practice: "Practice", given: Given) -> "Appointment":
        from glede.diary.operations import move_appointment
        from glede.diary.requests import Slot

        slot = Slot(
            practitioner_id=practitioner_id(practice.pk, args.practitioner),
            minutes=args.minutes,
            is_urgent=args.urgent,
            **day_and_time(args.to, practice.zone),
        )
        visit = visit_id(practice.pk, args.code)
        return move_appointment(appointment_id=visit, to=slot, reason=args.reason, **given)

    return act(args, terminal, move)
