"""``glede import``: bring the people and the visits of another system in, from its lists."""

import argparse
import contextlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glede.config.moments import moment
from glede.config.terminal import Refused, Terminal

if TYPE_CHECKING:
    from glede.people.lists.opening import Sheet
    from glede.people.lists.values import Brought
    from glede.practices.models import Practice

HELP = "bring in a list of people or of appointments (CSV, UTF-8)"
_SHOWN = 12
_MONTH_FIRST = frozenset({"US"})


def register(parser: argparse.ArgumentParser) -> None:
    """Take what the list is about, the file, and how to read it."""
    lists = parser.add_subparsers(dest="what", metavar="people|appointments", required=True)
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
        one.add_argument("--as-of", metavar="ISO8601", help="what counts as now (practices with a virtual clock only)")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Bring the list in and say what became of each row."""
    from glede.config.choosing import chosen_practice
    from glede.people.lists.columns import UnclearColumns
    from glede.people.lists.opening import UnreadableList, open_sheet

    practice = chosen_practice(args.practice)
    try:
        sheet = open_sheet(_content(args.file))
        with _trying() if args.dry_run else contextlib.nullcontext():
            now = _now(practice, args.as_of, is_dry=args.dry_run)
            brought = _bring(args, practice, sheet, now)
    except (UnreadableList, UnclearColumns) as refusal:
        raise Refused(f"{args.file.name}: {refusal}") from refusal
    rejects = _keep_rejects(args, practice, sheet, brought)
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


def _now(practice: "Practice", text: str | None, *, is_dry: bool) -> datetime:
    """Return what counts as now for this import; a virtual clock that has not begun begins there."""
    from glede.journeys.operations import come_to
    from glede.practices.queries import practice_now

    if text is None:
        return practice_now(practice)
    if not practice.is_virtual:
        raise Refused("--as-of is for practices with a virtual clock; this one lives by the real one.")
    at = moment(text, practice.zone)
    if not is_dry:
        come_to(practice.pk, at=at)
    return at


def _bring(args: argparse.Namespace, practice: "Practice", sheet: "Sheet", now: datetime) -> "Brought":
    from glede.diary.lists.visits import read_visits
    from glede.diary.operations import bring_visits
    from glede.kernel.actor import IMPORT
    from glede.kernel.clock import day_of
    from glede.people.lists.people import read_people
    from glede.people.operations import bring_people

    usual: Any = "mdy" if practice.country in _MONTH_FIRST else "dmy"
    given: dict[str, Any] = {"practice_id": practice.pk, "rows": len(sheet.rows), "by": IMPORT, "now": now}
    if args.what == "people":
        people = read_people(sheet, told=args.map, today=day_of(now, practice.zone), usual_order=usual)
        return bring_people(read=people, **given)
    visits = read_visits(sheet, told=args.map, zone=practice.zone, usual_order=usual)
    return bring_visits(read=visits, source=args.file.name, **given)


def _keep_rejects(args: argparse.Namespace, practice: "Practice", sheet: "Sheet", brought: "Brought") -> Path | None:
    """Write the rejects where only the owner of the data may read them; return where, or None for none."""
    from glede.config import environment
    from glede.config.files import write_new
    from glede.kernel import clock
    from glede.people.lists.rejects import rejects_csv

    if not brought.rejects:
        return None
    name = f"{practice.slug}-{args.what}-{clock.now():%Y%m%dT%H%M%S}"
    return write_new(environment.home() / "rejects", name, ".csv", rejects_csv(sheet, brought.rejects))


def _facts(brought: "Brought", rejects: Path | None) -> dict[str, Any]:
    return {
        "read": brought.read,
        "created": brought.created,
        "updated": brought.updated,
        "unchanged": brought.unchanged,
        "duplicates": brought.duplicates,
        "rejected": brought.rejected,
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
