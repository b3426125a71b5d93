"""An act on a visit by command: whose hand it is, what came of it, and what else is free where it was refused."""

import argparse
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from glede.config.terminal import Terminal

if TYPE_CHECKING:
    from glede.diary.models import Appointment
    from glede.practices.models import Practice

Given = dict[str, Any]


def take_hand(parser: argparse.ArgumentParser) -> None:
    """Take whose hand it is: nothing happens to a visit in nobody's name."""
    parser.add_argument("--by", metavar="COLLEAGUE", required=True, help="the colleague who does it, by name")


def act(args: argparse.Namespace, terminal: Terminal, operate: "Callable[[Practice, Given], Appointment]") -> int:
    """Let ``operate`` act with practice, hand and time given, and tell what became of the visit."""
    from glede.config.choosing import chosen_hand, chosen_practice
    from glede.diary import errors
    from glede.practices.queries import practice_now

    practice = chosen_practice(args.practice)
    given: Given = {"practice_id": practice.pk, "by": chosen_hand(practice.pk, args.by), "now": practice_now(practice)}
    try:
        visit = operate(practice, given)
    except errors.Refused as refusal:
        return _refused(refusal, practice.pk, terminal)
    told = _told(practice.pk, visit.pk)
    terminal.answer(
        told, f"{told['code']}: {told['state']}, {told['day']} {told['at'] or ''} {told['practitioner']}".rstrip()
    )
    return 0


def day_and_time(at: datetime, zone: str) -> Given:
    """Return the day and the hour on the practice's wall; a moment without a zone is on it already."""
    local = at.astimezone(_zone(zone)) if at.tzinfo else at
    return {"day": local.date(), "wall_time": local.time()}


def _zone(zone: str) -> Any:
    from glede.kernel.clock import zone_info

    return zone_info(zone)


def _refused(refusal: Exception, practice_id: UUID, terminal: Terminal) -> int:
    from glede.config.commands.diary._finding import names
    from glede.diary import names as words

    code, called = getattr(refusal, "code", ""), names(practice_id)
    others = [
        {"day": o.day, "at": o.wall_time.isoformat("minutes"), "practitioner": called.get(o.practitioner_id, "")}
        for o in getattr(refusal, "alternatives", ())
    ]
    line = words.named(words.REFUSALS, code)
    free = ", ".join(f"{o['day']} {o['at']} {o['practitioner']}".rstrip() for o in others)
    terminal.say(f"glede: {line}" + (f" Free: {free}." if free else ""))
    if terminal.is_json:
        terminal.answer({"error": line, "refusal": code, "alternatives": others}, "")
    return 1


def _told(practice_id: UUID, visit_id: UUID) -> dict[str, Any]:
    from glede.diary.queries import appointment_for

    visit = appointment_for(practice_id, visit_id)
    return {
        "code": visit.link_code, "state": str(visit.state), "day": visit.day,
        "at": visit.wall_time.isoformat("minutes") if visit.wall_time else None, "minutes": visit.minutes,
        "practitioner": visit.practitioner_name, "service": visit.service_code,
    }  # fmt: skip
