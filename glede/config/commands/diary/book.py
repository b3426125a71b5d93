"""``glede diary book``: book a visit for somebody known."""

import argparse
from typing import TYPE_CHECKING

from glede.config.commands.diary._acting import Given, act, day_and_time, take_hand
from glede.config.commands.diary._finding import practitioner_id, service_id
from glede.config.terminal import Terminal
from glede.config.typed import typed_moment, typed_number

if TYPE_CHECKING:
    from glede.diary.models import Appointment
    from glede.practices.models import Practice

HELP = "book a visit for somebody known"


def register(parser: argparse.ArgumentParser) -> None:
    """Take whom, what, when, with whom and by whom."""
    parser.add_argument(
        "--for", dest="person", metavar="PERSON", required=True, help="the list's number for them, or ours"
    )
    parser.add_argument("--at", metavar="ISO8601", type=typed_moment, required=True, help="like 2026-12-01T09:00")
    parser.add_argument("--service", metavar="CODE", help="the short name of a service, like eye-test")
    parser.add_argument("--with", dest="practitioner", metavar="NAME", help="a clinician; else whoever has least to do")
    parser.add_argument("--minutes", type=typed_number(1, 720), help="another length than the service's own")
    parser.add_argument("--urgent", action="store_true", help="it cannot wait: a time kept for that will do")
    take_hand(parser)


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Book it, or say why not and what else is free."""

    from glede.config.choosing import chosen_person

    def book(practice: "Practice", given: Given) -> "Appointment":
        from glede.diary.operations import book_appointment
        from glede.diary.requests import Booking

        request = Booking(
            patient_id=chosen_person(practice.pk, args.person),
            service_id=service_id(practice.pk, args.service),
            practitioner_id=practitioner_id(practice.pk, args.practitioner),
            minutes=args.minutes,
            source="command",
            is_urgent=args.urgent,
            **day_and_time(args.at, practice.zone),
        )
        return book_appointment(request=request, **given)

    return act(args, terminal, book)
