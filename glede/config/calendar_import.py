"""``glede import calendar``: the busy times of a calendar that a clinician keeps elsewhere."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from glede.config.terminal import Refused, Terminal

if TYPE_CHECKING:
    from glede.calendars.values import Told

HELP = "the busy times of a calendar that a clinician keeps elsewhere (iCalendar, .ics)"
_SHOWN = 12


def register(parser: argparse.ArgumentParser) -> None:
    """Take the file, whose it is, and what it is called."""
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--clinician", metavar="NAME", required=True, help="whose calendar it is, by name or id")
    parser.add_argument("--name", help="what the calendar is called; another file of that name takes its place")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Keep the file, hold its busy times, and say what became of each event; 1 where it was refused."""
    from glede.calendars.operations import take_file
    from glede.config.choosing import chosen_practice
    from glede.kernel.actor import IMPORT
    from glede.practices.queries import practice_now

    practice = chosen_practice(args.practice)
    try:
        content = args.file.read_bytes()
    except OSError as error:
        raise Refused(f"{args.file} cannot be read: {error.strerror}.") from error
    given: dict[str, Any] = {"practice_id": practice.pk, "by": IMPORT, "now": practice_now(practice)}
    key = _calendar(args, _clinician(practice.pk, args.clinician), given)
    told = take_file(calendar_id=key, name=args.file.name, content=content, **given)
    terminal.answer(_facts(told), _words(told))
    return 1 if told.reason else 0


def _clinician(practice_id: UUID, said: str) -> UUID:
    from glede.staff.queries import practitioners

    every = practitioners(practice_id)
    plain = said.strip().casefold()
    found = [one for one in every if plain in {str(one.id), one.display_name.casefold(), one.given_name.casefold()}]
    if len(found) != 1:
        names = ", ".join(one.display_name for one in every) or "nobody yet"
        raise Refused(f"{said!r} is {'nobody' if not found else 'more than one'} who sees patients here: {names}.")
    return found[0].id


def _calendar(args: argparse.Namespace, practitioner_id: UUID, given: dict[str, Any]) -> UUID:
    """Return the calendar of that name, added where there is none."""
    from glede.calendars.operations import add_calendar
    from glede.calendars.queries import calendars
    from glede.calendars.values import NewCalendar

    name = (args.name or args.file.stem).strip()[:100] or "calendar"
    for one in calendars(given["practice_id"], now=given["now"]):
        if (one.practitioner_id, one.name, one.is_fetched) == (practitioner_id, name, False):
            return one.id
    return add_calendar(new=NewCalendar(practitioner_id, name), **given)


def _facts(told: "Told") -> dict[str, Any]:
    return {
        "calendar": str(told.calendar_id), "refused_file": told.reason or None, **told.counts, "held": told.held,
        "clashes": told.clashes, "vanished": told.vanished, "known": told.is_known, "findings": told.findings,
    }  # fmt: skip


def _words(told: "Told") -> str:
    if told.reason:
        return f"Nothing was taken from it: {told.reason}. The file is kept with that reason."
    n = told.counts
    lines = [
        f"{n['events']} events: {n['busy']} busy, {n['free']} free, {n['outside']} past or far ahead,"
        f" {n['refused']} not read. {n['times']} busy times, held as {told.held}."
    ]
    if told.clashes:
        lines.append(f"{told.clashes} visits lie in one: they stay, and stand on Today.")
    if told.vanished:
        lines.append(f"{told.vanished} times vanished since the file before: they stay held until somebody says.")
    for one in told.findings[:_SHOWN]:
        said = f"{one['code']} {one['word']}".strip()
        lines.append(f"  line {one['line']}: {said}" if one["line"] else f"  {said}")
    if len(told.findings) > _SHOWN:
        lines.append(f"  … and {len(told.findings) - _SHOWN} more (--json lists all)")
    return "\n".join(lines)
