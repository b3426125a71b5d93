"""Commands of several words, as ``glede diary book``: each word is a module of the command's folder.

A word's module holds ``HELP``, ``register(parser)`` and ``run(args, terminal) -> int``, as a command's own does.
"""

import argparse
import pkgutil
from collections.abc import Iterable
from importlib import import_module
from types import ModuleType

from glede.config.terminal import Terminal


def take_words(parser: argparse.ArgumentParser, package: str, folder: Iterable[str]) -> None:
    """Take a word for each module of a folder; one whose name begins with a line is no word."""
    words = parser.add_subparsers(metavar="WORD", required=True)
    for name in sorted(info.name for info in pkgutil.iter_modules(folder) if not info.name.startswith("_")):
        module = import_module(f"{package}.{name}")
        one = words.add_parser(name.rstrip("_"), help=module.HELP, description=module.HELP)
        module.register(one)
        one.set_defaults(word=module)


def do_word(args: argparse.Namespace, terminal: Terminal) -> int:
    """Do what the word says."""
    word: ModuleType = args.word
    return int(word.run(args, terminal))
