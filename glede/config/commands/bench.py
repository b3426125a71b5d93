"""``glede bench``: measure Glede beside the physical limit, in the same run."""

import argparse
import contextlib
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from glede.config.terminal import Terminal
from glede.config.typed import typed_number

HELP = "measure Glede beside the physical limit, in the same run"


@dataclass(frozen=True)
class Bench:
    """What is measured: a function that returns ``{"figure", "unit", "limit", "ratio", …}``, and where it works."""

    module: str
    function: str = "measure"
    needs_database: bool = False
    takes: str = ""


BENCHES = {
    "import": Bench("glede.config.benches.importing", needs_database=True, takes="count"),
    "plan": Bench("glede.journeys.bench", takes="count"),
    "journeys": Bench("glede.config.benches.journeying", needs_database=True, takes="count"),
    "send": Bench("glede.outbox.bench", "send", needs_database=True, takes="count"),
    "campaign": Bench("glede.config.benches.campaigning", needs_database=True, takes="count"),
    "hooks": Bench("glede.config.benches.hooking", needs_database=True, takes="count"),
    "pages": Bench("glede.config.benches.pages", needs_database=True, takes="size"),
    "person": Bench("glede.config.benches.person", needs_database=True, takes="size"),
    "search": Bench("glede.config.benches.searching", needs_database=True, takes="size"),
    "duplicates": Bench("glede.config.benches.matching", needs_database=True, takes="size"),
    "desks": Bench("glede.config.benches.desks", needs_database=True, takes="size"),
    "slots": Bench("glede.config.benches.book", "measure_slots", needs_database=True, takes="count"),
    "book": Bench("glede.config.benches.book", "measure_book", needs_database=True, takes="count"),
    "keys": Bench("glede.config.benches.keys", needs_database=True, takes="size"),
    "mail": Bench("glede.config.benches.mailing", needs_database=True, takes="count"),
    "shoes": Bench("glede.config.benches.walking", needs_database=True, takes="count"),
    "verify": Bench("glede.config.benches.verifying", needs_database=True, takes="count"),
}


def register(parser: argparse.ArgumentParser) -> None:
    """Take the name of what is measured, and how much of it."""
    parser.add_argument("bench", choices=sorted(BENCHES), metavar="|".join(sorted(BENCHES)))
    parser.add_argument(
        "--count",
        type=typed_number(1),
        help="import, plan, campaign, journeys: people; send: messages; hooks: seconds; mail: mails; verify: events;"
        " shoes: seeds",
    )
    parser.add_argument(
        "--size",
        choices=["full", "people", "quick", "small"],
        help="pages, person, desks, keys: 50,000 people (full), or fewer; search, duplicates: 100,000 (people)",
    )


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Measure and print the figures. What needs a database gets one of its own, dropped at the end."""
    bench = BENCHES[args.bench]
    measure = getattr(import_module(bench.module), bench.function)
    given = getattr(args, bench.takes)
    with _database(bench):
        figures: dict[str, Any] = measure(*([given] if given else []))
    words = f"{figures['figure']} {figures['unit']}; the limit is {figures['limit']}, a ratio of {figures['ratio']}"
    terminal.answer(figures, words)
    return 0


@contextlib.contextmanager
def _database(bench: Bench) -> Any:
    if not bench.needs_database:
        yield
        return
    from glede.config.benches.scratch import scratch_database

    with scratch_database():
        yield
