"""``glede verify``: is what is written still what was written?"""

import argparse

from glede.config.terminal import Terminal

HELP = "recompute the record's chain and check every room's rows against it"


def register(parser: argparse.ArgumentParser) -> None:
    """Take nothing more."""


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Verify one practice or all; exit 1 where a problem was found, each named."""
    from glede.config.choosing import chosen_practices
    from glede.ledger.queries import verify

    reports = {practice.slug: verify(practice.pk) for practice in chosen_practices(args.practice)}
    words = []
    for slug, report in reports.items():
        words.append(f"{slug}: {report.events} events, {'ok' if report.ok else f'{len(report.problems)} problems'}")
        words += [f"  {problem}" for problem in report.problems]
    is_one = len(reports) == 1
    facts = {
        "ok": all(report.ok for report in reports.values()),
        "events": sum(report.events for report in reports.values()),
        "bookings": sum(report.counts.get("visits", 0) for report in reports.values()),
        "problems": [p if is_one else f"{slug}: {p}" for slug, report in reports.items() for p in report.problems],
        "practices": {
            slug: {"ok": r.ok, "events": r.events, "counts": r.counts, "problems": r.problems}
            for slug, r in reports.items()
        },
    }
    terminal.answer(facts, "\n".join(words) or "No practice yet, so nothing to verify.")
    return 0 if facts["ok"] else 1
