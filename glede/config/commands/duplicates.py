"""``glede duplicates``: who may stand twice in the list of people."""

import argparse

from glede.config.terminal import Terminal

HELP = "who may stand twice in the list, with reasons; nothing is joined"


def register(parser: argparse.ArgumentParser) -> None:
    """Take which pairs are wanted."""
    parser.add_argument("--same", action="store_true", help="only those of whom nothing speaks for two people")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Compare everybody and give the pairs, the likeliest first."""
    from glede.config.choosing import chosen_practice
    from glede.kernel.clock import day_of
    from glede.people import queries
    from glede.practices.queries import practice_now

    practice = chosen_practice(args.practice)
    found = queries.duplicates(practice.pk, day_of(practice_now(practice), practice.zone))
    shown = [pair for pair in found if pair.verdict == "same" or not args.same]
    people = queries.names(practice.pk, {key for pair in shown for key in (pair.a, pair.b)})
    facts = [
        {
            "a": pair.a,
            "b": pair.b,
            "a_external_id": people[pair.a].external_id,
            "b_external_id": people[pair.b].external_id,
            "score": pair.score,
            "verdict": pair.verdict,
            "reasons": list(pair.reasons),
        }
        for pair in shown
    ]
    lines = [f"{pair.score:.2f} {pair.verdict:7} {pair.a} {pair.b}  {', '.join(pair.reasons)}" for pair in shown]
    terminal.answer({"pairs": facts}, "\n".join(lines) or "Nobody seems to stand twice.")
    return 0
