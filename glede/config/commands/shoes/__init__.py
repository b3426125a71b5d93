"""``glede shoes WORD``: walk a patient's year on the production engine, in a database of its own."""

import argparse

from glede.config.worded import do_word as run
from glede.config.worded import take_words

__all__ = ["HELP", "register", "run"]

HELP = "walk in a patient's shoes: make the sealed database, walk a year there, drop it"


def register(parser: argparse.ArgumentParser) -> None:
    """Take a word for each module of this folder."""
    take_words(parser, __name__, __path__)
