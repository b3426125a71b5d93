"""``glede people export ID [DIR]`` and ``glede people export --all DIR``."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from glede.config.terminal import Refused, Terminal, WrongUsage

HELP = "write all that is held about a person, or about everybody, into a folder"


def register(parser: argparse.ArgumentParser) -> None:
    """Take the person and the folder, or ``--all`` and the folder."""
    parser.add_argument("words", nargs="+", metavar="ID DIR", help="an id, or the number in your list; and a folder")
    parser.add_argument("--all", action="store_true", help="everybody, person after person; only DIR is said then")
    parser.add_argument("--by", metavar="COLLEAGUE", help="the colleague who does it, by name: noted as a look")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Write the files, and note that they were taken out."""
    from glede.config.choosing import chosen_practice

    practice = chosen_practice(args.practice)
    if args.all:
        if len(args.words) != 1:
            raise WrongUsage("Say one folder: glede people export --all DIR")
        return _everybody(practice, Path(args.words[0]), args.by, terminal)
    if len(args.words) > 2:
        raise WrongUsage("Say one person and one folder: glede people export ID DIR")
    return _one(practice, args.words[0], args.words[1:], args.by, terminal)


def _one(practice: Any, typed: str, folders: list[str], name: str | None, terminal: Terminal) -> int:
    from glede.config.choosing import chosen_hand, chosen_person
    from glede.ledger.operations import log_access
    from glede.people.exporting.gathering import gather
    from glede.people.exporting.writing import NotEmpty, write
    from glede.practices.queries import practice_now

    person, by, now = chosen_person(practice.pk, typed), chosen_hand(practice.pk, name), practice_now(practice)
    folder = Path(folders[0] if folders else f"glede-{person}")
    log_access(practice.pk, by=by, patient_id=person, page="export", now=now)
    export = gather(practice, person, now=now)
    if export is None:
        raise Refused(f"Nobody has the number {typed!r} here.")
    try:
        names = write(export, folder)
    except NotEmpty as error:
        raise Refused(f"{folder} holds something already. Name an empty folder: nothing was written.") from error
    facts = {"exported": export.patient_id, "folder": str(folder.absolute()), "files": names}
    terminal.answer(facts, f"{len(names)} files in {folder}. Open person.html to read it.")
    return 0


def _everybody(practice: Any, folder: Path, name: str | None, terminal: Terminal) -> int:
    from glede.config.choosing import chosen_hand
    from glede.people.exporting.writing import NotEmpty, write_all
    from glede.practices.queries import practice_now

    by, now = chosen_hand(practice.pk, name), practice_now(practice)
    try:
        count = write_all(_exports(practice, by, now), folder)
    except NotEmpty as error:
        raise Refused(f"{folder} holds something already. Name an empty folder: nothing was written.") from error
    facts = {"people": count, "folder": str(folder.absolute()), "files": sorted(_names(folder))}
    terminal.answer(facts, f"{count} people in {folder}. It is not sealed: keep it where nobody else reads.")
    return 0


def _exports(practice: Any, by: Any, now: Any) -> Iterator[Any]:
    from glede.ledger.operations import log_access
    from glede.people.exporting.gathering import gather
    from glede.people.queries import patient_ids

    for person in patient_ids(practice.pk):
        log_access(practice.pk, by=by, patient_id=person, page="export", now=now)
        export = gather(practice, person, now=now)
        if export is not None:
            yield export


def _names(folder: Path) -> Iterator[str]:
    return (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
