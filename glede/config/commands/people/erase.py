"""``glede people erase ID --reason R``."""

import argparse

from glede.config.terminal import Refused, Terminal

HELP = "forget a person in every room, at once; it cannot be taken back"
REASONS = ("asked", "mistake", "unlawful")


def register(parser: argparse.ArgumentParser) -> None:
    """Take the person, the reason and who says so."""
    parser.add_argument("id", metavar="ID", help="an id, or the number in your list")
    parser.add_argument("--reason", required=True, choices=REASONS, help="why: it stands in the record")
    parser.add_argument("--by", metavar="COLLEAGUE", help="the colleague who does it, by name")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Forget them, and whoever was joined to them."""
    from glede.config.choosing import chosen_hand, chosen_person, chosen_practice
    from glede.people.operations import NoSuchPatient, erase_patient
    from glede.practices.queries import practice_now

    practice = chosen_practice(args.practice)
    person = chosen_person(practice.pk, args.id)
    by, now = chosen_hand(practice.pk, args.by), practice_now(practice)
    try:
        erase_patient(practice_id=practice.pk, patient_id=person, reason=args.reason, by=by, now=now)
    except NoSuchPatient as error:
        raise Refused("They are forgotten already.") from error
    terminal.answer({"erased": person}, f"{person} is forgotten. What stays, and when backups forget: docs/privacy.md")
    return 0
