"""``glede import``: bring the people, the visits and the calendars of another system in."""

import argparse
import contextlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from glede.config import calendar_import
from glede.config.terminal import Refused, Terminal
from glede.config.typed import moment, typed_moment

if TYPE_CHECKING:
    from glede.lists.values import Question
    from glede.people.lists.values import Brought
    from glede.practices.models import Practice

HELP = "bring in a list of people or of appointments (CSV in any usual encoding, XLSX), or a calendar (.ics)"
_SHOWN = 12
_TOLD_EVERY = 5000


def register(parser: argparse.ArgumentParser) -> None:
    """Take what the list is about, the file, and how to read it."""
    lists = parser.add_subparsers(dest="what", metavar="people|appointments|calendar", required=True)
    for what, words in (
        ("people", "who they are and how they are reached"),
        ("appointments", "visits past and to come"),
    ):
        one = lists.add_parser(what, help=words)
        one.add_argument("file", metavar="FILE", type=Path)
        one.add_argument(
            "--map", action="append", default=[], metavar="FIELD=COLUMN", type=_pair,
            help="which column is which field, where its heading does not say; --map ignore=COLUMN leaves one out",
        )  # fmt: skip
        one.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
        one.add_argument(
            "--as-of", metavar="ISO8601", type=typed_moment,
            help="what counts as now (practices with a virtual clock only)",
        )  # fmt: skip

    calendar_import.register(lists.add_parser("calendar", help=calendar_import.HELP))


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Bring the list in and say what became of each row."""
    if args.what == "calendar":
        return calendar_import.run(args, terminal)
    from glede.config.choosing import chosen_practice
    from glede.lists.errors import StillUnclear
    from glede.people.lists.columns import UnclearColumns
    from glede.people.lists.opening import UnreadableList

    practice = chosen_practice(args.practice)
    content = _content(args.file)
    try:
        with _trying() if args.dry_run else contextlib.nullcontext():
            now = _now(practice, args.as_of, is_dry=args.dry_run)
            list_id, brought = _bring(args, terminal, practice.pk, content, now)
            rejects = _keep_rejects(args, practice, list_id)
    except (UnreadableList, UnclearColumns) as refusal:
        raise Refused(f"{args.file.name}: {refusal}") from refusal
    except StillUnclear as refusal:
        raise Refused(f"{args.file.name}: {_asked(refusal.questions[0])}") from refusal
    terminal.answer(_facts(brought, rejects), _words(brought, rejects, is_dry=args.dry_run))
    return 0


def _pair(text: str) -> tuple[str, str]:
    field, sign, column = text.partition("=")
    if not sign or not field.strip() or not column.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is not FIELD=COLUMN, like phone=Mobil")
    return field.strip(), column.strip()


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}.") from error


@contextlib.contextmanager
def _trying() -> Iterator[None]:
    """Take back everything at the end."""
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _now(practice: "Practice", typed: datetime | None, *, is_dry: bool) -> datetime:
    """Return what counts as now for this import; a virtual clock that has not begun begins there."""
    from glede.journeys.operations import come_to
    from glede.practices.queries import practice_now

    if typed is None:
        return practice_now(practice)
    if not practice.is_virtual:
        raise Refused("--as-of is for practices with a virtual clock; this one lives by the real one.")
    at = moment(typed, practice.zone)
    if not is_dry:
        come_to(practice.pk, at=at)
    return at


def _bring(
    args: argparse.Namespace, terminal: Terminal, practice_id: UUID, content: bytes, now: datetime
) -> tuple[UUID, "Brought"]:
    """Put the list in and bring it at once. One that cannot be brought is thrown away again."""
    from glede.kernel.actor import IMPORT
    from glede.lists.errors import StillUnclear
    from glede.lists.operations import bring_list, discard_list, put_in_list
    from glede.lists.values import NewList

    own: dict[str, Any] = {"practice_id": practice_id, "by": IMPORT, "now": now}
    told = {column: field for field, column in args.map}
    list_id = put_in_list(new=NewList(args.what, args.file.name, content, told), **own)
    try:
        return list_id, bring_list(list_id=list_id, tell=_telling(terminal), **own)
    except StillUnclear:
        discard_list(list_id=list_id, **own)
        raise


def _telling(terminal: Terminal) -> Any:
    """Return what says now and then, beside the answer, how far a long list is."""

    def tell(done: int) -> None:
        if done % _TOLD_EVERY == 0 and done:
            terminal.say(f"{done} rows are through.")

    return tell


def _asked(question: "Question") -> str:
    """Return a question as one line that says what to type."""
    head, seen = repr(question.heading), ", ".join(map(repr, question.samples))
    if question.code == "needed":
        whose = "whose visits these are" if question.field == "person" else "when the visits are"
        columns = ", ".join(question.choices)
        return f"No column says {whose}. Name one: --map {question.field}=COLUMN. Columns: {columns}."
    if question.code == "cell":
        yes, no, _ = question.choices
        return (
            f"Column {head} holds {seen}, which is neither yes nor no. Say which is meant: --map {yes}={head} or"
            f" --map {no}={head}, or leave the column out: --map ignore={head}."
        )
    return (
        f"Column {head} looks like a refusal (it holds {seen}). Say what it means: --map no_sms={head} (or no_email,"
        f" no_marketing, deceased), or leave it out: --map ignore={head}."
    )


def _keep_rejects(args: argparse.Namespace, practice: "Practice", list_id: UUID) -> Path | None:
    """Write the rejects where only the owner of the data may read them; return where, or None for none."""
    from glede.config import environment
    from glede.config.files import write_new
    from glede.kernel import clock
    from glede.lists.queries import rejects_file

    found = rejects_file(practice.pk, list_id)
    if found is None:
        return None
    name = f"{practice.slug}-{args.what}-{clock.now():%Y%m%dT%H%M%S}"
    return write_new(environment.home() / "rejects", name, ".csv", found[1])


def _facts(brought: "Brought", rejects: Path | None) -> dict[str, Any]:
    return {
        **brought.counts,
        "findings": [{"row": f.row, "field": f.field, "text": f.text, "reason": f.reason} for f in brought.findings],
        "rejects": [{"row": r.row.number, "reason": r.reason} for r in brought.rejects],
        "rejects_file": str(rejects) if rejects else None,
        "columns": dict(brought.columns),
        "unmatched": list(brought.unmatched),
        "not_kept": list(brought.not_kept),
        "people_created": brought.people_created,
    }


def _words(brought: "Brought", rejects: Path | None, *, is_dry: bool) -> str:
    lines = [
        f"{'Would be: ' if is_dry else ''}{brought.read} rows: {brought.created} new, {brought.updated} changed,"
        f" {brought.unchanged} the same, {brought.duplicates} twice in the list, {brought.rejected} not taken."
    ]
    if brought.people_created:
        lines.append(f"{brought.people_created} people were not known yet and now stand under their number.")
    if brought.unmatched:
        lines.append(f"Columns nobody reads: {', '.join(name or '(blank)' for name in brought.unmatched)}.")
    if brought.not_kept:
        lines.append(f"Columns Glede has no place for yet: {', '.join(brought.not_kept)}.")
    lines += [f"  row {r.row.number}: not taken, {r.reason}" for r in brought.rejects[:_SHOWN]]
    lines += [f"  row {f.row}: {f.field} {f.text!r}, {f.reason}" for f in brought.findings[:_SHOWN]]
    more = max(0, len(brought.rejects) - _SHOWN) + max(0, len(brought.findings) - _SHOWN)
    if more:
        lines.append(f"  … and {more} more (--json lists all)")
    if rejects:
        lines.append(f"Correct the rows in {rejects} and import that file.")
    return "\n".join(lines)
