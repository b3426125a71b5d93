"""``glede journey WORD``: what people are owed on their way, row by row, out as YAML and in again."""

import argparse

from glede.config.worded import do_word as run
from glede.config.worded import take_words

__all__ = ["HELP", "register", "run"]

HELP = "the journey of a practice: show its rows, check a file, bring one in, give it out"


def register(parser: argparse.ArgumentParser) -> None:
    """Take a word for each module of this folder."""
    take_words(parser, __name__, __path__)
