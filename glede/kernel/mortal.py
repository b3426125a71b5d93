"""A process that must not run on past a moment: the system ends it, even where it was stopped until then.

A check in the code comes too early: a process can be stopped between the check and what it checks for. The alarm's
default is to end the process, and the system delivers it before a single further step of the program.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from glede.kernel.failpoints import guard


@contextmanager
def mortal(seconds: float) -> Iterator[None]:
    """Let this process end where the block lasts longer than so many real seconds.

    Does nothing where somebody else hears the alarm, as a runner of tests may. One block at a time in a process.
    """
    if seconds <= 0 or signal.getsignal(signal.SIGALRM) != signal.SIG_DFL or not guard("mortal"):
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
