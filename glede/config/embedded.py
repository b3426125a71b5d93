"""Who keeps the embedded server: the supervisor, or the first command that finds none running.

Two locks in the server's folder. ``keeper`` belongs to the process whose child the server is;
``users`` is shared by every command that works with it, so that the keeper waits for them.
"""

import contextlib
import fcntl
import os
import subprocess
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from urllib.parse import quote

from glede.config import environment, postgres, server
from glede.config.postgres import APPLICATION, OWNER, Cluster, ServerImpossible
from glede.kernel import clock


def is_used() -> bool:
    """Return True where Glede keeps its own server, because no ``DATABASE_URL`` names another."""
    return not os.environ.get("DATABASE_URL")


def home_cluster() -> Cluster:
    """Return the server that lives in ``GLEDE_HOME``."""
    return Cluster(environment.home() / "postgres")


def keeps(url: str) -> bool:
    """Return True where ``url`` leads to the server in ``GLEDE_HOME``."""
    return bool(url) and quote(str(home_cluster().socket)) in url


def set_addresses(cluster: Cluster) -> None:
    """Let this process and its children find ``cluster``."""
    os.environ["DATABASE_URL"] = cluster.url(APPLICATION)
    os.environ["DATABASE_OWNER_URL"] = cluster.url(OWNER)


@contextlib.contextmanager
def session(*, seconds: float = 60) -> Iterator[None]:
    """Have a database for a while: the one named, the one running, or one started for the time of the command."""
    if not is_used():
        yield
        return
    cluster = home_cluster()
    with _locks(cluster) as (keeper, users):
        child = _join(cluster, keeper, users, seconds)
        set_addresses(cluster)
        try:
            yield
        finally:
            del os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"]
            if child is not None:
                fcntl.flock(users, fcntl.LOCK_EX)
                postgres.stop(child)


@contextlib.contextmanager
def keeping(*, seconds: float = 60) -> "Iterator[tuple[Cluster, subprocess.Popen[bytes]]]":
    """Be the keeper, as the supervisor is: start the server and hand it over, to be stopped by the caller.

    Raises ``ServerImpossible`` where another stays the keeper.
    """
    cluster = home_cluster()
    deadline = clock.monotonic() + seconds
    with _locks(cluster) as (keeper, users):
        while not _try(keeper, fcntl.LOCK_EX):
            if clock.monotonic() > deadline:
                raise ServerImpossible(
                    f"Another Glede keeps {cluster.folder}. Stop it, or set GLEDE_HOME to another folder."
                )
            clock.wait(0.1)
        child = _begin(cluster, users)
        fcntl.flock(users, fcntl.LOCK_UN)
        yield cluster, child


def _begin(cluster: Cluster, users: TextIOWrapper) -> "subprocess.Popen[bytes]":
    """Start the server and make what it must hold, while nobody else may use it."""
    fcntl.flock(users, fcntl.LOCK_EX)
    postgres.ensure_cluster(cluster)
    child = postgres.start(cluster)
    try:
        server.prepare(cluster)
    except BaseException:
        postgres.stop(child)
        raise
    return child


@contextlib.contextmanager
def _locks(cluster: Cluster) -> Iterator[tuple[TextIOWrapper, TextIOWrapper]]:
    cluster.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _open(cluster.folder / "keeper.lock") as keeper, _open(cluster.folder / "users.lock") as users:
        yield keeper, users


def _open(path: Path) -> TextIOWrapper:
    return path.open("a", encoding="ascii")


def _try(file: TextIOWrapper, how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _join(
    cluster: Cluster, keeper: TextIOWrapper, users: TextIOWrapper, seconds: float
) -> "subprocess.Popen[bytes] | None":
    """Return the server as our child where we became its keeper, None where another keeps it."""
    deadline = clock.monotonic() + seconds
    while True:
        if _try(keeper, fcntl.LOCK_EX):
            child = _begin(cluster, users)
            fcntl.flock(users, fcntl.LOCK_SH)
            return child
        if _try(users, fcntl.LOCK_SH) and cluster.is_ready():
            return None
        fcntl.flock(users, fcntl.LOCK_UN)
        if clock.monotonic() > deadline:
            raise ServerImpossible(
                "The running Glede has no database at the moment. Look at its window, then try again."
            )
        clock.wait(0.05)
