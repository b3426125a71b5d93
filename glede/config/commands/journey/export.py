"""``glede journey export [FILE]``."""

import argparse
from pathlib import Path

from glede.config.terminal import Refused, Terminal

HELP = "give out the journey in force as YAML, to a file or to the screen"


def register(parser: argparse.ArgumentParser) -> None:
    """Take where to."""
    parser.add_argument("file", metavar="FILE", type=Path, nargs="?", help="where to; the screen where left out")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Write it. A file that is there already is not written over."""
    from glede.config.choosing import chosen_practice
    from glede.journeys.document import write_yaml
    from glede.journeys.queries import journey_raw

    raw, version = journey_raw(chosen_practice(args.practice).pk)
    text = write_yaml(raw)
    if args.file is None:
        terminal.answer({"journey": raw["journey"], "version": version, "yaml": text}, text.rstrip("\n"))
        return 0
    try:
        with args.file.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError as error:
        raise Refused(f"{args.file} is there already. Name another file.") from error
    except OSError as error:
        raise Refused(f"{args.file} cannot be written.") from error
    facts = {"journey": raw["journey"], "version": version, "file": str(args.file)}
    terminal.answer(facts, f"Version {version} is in {args.file}.")
    return 0
