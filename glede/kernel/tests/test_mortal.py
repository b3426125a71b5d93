"""A process that slept past its moment is ended before it does another thing; without the guard it runs on."""

import os
import signal
import subprocess
import sys

import pytest

from glede.kernel import clock

PROGRAM = """
import os, signal
from glede.kernel.mortal import mortal
with mortal(0.1):
    os.kill(os.getpid(), signal.SIGSTOP)
    os.write(1, b"ran on")
"""


@pytest.mark.parametrize("guards_off", ["", "mortal"])
def test_who_sleeps_past_its_moment_does_nothing_more(guards_off: str) -> None:
    environment = {**os.environ, "GLEDE_TESTING": "1", "GLEDE_GUARDS_OFF": guards_off}
    child = subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, env=environment)
    os.waitid(os.P_PID, child.pid, os.WSTOPPED | os.WEXITED)
    clock.wait(0.2)
    child.send_signal(signal.SIGCONT)
    said, _ = child.communicate(timeout=20)
    assert (child.returncode, said) == ((0, b"ran on") if guards_off else (-signal.SIGALRM, b""))
