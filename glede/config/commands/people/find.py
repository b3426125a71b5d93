"""``glede people find TEXT``."""

import argparse

from glede.config.terminal import Terminal

HELP = "find people by any part of a name, a number, an address or a birth date"


def register(parser: argparse.ArgumentParser) -> None:
    """Take the words to find by."""
    parser.add_argument("text", metavar="TEXT", help="as at the desk: “kari mo”, “400 00 101”, “12.3.1979”")
    parser.add_argument("--limit", type=int, default=20, metavar="N", help="at most so many (20)")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Give who is found, the best first; where nobody is, whose name looks like it."""
    from glede.config.choosing import chosen_practice
    from glede.people import queries

    practice = chosen_practice(args.practice)
    found = queries.search(practice.pk, args.text, limit=args.limit)
    alike = [] if found else queries.look_alikes(practice.pk, args.text)
    facts = [
        {
            "id": one.patient_id,
            "external_id": one.external_id,
            "given_name": one.given_name,
            "family_name": one.family_name,
            "birth_date": one.birth_date,
            "phone": one.phone,
            "email": one.email,
        }
        for one in found or alike
    ]
    lines = [f"{one.patient_id}  {one.name}, {one.birth_date or 'birth date not known'}" for one in found or alike]
    if alike:
        lines.insert(0, "Nobody is called so. Meant, perhaps:")
    terminal.answer({"people": facts, "exact": bool(found)}, "\n".join(lines) or "Nobody is found by that.")
    return 0
