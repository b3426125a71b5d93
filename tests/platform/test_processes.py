"""Who lives, and that nobody outlives whom they serve."""

import os
import subprocess
import sys

import pytest

from glede.config.processes import is_alive, parent_and_command
from tests.house import until

# A parent that starts a child, tells its number, and dies without a word to it.
PARENT = """
import os, subprocess, sys
{preparation}
os.environ["PARENT"] = str(os.getpid())
child = subprocess.Popen([sys.executable, "-c", {child!r}], preexec_fn={preexec}, stdout=subprocess.DEVNULL)
print(child.pid, flush=True)
sys.stdin.read()
"""
WATCHES = (
    "from glede.config.processes import watch_parent; watch_parent(0.05); import threading; threading.Event().wait()"
)
WAITS = "import threading; threading.Event().wait()"


def orphan(*, preparation: str = "", preexec: str = "None", child: str) -> int:
    """Have a child whose parent is killed, and return the child's number."""
    code = PARENT.format(preparation=preparation, preexec=preexec, child=child)
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        parent.kill()
    return pid


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a child that its parent died")
def test_the_system_ends_a_child_with_its_parent() -> None:
    preparation = "import signal; from glede.config.processes import dies_with_parent"
    pid = orphan(preparation=preparation, preexec="dies_with_parent(signal.SIGKILL)", child=WAITS)
    until(lambda: not is_alive(pid), 10)


def test_a_child_that_watches_ends_with_its_parent() -> None:
    pid = orphan(child=WATCHES)
    until(lambda: not is_alive(pid), 20)


def test_one_that_died_and_was_not_collected_is_not_alive() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    until(lambda: not is_alive(child.pid), 10)
    child.wait()


def test_parent_and_command_are_told_without_other_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform.startswith("linux"):
        monkeypatch.setenv("PATH", "")  # as where there is no ps
    child = subprocess.Popen([sys.executable, "-c", WAITS, "who)  is this"])
    try:
        until(lambda: "who)  is this" in parent_and_command(child.pid)[1], 10)
        assert parent_and_command(child.pid)[0] == os.getpid()
    finally:
        child.kill()
        child.wait()
    assert parent_and_command(child.pid) == (0, "")
