"""``glede diary WORD``: the book of visits by hand. Each word has a module here, as each command has one beside.

A word's module holds ``HELP``, ``register(parser)`` and ``run(args, terminal) -> int``.
"""

import argparse
import pkgutil
from importlib import import_module
from types import ModuleType

from glede.config.terminal import Terminal

HELP = "the book of visits: free times, and what becomes of a visit"


def register(parser: argparse.ArgumentParser) -> None:
    """Take a word for each module of this folder."""
    words = parser.add_subparsers(metavar="WORD", required=True)
    for name in sorted(info.name for info in pkgutil.iter_modules(__path__) if not info.name.startswith("_")):
        module = import_module(f"{__name__}.{name}")
        one = words.add_parser(name, help=module.HELP, description=module.HELP)
        module.register(one)
        one.set_defaults(word=module)


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Do what the word says."""
    word: ModuleType = args.word
    return int(word.run(args, terminal))
