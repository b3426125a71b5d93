"""``glede shoes drop``."""

import argparse

from glede.config.terminal import Refused, Terminal

HELP = "drop the sealed database, and every walk in it"


def register(parser: argparse.ArgumentParser) -> None:
    """Nothing to take."""


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Drop it; where there is none, nothing happens."""
    from glede.shoes import sealed

    try:
        sealed.drop()
    except sealed.NoSealedDatabase as refusal:
        raise Refused(str(refusal)) from refusal
    terminal.answer({"database": sealed.name()}, f"{sealed.name()} is gone.")
    return 0
