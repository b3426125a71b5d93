"""A whole Glede for tests: `glede run` in a folder of its own, whose processes can be killed."""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg

from glede.config.postgres import APPLICATION, Cluster
from glede.config.processes import is_alive
from glede.kernel import clock
from tests.depth import DEPTH

PATIENCE_SECONDS = 120 * DEPTH
"""A command that takes longer hangs. At depth 10 lists are long, and others may be at work on the machine."""


class House:
    """`glede run` in ``home``, from start to stop."""

    def __init__(
        self, home: Path, *, port: int = 0, settings: dict[str, str] | None = None, asked: tuple[str, ...] = ()
    ) -> None:
        self.home, self.port, self.asked = home, port, asked
        self.settings = settings or {}
        self.words = home / "words.txt"
        self.process: subprocess.Popen[bytes] | None = None
        self.greeting: dict[str, Any] = {}

    @property
    def cluster(self) -> Cluster:
        """The embedded server of this house."""
        return Cluster(self.home / "postgres")

    def environment(self) -> dict[str, str]:
        """Return what its processes, and commands beside it, are given."""
        return {**os.environ, "GLEDE_HOME": str(self.home), **self.settings}

    def furnish(self) -> None:
        """Put a made and migrated database into a new home, instead of waiting for one."""
        if not (self.home / "postgres").exists():
            shutil.copytree(_built_once(), self.home, dirs_exist_ok=True, ignore=shutil.ignore_patterns("socket"))

    def start(self, seconds: float = 60) -> float:
        """Start it, wait until the address is printed, and return how many seconds that took."""
        self.furnish()
        began = clock.monotonic()
        answer = self.home / "answer.txt"
        with answer.open("wb") as out, self.words.open("ab") as err:
            command = [sys.executable, "-m", "glede.config.cli", "run", "--json", "--port", str(self.port), *self.asked]
            self.process = subprocess.Popen(command, stdout=out, stderr=err, env=self.environment())
        running = self.process
        until(lambda: answer.stat().st_size > 0 or running.poll() is not None, seconds)
        if running.poll() is not None:
            raise AssertionError(f"glede run ended with {running.returncode}: {self.said()[-2000:]}")
        took = clock.monotonic() - began
        self.greeting = json.loads(answer.read_text())
        return took

    def stop(self) -> int:
        """Press Ctrl-C and return the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(40)

    def state(self) -> dict[str, Any]:
        """Return what the supervisor notes about its children."""
        found: dict[str, Any] = json.loads((self.home / "run.json").read_text())
        return found

    def pid(self, name: str) -> int:
        """Return the process id of the child ``name``, or of the supervisor itself."""
        state = self.state()
        return int(state["pid"] if name == "supervisor" else state["children"].get(name, 0))

    def kill(self, name: str) -> int:
        """Kill one process with SIGKILL and return the id it had."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        if name == "supervisor" and self.process is not None:
            self.process.wait(10)
        return pid

    def processes(self) -> list[int]:
        """Return every process of the house but the supervisor: children, and theirs."""
        told = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        parents = {int(pid): int(parent) for pid, parent in map(str.split, told.splitlines())}
        found = [self.pid("supervisor")]
        for parent in found:
            found += sorted(pid for pid, of in parents.items() if of == parent)
        return found[1:]

    def works(self, seconds: float = 60) -> None:
        """Wait until the worker does a job that is enqueued now."""
        job: list[Any] = []

        def is_enqueued() -> bool:
            with self.database() as connection:
                row = connection.execute(
                    "insert into procrastinate_jobs (queue_name, task_name, args)"
                    " values ('config', 'config.sweep_stalled', '{\"timestamp\": 0}') returning id"
                ).fetchone()
            job.append(row)
            return True

        def is_done() -> bool:
            with self.database() as connection:
                query = "select 1 from procrastinate_jobs where id = %s and status in ('todo', 'doing')"
                return connection.execute(query, job[-1]).fetchone() is None

        until(is_enqueued, seconds)
        until(is_done, seconds)

    def healed(self, name: str, killed: int, seconds: float = 30) -> None:
        """Wait until another process stands for the killed one and a page is answered."""
        until(lambda: self.pid(name) not in {0, killed} and is_alive(self.pid(name)), seconds)
        until(lambda: self.answers() is not None, seconds)

    def answers(self) -> str | None:
        """Return the first page, whatever its status below 500, or None."""
        try:
            with urllib.request.urlopen(self.greeting["address"], timeout=5, context=self.trust()) as response:
                return str(response.read().decode())
        except urllib.error.HTTPError as error:
            return str(error.code) if error.code < 500 else None
        except OSError:
            return None

    def trust(self) -> ssl.SSLContext | None:
        """Return what a desk that trusts this house's authority knows; None where there is none."""
        authority = self.home / "lan" / "ca.crt"
        return ssl.create_default_context(cafile=str(authority)) if authority.exists() else None

    def said(self) -> str:
        """Return everything it said on standard error."""
        return self.words.read_text(encoding="utf-8", errors="replace")

    @contextlib.contextmanager
    def database(self, role: str = APPLICATION) -> "Iterator[psycopg.Connection[Any]]":
        """Connect to the house's database."""
        with psycopg.connect(self.cluster.url(role), autocommit=True) as connection:
            yield connection

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run another `glede` command beside it."""
        command = [sys.executable, "-m", "glede.config.cli", *words]
        given: dict[str, Any] = {"env": self.environment(), "timeout": PATIENCE_SECONDS}
        return subprocess.run(command, capture_output=True, text=True, check=False, **given)


def _built_once() -> Path:
    """Return a home whose database is made and migrated, built by the first who asks in this run."""
    folder = Path(os.environ["GLEDE_TEST_RUN"]) / "house"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            building = folder.with_suffix(".building")
            shutil.rmtree(building, ignore_errors=True)
            building.mkdir()
            done = House(building).command("db", "migrate")
            assert done.returncode == 0, done.stderr
            building.rename(folder)
    return folder


@contextlib.contextmanager
def running(home: Path, **settings: str) -> Iterator[House]:
    """Have a house for a while; whatever happens, none of its processes stays."""
    house = House(home, settings=settings)
    try:
        house.start()
        yield house
    finally:
        if house.process is not None and house.process.poll() is None:
            house.stop()


def until(holds: Callable[[], bool], seconds: float) -> None:
    """Wait until ``holds``; fail after ``seconds``."""
    deadline = clock.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError, ValueError, KeyError, psycopg.OperationalError):
            if holds():
                return
        if clock.monotonic() > deadline:
            raise AssertionError(f"it did not come true in {seconds} s")
        clock.wait(0.05)
