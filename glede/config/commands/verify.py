"""``glede verify``: is what is written still what was written?"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from glede.config.terminal import Refused, Terminal

if TYPE_CHECKING:
    from glede.ledger.notes import Signed
    from glede.ledger.queries import Report
    from glede.practices.models import Practice

HELP = "recompute the record's chain and tree, compare its checkpoints, check every room's rows against it"


def register(parser: argparse.ArgumentParser) -> None:
    """Take checkpoints that were kept elsewhere."""
    parser.add_argument(
        "--against", metavar="FILE", help="compare with the checkpoints in FILE too, such as a mail that was kept"
    )


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Verify one practice or all; exit 1 where a problem was found, each named."""
    from glede.config.choosing import chosen_practices

    found = _checkpoints_in(args.against) if args.against else []
    reports = {practice.slug: _report(practice, found) for practice in chosen_practices(args.practice)}
    words = []
    for slug, report in reports.items():
        outcome = "ok" if report.ok else f"{len(report.problems)} problems"
        counted = f"{report.counts['checkpoints']} checkpoints, {report.counts.get('receipts', 0)} receipts"
        words.append(f"{slug}: {report.events} events, {counted}, {outcome}")
        words += [f"  {line}" for line in [*report.problems, *report.remarks]]
    is_one = len(reports) == 1
    facts = {
        "ok": all(report.ok for report in reports.values()),
        "events": sum(report.events for report in reports.values()),
        "bookings": sum(report.counts.get("visits", 0) for report in reports.values()),
        "problems": [p if is_one else f"{slug}: {p}" for slug, report in reports.items() for p in report.problems],
        "practices": {
            slug: {
                "ok": r.ok,
                "events": r.events,
                "counts": r.counts,
                "problems": r.problems,
                "remarks": r.remarks,
            }
            for slug, r in reports.items()
        },
    }
    terminal.answer(facts, "\n".join(words) or "No practice yet, so nothing to verify.")
    return 0 if facts["ok"] else 1


def _report(practice: "Practice", found: "list[Signed]") -> "Report":
    from glede.ledger import outside
    from glede.ledger.checkpoints import Kept
    from glede.ledger.queries import verify

    kept = outside.kept(practice.pk)
    notes, problems, remarks = outside.brought(practice.pk, found)
    report = verify(practice.pk, Kept((*kept.checkpoints, *notes), kept.leaves))
    if not practice.is_virtual:
        of_file, told = outside.differences(practice.pk)
        problems, remarks = [*of_file, *problems], [*told, *remarks]
    report.problems += problems
    report.remarks += remarks
    return report


def _checkpoints_in(name: str) -> "list[Signed]":
    from glede.ledger.notes import letters

    try:
        found = letters(Path(name).read_text(encoding="utf-8", errors="replace"))
    except OSError as error:
        raise Refused(f"{name} cannot be read: {error.strerror}.") from error
    if not found:
        raise Refused(f"No checkpoint stands in {name}. Save the whole text of the mail.")
    return found
