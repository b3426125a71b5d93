"""``glede shoes make``."""

import argparse

from glede.config.terminal import Refused, Terminal

HELP = "make the sealed database anew: empty, beside our own"


def register(parser: argparse.ArgumentParser) -> None:
    """Nothing to take."""


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Make it, and say what it is called."""
    from glede.shoes import sealed

    try:
        sealed.make()
    except sealed.NoSealedDatabase as refusal:
        raise Refused(str(refusal)) from refusal
    terminal.answer({"database": sealed.name()}, f"{sealed.name()} is there, and empty.")
    return 0
