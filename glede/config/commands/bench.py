"""``glede bench``: measure Glede beside the physical limit, in the same run."""

import argparse
from importlib import import_module
from typing import Any

from glede.config.terminal import Terminal

HELP = "measure Glede beside the physical limit, in the same run"

BENCHES = {"plan": "glede.journeys.bench"}
"""Each module has ``measure(count) -> {"figure", "unit", "limit", "ratio", ...}``."""


def register(parser: argparse.ArgumentParser) -> None:
    """Take the name of what is measured."""
    parser.add_argument("bench", choices=sorted(BENCHES), metavar="|".join(sorted(BENCHES)))
    parser.add_argument("--count", type=int, help="how many people to plan for")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Measure and print the figures."""
    module = import_module(BENCHES[args.bench])
    figures: dict[str, Any] = module.measure(**({"count": args.count} if args.count else {}))
    words = f"{figures['figure']} {figures['unit']}; the limit is {figures['limit']}, a ratio of {figures['ratio']}"
    terminal.answer(figures, words)
    return 0
