"""Small truths about processes: who lives, and that a child does not outlive its parent."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from glede.kernel import clock

_PR_SET_PDEATHSIG = 1


def is_alive(pid: int) -> bool:
    """Return True where process ``pid`` lives; one that died and waits to be collected does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    with contextlib.suppress(OSError):
        return (
            Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[0] != "Z"
        )
    return True


def parent_and_command(pid: int) -> tuple[int, str]:
    """Return the parent's number and the command line of process ``pid``; (0, "") for one that cannot be asked."""
    there = Path(f"/proc/{pid}")
    try:
        parent = int((there / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[1])
        return parent, (there / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return (0, "") if Path("/proc/self/stat").exists() else _asked_of_ps(pid)


def _asked_of_ps(pid: int) -> tuple[int, str]:
    # Systems without /proc bring ps with them; small Linux systems have /proc and no ps.
    said = subprocess.run(["ps", "-o", "ppid=,command=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S603, S607
    parent, _, command = said.stdout.strip().partition(" ")
    return int(parent or 0), command


def dies_with_parent(sign: signal.Signals, *, parent: int | None = None) -> Callable[[], None] | None:
    """Return what a child runs before its program, so that Linux sends it ``sign`` when we die.

    ``parent`` is named where the child itself asks. None on other systems, where ``watch_parent``
    in our own children does it.
    """
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = parent or os.getpid()

    def before_exec() -> None:
        prctl(_PR_SET_PDEATHSIG, int(sign), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return before_exec


def watch_parent(parent: int, seconds: float = 1.0) -> None:
    """End this process soon after ``parent`` died, on any system. For our own Python children."""

    def watch() -> None:
        while os.getppid() == parent:
            clock.wait(seconds)
        os.kill(os.getpid(), signal.SIGTERM)
        clock.wait(10)
        os._exit(1)

    threading.Thread(target=watch, name="parent watch", daemon=True).start()
