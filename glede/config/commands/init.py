"""``glede init``: start a practice from the command line."""

import argparse
import secrets
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfoNotFoundError

from glede.config.terminal import Refused, Terminal, WrongUsage
from glede.config.typed import moment, typed_moment
from glede.kernel import actor, clock
from glede.kernel.contact import email_key

HELP = "start a practice: its name, country, language, zone and owner"


def register(parser: argparse.ArgumentParser) -> None:
    """Take what a practice begins with. ``--practice`` is its name here."""
    parser.add_argument("--country", required=True, metavar="NO", help="two letters")
    parser.add_argument("--language", default="en", help="en or nb")
    parser.add_argument("--timezone", required=True, metavar="Europe/Oslo", help="name of the zone")
    parser.add_argument("--owner", metavar="EMAIL", help="who may do everything")
    parser.add_argument(
        "--virtual", action="store_true", help="a practice whose clock moves by hand; it never goes live"
    )
    parser.add_argument(
        "--at", metavar="ISO8601", type=typed_moment, help="what a virtual clock shows at first, like 2026-05-02T08:00"
    )


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Start it in rehearsal and, where an owner is named, let them in."""
    from glede.config.prepare import migrate
    from glede.practices.operations import NewPractice, UnknownPlace, start_practice

    if not args.practice:
        raise WrongUsage("Say what the practice is called: --practice 'Synsam Majorstua'")
    if args.at and not args.virtual:
        raise WrongUsage("--at says what a virtual clock shows at first: add --virtual.")
    if args.owner and email_key(args.owner) is None:
        raise WrongUsage(f"{args.owner!r} is no e-mail address. Write one like --owner eier@example.no.")
    migrate()
    now = clock.now()
    try:
        new = NewPractice(
            name=args.practice,
            country=args.country,
            language=args.language,
            zone=args.timezone,
            virtual_now=_beginning(args, now) if args.virtual else None,
        )
        practice = start_practice(new, by=actor.SYSTEM, now=now)
    except (UnknownPlace, ValueError) as error:
        raise Refused(str(error)) from error
    facts = {"practice": practice.slug, "id": str(practice.pk), "mode": practice.mode, "clock": practice.clock}
    words = f"{practice.name} stands, in rehearsal: nothing leaves the house. Commands know it as {practice.slug}."
    if args.owner:
        facts["owner"], facts["password"] = args.owner, _let_in(practice.pk, args.owner, now)
        words += f"\n{args.owner} signs in with this password, shown once: {facts['password']}"
    terminal.answer(facts, words)
    return 0


def _beginning(args: argparse.Namespace, now: datetime) -> datetime:
    if not args.at:
        return now
    try:
        return moment(args.at, args.timezone)
    except ZoneInfoNotFoundError:
        return now  # who starts the practice says which zones there are


def _let_in(practice_id: UUID, email: str, now: datetime) -> str:
    from glede.staff.models import Role
    from glede.staff.operations import NewColleague, add_colleague

    password = "-".join(secrets.token_hex(3) for _ in range(3))
    new = NewColleague(email=email, display_name=email.partition("@")[0], role=Role.OWNER, password=password)
    add_colleague(practice_id=practice_id, new=new, by=actor.SYSTEM, now=now)
    return password
