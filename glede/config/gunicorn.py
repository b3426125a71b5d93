"""How the web server runs under the supervisor: on a socket the supervisor holds open.

The socket outlives a web server that dies: who clicks meanwhile waits a moment, and nobody is refused.
"""

import gc
import os
import signal
import ssl
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from glede.config import lan
from glede.config.processes import dies_with_parent, watch_parent

bind = [f"fd://{os.environ['GLEDE_SOCKET']}"] if os.environ.get("GLEDE_SOCKET") else []
wsgi_app = "glede.config.wsgi:application"
workers = int(os.environ.get("GLEDE_WEB_WORKERS") or 2)
threads = int(os.environ.get("GLEDE_WEB_THREADS") or 4)
worker_class = "gthread"
preload_app = True
timeout = 60
graceful_timeout = 10
keepalive = 5
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a heartbeat file, not data
loglevel = "warning"
proc_name = "glede web"
forwarded_allow_ips = os.environ.get("GLEDE_PROXY", "")
if os.environ.get(lan.NAMES):
    certfile, keyfile = str(lan.folder() / "server.crt"), str(lan.folder() / "server.key")


def ssl_context(config: Any, usual: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """Speak TLSv1.2 or newer. One context for all, so that a browser that comes again need not begin anew."""
    return _context(usual, config.certfile)


@cache
def _context(usual: Callable[[], ssl.SSLContext], certificate: str) -> ssl.SSLContext:
    del certificate  # what is kept belongs to it
    context = usual()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def on_starting(server: Any) -> None:
    """Follow the supervisor where the system does not do it for us."""
    supervisor = os.environ.get("GLEDE_SUPERVISED")
    if supervisor and not sys.platform.startswith("linux"):
        watch_parent(int(supervisor))


def when_ready(server: Any) -> None:
    """Set aside what is loaded, so that no worker looks through it again while a page waits, nor copies it."""
    gc.collect()
    gc.freeze()


def post_fork(server: Any, worker: Any) -> None:
    """Let each worker die with its master, at once."""
    follow = dies_with_parent(signal.SIGKILL, parent=os.getppid())
    if follow:
        follow()
