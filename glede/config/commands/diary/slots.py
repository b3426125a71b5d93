"""``glede diary slots``: which times are free."""

import argparse
from datetime import time
from typing import Any

from glede.config.commands.diary._finding import names, practitioner_id, service_id
from glede.config.terminal import Refused, Terminal
from glede.config.typed import typed_day, typed_hours, typed_number

HELP = "list free times, the soonest first"


def register(parser: argparse.ArgumentParser) -> None:
    """Take what is looked for, and where to look."""
    parser.add_argument("--service", metavar="CODE", help="the short name of a service, like eye-test")
    parser.add_argument("--from", dest="from_day", metavar="DATE", type=typed_day, required=True)
    parser.add_argument("--days", type=typed_number(1, 400), default=14, help="how many days to look at")
    parser.add_argument("--with", dest="practitioner", metavar="NAME", help="only this clinician's times")
    parser.add_argument("--minutes", type=typed_number(1, 720), help="another length than the service's own")
    parser.add_argument("--between", metavar="09:00-14:00", type=typed_hours, help="only visits within these hours")
    parser.add_argument("--urgent", action="store_true", help="also what is kept free for what is urgent")
    parser.add_argument("--limit", type=typed_number(1), default=500, help="how many at most")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Print the free times."""
    from glede.config.choosing import chosen_practice
    from glede.diary.errors import Refused as DiaryRefused
    from glede.diary.queries import slots
    from glede.diary.requests import TimesWanted
    from glede.practices.queries import practice_now

    practice = chosen_practice(args.practice)
    wanted = TimesWanted(
        from_day=args.from_day,
        days=args.days,
        service_id=service_id(practice.pk, args.service),
        practitioner_id=practitioner_id(practice.pk, args.practitioner),
        minutes=args.minutes,
        between=args.between,
        is_urgent=args.urgent,
        limit=args.limit,
    )
    try:
        offers = slots(practice.pk, wanted, now=practice_now(practice))
    except DiaryRefused as refusal:
        raise Refused(f"The diary refuses: {refusal.code}.") from refusal
    called = names(practice.pk)
    found: list[dict[str, Any]] = [
        {
            "day": offer.day,
            "at": _clock(offer.wall_time),
            "starts_at": offer.starts_at.isoformat(),
            "practitioner": called.get(offer.practitioner_id, ""),
        }
        for offer in offers
    ]
    lines = [f"{one['day']:%a %d.%m.%Y} {one['at']}  {one['practitioner']}".rstrip() for one in found]
    terminal.answer({"slots": found}, "\n".join(lines) or "No time is free there.")
    return 0


def _clock(at: time) -> str:
    return at.isoformat("minutes")
