"""The environment of every test run, set before Django reads its settings.

A run never touches the data of a Glede that lives on this machine: its folder is a new one, and
no address of a real database is inherited.
"""

import atexit
import gc
import os
import shutil
import tempfile
from pathlib import Path

_INHERITED_BY_WORKERS = "GLEDE_TEST_RUN"
_MEMORY = Path("/dev/shm")
_ROOM = 8 * 1024**3
"""Bytes free in memory from which on a run lives there: it takes a third of it, with the database of 50,000 people."""


def _live_in_memory() -> None:
    """Let what the run writes lie in memory where there is room: every server of a test waits for its disk."""
    if "TMPDIR" not in os.environ and _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _ROOM <= _available():
        tempfile.tempdir = str(_MEMORY)


def _available() -> int:
    """Return how many bytes of memory are free for us, 0 where the machine does not say."""
    with open("/proc/meminfo", encoding="ascii") as file:
        found = [line.split()[1] for line in file if line.startswith("MemAvailable:")]
    return int(found[0]) * 1024 if found else 0


def _prepare() -> None:
    if os.environ.get(_INHERITED_BY_WORKERS):
        return
    _live_in_memory()
    folder = tempfile.tempdir = tempfile.mkdtemp(prefix="glede-test-")
    owner = os.getpid()
    for name in [n for n in os.environ if n.startswith(("GLEDE_", "DATABASE_")) and not n.startswith("GLEDE_TEST_")]:
        del os.environ[name]
    os.environ |= {
        _INHERITED_BY_WORKERS: folder,
        "TMPDIR": folder,
        "GLEDE_HOME": f"{folder}/home",
        "GLEDE_TESTING": "1",
        "GLEDE_BACKUP": "no",
        "GLEDE_SMS_URL": "http://127.0.0.1:9",  # nobody is there
    }

    os.makedirs(f"{folder}/home/static", exist_ok=True)  # WhiteNoise warns where it is missing

    def clear() -> None:
        # Hypothesis and some servers fork: only the process that made the folder takes it away.
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(clear)


def pytest_collection_finish() -> None:
    """Set aside what lives as long as the run: to look it through for rubbish was a fifth of all work."""
    gc.freeze()
    gc.enable()


gc.disable()
_prepare()
