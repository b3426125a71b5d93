"""``glede verify``: is what is written still what was written?"""

import argparse

from glede.config.terminal import Terminal

HELP = "recompute the record's chain and tree, compare its checkpoints, check every room's rows against it"


def register(parser: argparse.ArgumentParser) -> None:
    """Take nothing more."""


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Verify one practice or all; exit 1 where a problem was found, each named."""
    from glede.config.choosing import chosen_practices
    from glede.ledger.outside import differences, kept
    from glede.ledger.queries import verify

    reports = {}
    for practice in chosen_practices(args.practice):
        reports[practice.slug] = report = verify(practice.pk, kept(practice.pk))
        if not practice.is_virtual:
            problems, remarks = differences(practice.pk)
            report.problems += problems
            report.remarks += remarks
    words = []
    for slug, report in reports.items():
        found = "ok" if report.ok else f"{len(report.problems)} problems"
        words.append(f"{slug}: {report.events} events, {report.counts['checkpoints']} checkpoints, {found}")
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
