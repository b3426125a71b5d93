"""``glede diary WORD``: the book of visits by hand."""

import argparse

from glede.config.worded import do_word as run
from glede.config.worded import take_words

__all__ = ["HELP", "register", "run"]

HELP = "the book of visits: free times, and what becomes of a visit"


def register(parser: argparse.ArgumentParser) -> None:
    """Take a word for each module of this folder."""
    take_words(parser, __name__, __path__)
