"""``glede db url`` and ``glede db migrate``: the database by hand."""

import argparse

from glede.config import embedded
from glede.config.postgres import OWNER, SUPERUSER
from glede.config.terminal import Refused, Terminal

HELP = "the database: its address, its migrations"


def register(parser: argparse.ArgumentParser) -> None:
    """Take ``url`` or ``migrate``."""
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True)
    url = acts.add_parser("url", help="print the address for psql, password included")
    role = url.add_mutually_exclusive_group()
    role.add_argument("--superuser", action="store_true", help="as the role that may do anything")
    role.add_argument("--owner", action="store_true", help="as the role that migrates")
    acts.add_parser("migrate", help="bring the tables up to date")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Print an address, or migrate."""
    if args.act == "migrate":
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
        terminal.answer({"migrated": True}, "The tables are up to date.")
        return 0
    url = _address(is_superuser=args.superuser, is_owner=args.owner)
    terminal.answer({"url": url}, url)
    return 0


def _address(*, is_superuser: bool, is_owner: bool) -> str:
    from django.conf import settings

    cluster = embedded.home_cluster()
    ours = str(cluster.socket) == settings.DATABASES["default"]["HOST"]
    if is_superuser:
        if not ours:
            raise Refused("DATABASE_URL names a server that is not ours; only its keeper has a superuser.")
        return cluster.url(SUPERUSER)
    if ours:
        return cluster.url(OWNER) if is_owner else cluster.url()
    return str(settings.DATABASE_OWNER_URL if is_owner else settings.DATABASE_URL)
