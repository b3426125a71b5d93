"""``glede merge A B``: two rows are one person."""

import argparse

from glede.config.terminal import Refused, Terminal

HELP = "join two rows of one person: B points to A from now on; nothing of either is lost"


def register(parser: argparse.ArgumentParser) -> None:
    """Take the two people and who says so."""
    parser.add_argument("a", metavar="A", help="who stays: an id, or the number in your list")
    parser.add_argument("b", metavar="B", help="who is joined to them")
    parser.add_argument("--by", metavar="COLLEAGUE", help="the colleague who says so, by name")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Join them. What either refused is refused; ``glede unmerge`` parts them."""
    from glede.config.choosing import chosen_hand, chosen_person, chosen_practice
    from glede.people.operations import CannotMerge, NoSuchPatient, merge_patients
    from glede.practices.queries import practice_now

    practice = chosen_practice(args.practice)
    keep, joined = chosen_person(practice.pk, args.a), chosen_person(practice.pk, args.b)
    by, now = chosen_hand(practice.pk, args.by), practice_now(practice)
    try:
        merge_patients(practice_id=practice.pk, keep_id=keep, merge_id=joined, by=by, now=now)
    except CannotMerge as error:
        raise Refused("These are one person already, or the one answers for the other: nothing was joined.") from error
    except NoSuchPatient as error:
        raise Refused("One of the two was forgotten: nothing was joined.") from error
    words = f"{joined} is {keep} from now on. To part them: glede unmerge {joined}"
    terminal.answer({"kept": keep, "merged": joined}, words)
    return 0
