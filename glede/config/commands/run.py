"""``glede run``: everything, in one window."""

import argparse

from glede.config import environment
from glede.config.lan.names import NoName
from glede.config.lan.serving import Network
from glede.config.supervisor import Supervisor
from glede.config.terminal import Refused, Terminal, WrongUsage
from glede.config.typed import typed_number

HELP = "start Glede: database, web server and worker, under one supervisor"
NEEDS_DJANGO = False
_PORTS = 65536


def register(parser: argparse.ArgumentParser) -> None:
    """Take the port, and whether other desks may come in."""
    parser.add_argument(
        "--port", type=typed_number(0, _PORTS - 1), metavar="N",
        help="where to listen (GLEDE_PORT, else 8000; 0 takes any)",
    )  # fmt: skip
    parser.add_argument("--lan", action="store_true", help="open it to the practice's network, over TLS")
    parser.add_argument(
        "--name", action="append", default=[], metavar="HOST",
        help="with --lan: what other desks call this machine, a name or an address (several: --name A --name B)",
    )  # fmt: skip


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Supervise until Ctrl-C."""
    port = environment.number("GLEDE_PORT", 8000) if args.port is None else args.port
    if port not in range(_PORTS):
        raise Refused(f"{port} is no port. Give one from 1 to {_PORTS - 1}, or 0 for any.")
    return Supervisor(terminal, port, _network(args)).run()


def _network(args: argparse.Namespace) -> Network | None:
    if not args.lan:
        if args.name:
            raise WrongUsage("--name goes with --lan: without it nobody but this machine asks.")
        return None
    try:
        return Network(tuple(args.name))
    except NoName as error:
        raise WrongUsage(f"{error} is no name of a machine. Give one like reception.local, or an address.") from error
