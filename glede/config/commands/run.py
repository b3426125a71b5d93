"""``glede run``: everything, in one window."""

import argparse

from glede.config import environment
from glede.config.supervisor import Supervisor
from glede.config.terminal import Refused, Terminal
from glede.config.typed import typed_number

HELP = "start Glede: database, web server and worker, under one supervisor"
NEEDS_DJANGO = False
_PORTS = 65536


def register(parser: argparse.ArgumentParser) -> None:
    """Take the port."""
    parser.add_argument(
        "--port", type=typed_number(0, _PORTS - 1), metavar="N",
        help="where to listen (GLEDE_PORT, else 8000; 0 takes any)",
    )  # fmt: skip


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Supervise until Ctrl-C."""
    port = environment.number("GLEDE_PORT", 8000) if args.port is None else args.port
    if port not in range(_PORTS):
        raise Refused(f"{port} is no port. Give one from 1 to {_PORTS - 1}, or 0 for any.")
    return Supervisor(terminal, port).run()
