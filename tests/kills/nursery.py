"""Forks real workers from one loaded program, so that a kill costs little.

Reads lines on standard input, "start FAILPOINTS" or "start FAILPOINTS;GUARDS TO REMOVE" each, and answers with the
worker's process number. A worker is `glede worker` itself; the words of the tests' own subject are known to it.
"""

import contextlib
import os
import signal
import sys
from argparse import Namespace


def main() -> None:
    """Load everything, then wait for orders."""
    import django

    django.setup()
    from glede.channels.http.adapter import HttpTransport
    from glede.channels.mailapi.adapter import ApiTransport
    from glede.config.commands import worker
    from glede.config.terminal import Terminal
    from glede.kernel import failpoints
    from glede.outbox import limits, rules
    from glede.outbox.tests import scenes  # noqa: F401 - registers the words of the tests' subject
    from tests.kills import classes

    classes.register()
    for transport in (HttpTransport, ApiTransport):
        transport.deadline_seconds = 1.0  # a lease of two seconds must hold a whole call
    rules.RESTS = tuple(rest / 1200 for rest in rules.RESTS)  # a minute is a twentieth of a second

    limits.BATCH = 10  # small batches, so that even few messages are sent while others are claimed and settled
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    _say("ready")
    for line in sys.stdin:
        points, _, guards_off = line.strip().removeprefix("start").strip().partition(";")
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            sys.stdin.close()
            failpoints.arm(points)
            if guards_off:
                failpoints.remove_guards(*guards_off.split(","))
            with contextlib.suppress(KeyboardInterrupt):
                worker.run(Namespace(once=False), Terminal(is_json=False))
            os._exit(0)
        _say(str(pid))


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
