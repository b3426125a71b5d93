"""``glede unmerge ID``: what was joined is two people after all."""

import argparse

from glede.config.terminal import Refused, Terminal

HELP = "part a person from the one they were joined to; both are as they were, refusals stay with both"


def register(parser: argparse.ArgumentParser) -> None:
    """Take the person who was joined to another, and who says so."""
    parser.add_argument("id", metavar="ID", help="who was joined to another: the id that glede merge gave")
    parser.add_argument("--by", metavar="COLLEAGUE", help="the colleague who says so, by name")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Part them."""
    from uuid import UUID

    from glede.config.choosing import chosen_hand, chosen_practice
    from glede.people.operations import NoSuchPatient, unmerge_patient
    from glede.people.queries import merged_by_external_id
    from glede.practices.queries import practice_now

    practice = chosen_practice(args.practice)
    by, now = chosen_hand(practice.pk, args.by), practice_now(practice)
    try:
        joined = merged_by_external_id(practice.pk, args.id) or UUID(args.id)
        unmerge_patient(practice_id=practice.pk, patient_id=joined, by=by, now=now)
    except (ValueError, NoSuchPatient) as error:
        raise Refused(f"{args.id} is not joined to anybody: nothing was parted.") from error
    terminal.answer({"unmerged": joined}, f"{joined} stands alone again.")
    return 0
