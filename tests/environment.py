"""The environment of every test run, set before Django reads its settings.

A run never touches the data of a Glede that lives on this machine: its folder is a new one, and
no address of a real database is inherited.
"""

import atexit
import gc
import os
import shutil
import tempfile

_INHERITED_BY_WORKERS = "GLEDE_TEST_RUN"


def _prepare() -> None:
    if os.environ.get(_INHERITED_BY_WORKERS):
        return
    folder = tempfile.mkdtemp(prefix="glede-test-")
    owner = os.getpid()
    for name in [n for n in os.environ if n.startswith(("GLEDE_", "DATABASE_")) and not n.startswith("GLEDE_TEST_")]:
        del os.environ[name]
    os.environ |= {
        _INHERITED_BY_WORKERS: folder,
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
