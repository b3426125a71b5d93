"""``glede people WORD``: everybody the practice knows."""

import argparse

from glede.config.worded import do_word as run
from glede.config.worded import take_words

__all__ = ["HELP", "register", "run"]

HELP = "the people of a practice: find one, export one or all, forget one"


def register(parser: argparse.ArgumentParser) -> None:
    """Take a word for each module of this folder."""
    take_words(parser, __name__, __path__)
