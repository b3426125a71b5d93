"""``glede forecast``: what would go to whom on the days to come. Nothing is written."""

import argparse
from datetime import time, timedelta
from typing import Any

from glede.config.terminal import Refused, Terminal
from glede.config.typed import typed_day, typed_number

HELP = "show what would go to whom on the days to come; nothing is written"
DAYS_MOST = 400


def register(parser: argparse.ArgumentParser) -> None:
    """Take the first day and how many."""
    parser.add_argument(
        "--from", dest="first", metavar="DATE", type=typed_day, required=True, help="the first day, like 2026-12-01"
    )
    parser.add_argument(
        "--days", metavar="N", type=typed_number(1, DAYS_MOST), required=True, help=f"how many days, 1 to {DAYS_MOST}"
    )


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Print what would go in so many days of the practice's calendar. What lies behind its clock is over."""
    from glede.config.choosing import chosen_practice
    from glede.journeys.forecast import forecast
    from glede.journeys.listing import forecast_listed
    from glede.kernel.clock import at_wall
    from glede.practices.queries import practice_now

    practice = chosen_practice(args.practice)
    now = practice_now(practice)
    since, until = (at_wall(args.first + timedelta(days=n), time(0), practice.zone) for n in (0, args.days))
    if until <= now:
        raise Refused(f"Those days are over: the practice's clock shows {now.isoformat()}.")
    listed = forecast_listed(practice, forecast(practice, since=since, until=until, now=now))
    terminal.answer(listed, _words(listed))
    return 0


def _words(listed: dict[str, Any]) -> str:
    lines = [
        f"{t['at']}  row {t['row']:<3} {t['channel']:<6} {t['person']}"
        + (f"  (if {t['assumes']})" if t["assumes"] else "")
        for t in listed["touches"]
    ]
    lines += [f"left out: {n} ({reason})" for reason, n in sorted(listed["skipped"].items())]
    return "\n".join(lines) or "Nothing goes out on those days."
