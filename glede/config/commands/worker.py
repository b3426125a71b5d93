"""``glede worker``: does what was enqueued. As many as wanted, on as many machines."""

import argparse
import os
import sys

from glede.config import environment
from glede.config.databases import let_go_after
from glede.config.processes import watch_parent
from glede.config.terminal import Refused, Terminal

HELP = "do the work that was enqueued: plan, send, sweep (glede run starts one)"
_HEARTBEAT = 5.0  # seconds; a worker silent for three of them is taken for dead


def register(parser: argparse.ArgumentParser) -> None:
    """Take what to do and how long."""
    parser.add_argument("--once", action="store_true", help="stop when nothing is left to do")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Work until asked to stop; what is under way is finished first."""
    from glede.outbox import limits

    if problems := limits.refusals():
        raise Refused(" ".join(problems))
    let_go_after(limits.lease().total_seconds())
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    supervisor = os.environ.get("GLEDE_SUPERVISED")
    if supervisor and not sys.platform.startswith("linux"):
        watch_parent(int(supervisor))
    connector = app.connector
    assert isinstance(connector, DjangoConnector)  # noqa: S101 - a fact for the type checker
    with app.replace_connector(connector.get_worker_connector()) as working:
        working.run_worker(
            wait=not args.once,
            concurrency=environment.number("GLEDE_WORKER_JOBS", 2),
            shutdown_graceful_timeout=10,
            update_heartbeat_interval=_HEARTBEAT,
            stalled_worker_timeout=3 * _HEARTBEAT,
            delete_jobs="successful",
        )
    return 0
