"""The database of a bench behind the web server of the field: the same processes, threads and settings."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

from django.db import connections

from glede.config.databases import APPLICATION
from glede.config.listening import answers, free_socket
from glede.config.terminal import Refused, Terminal
from glede.kernel import clock

_PATIENCE = 60.0


@contextlib.contextmanager
def served() -> Iterator[int]:
    """Serve the database the connection leads to on a free port of loopback; yield the port. Raises ``Refused``."""
    listening = free_socket("127.0.0.1", 0, Terminal(is_json=True))
    port, number = listening.getsockname()[1], listening.fileno()
    environ = {**os.environ, "DATABASE_URL": address_of(connections[APPLICATION].settings_dict["NAME"])}
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "python:glede.config.gunicorn"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=sys.stderr.fileno(), pass_fds=(number,),
        env={**environ, "GLEDE_SOCKET": str(number)}, cwd=Path.cwd(),
    )  # fmt: skip
    try:
        deadline = clock.monotonic() + _PATIENCE
        while not answers("127.0.0.1", port):
            if process.poll() is not None or clock.monotonic() > deadline:
                raise Refused("The web server of the bench does not answer; what it said stands above.")
            clock.wait(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(30)
        listening.close()


def address_of(name: str) -> str:
    """Return the address of database ``name`` on the server the application's connection leads to."""
    known = connections[APPLICATION].settings_dict
    where = {key.lower(): known[key] for key in ("HOST", "PORT") if known[key]}
    return f"postgresql://{quote(known['USER'])}:{quote(known['PASSWORD'])}@/{name}?{urlencode(where)}"
