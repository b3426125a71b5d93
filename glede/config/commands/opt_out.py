"""``glede opt-out classify``: what a message means for what may still be sent."""

import argparse

from glede.config.terminal import Terminal

HELP = "read a patient's message as a refusal: what it is, and what stops"
NEEDS_DJANGO = False


def register(parser: argparse.ArgumentParser) -> None:
    """Take the words, the country whose law holds, and whether a visit is near."""
    words = parser.add_subparsers(metavar="WHAT", required=True)
    classify = words.add_parser("classify", help="classify one message")
    classify.add_argument("text", metavar="TEXT", help="the message, in quotation marks")
    classify.add_argument("--country", metavar="CC", default="NO", help="two letters; NO where it is left out")
    classify.add_argument("--near-visit", action="store_true", help="a visit lies within seven days")
    classify.add_argument("--after-marketing", action="store_true", help="the last message they got was marketing")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Say the word's class, what follows from it in that country, and how it reads as an answer to a reminder."""
    from glede.outbox import optout

    country = {"UK": "GB"}.get(args.country.upper(), args.country.upper())
    found = optout.classify(args.text)
    effect = optout.effect(args.text, country, near_visit=args.near_visit, after_marketing=args.after_marketing)
    facts = {
        "class": str(found),
        "reply": str(optout.read_reply(args.text)),
        "stops": str(effect.stops),
        "is_about_visit": effect.is_about_visit,
        "colleague_asks": effect.promises_colleague,
        "confirms": effect.confirms,
        "detaches": effect.detaches,
        "country": country,
    }
    told = [f"{found} refusal" if found is not optout.OptOut.NONE else "no refusal", f"stops {effect.stops}"]
    told += [words for so, words in (
        (effect.is_about_visit, "it is about the visit"), (effect.promises_colleague, "a colleague asks"),
        (effect.confirms, "one confirmation leaves"), (effect.detaches, "the number leaves their record"),
    ) if so]  # fmt: skip
    terminal.answer(facts, "; ".join(told) + ".")
    return 0
