"""`glede run`: one process that starts the database, the web server and the worker, and keeps them.

What dies is started again, at once the first time, then with growing pauses. When the supervisor
itself dies, the system ends its children (``processes``); the next start clears what is left.
"""

import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from glede.config import embedded, environment, postgres
from glede.config.lan import TLS_PORT
from glede.config.lan.serving import Network
from glede.config.listening import answers, free_socket
from glede.config.processes import dies_with_parent, is_alive, parent_and_command
from glede.config.terminal import Refused, Terminal
from glede.kernel import clock
from glede.staff import first_code

_LOOK = 0.1  # seconds between two looks at the children
_STEADY = 10.0  # a child that lived this long died of something new
_LONGEST_PAUSE = 5.0
_HOPELESS = 3  # deaths in a row before the first page was answered
_HOME, _EVERYWHERE = "127.0.0.1", "0.0.0.0"  # noqa: S104 - asked for with --lan, and neighbours alone are answered


@dataclass
class Child:
    """One program under watch."""

    name: str
    start: Callable[[], "subprocess.Popen[bytes]"]
    stop_signal: signal.Signals
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    deaths: int = 0
    restarts: int = 0
    not_before: float = 0.0

    def begin(self) -> None:
        """Start the program."""
        self.process = self.start()
        self.started_at = clock.monotonic()

    def has_died(self) -> bool:
        """Return True once the program has ended, and decide when it may start again."""
        if self.process is None or self.process.poll() is None:
            return False
        lived = clock.monotonic() - self.started_at
        self.deaths = 1 if lived > _STEADY else self.deaths + 1
        pause = 0.0 if self.deaths == 1 else min(_LONGEST_PAUSE, 0.25 * 2**self.deaths)
        self.not_before = clock.monotonic() + pause
        return True

    def end(self, seconds: float = 15) -> None:
        """Ask the program to stop, then make it."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass
class Supervisor:
    """The house: its children in the order in which they start."""

    terminal: Terminal
    port: int
    network: Network | None = None
    children: list[Child] = field(default_factory=list)
    address: str = ""
    door: str = ""
    _stop_asked: int = 0

    def run(self) -> int:
        """Run until asked to stop. Raises ``Refused`` and ``ServerImpossible`` where it cannot start."""
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, self._ask_to_stop)
        with _only_one(), contextlib.ExitStack() as stack:
            _end_left_over()
            self._start_database(stack)
            try:
                self._start_house()
                self._watch()
            finally:
                self._end_all()
        return 0

    def _start_database(self, stack: contextlib.ExitStack) -> None:
        if not embedded.is_used():
            return
        cluster, process = stack.enter_context(embedded.keeping())
        embedded.set_addresses(cluster)
        self._add(Child("database", lambda: postgres.start(cluster), signal.SIGINT, process, clock.monotonic()))

    def _start_house(self) -> None:
        facts = _prepare(self._surroundings())
        if self._stop_asked:
            return
        if not facts["has_owner"]:
            self._stay_at_home()
        listening = self._listen()
        self._add(Child("web", lambda: _web(listening, self._surroundings()), signal.SIGTERM))
        if self.network:
            self._open_door()
        self._add(Child("worker", lambda: _worker(self._surroundings()), signal.SIGTERM))
        self._wait_for_web(listening.getsockname()[1])
        self._greet(has_owner=facts["has_owner"])

    def _surroundings(self) -> dict[str, str]:
        return self.network.environ() if self.network else {}

    def _add(self, child: Child) -> None:
        self.children.append(child)
        if child.process is None:
            child.begin()
        self._note()

    def _stay_at_home(self) -> None:
        """Listen on this machine alone: the first page must open to nobody else."""
        wished = "the network" if self.network else environment.text("GLEDE_BIND", _HOME)
        self.network = None
        if wished not in {_HOME, "::1", "localhost"}:
            self.terminal.say(f"Until a practice has an owner, Glede listens on this machine only, not on {wished}.")
            os.environ["GLEDE_BIND"] = _HOME

    def _listen(self) -> socket.socket:
        host = environment.text("GLEDE_BIND", _EVERYWHERE if self.network else _HOME)
        port = environment.number("GLEDE_TLS_PORT", TLS_PORT) if self.network else self.port
        listening = free_socket(host, port, self.terminal)
        taken = listening.getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        self.address = self.network.address(taken) if self.network else f"http://{shown}:{taken}/"
        return listening

    def _open_door(self) -> None:
        """Listen on the plain port too, for the page that tells how to trust this house."""
        listening = free_socket(environment.text("GLEDE_BIND", _EVERYWHERE), self.port, self.terminal)
        self.door = f"http://{self.address.split('/')[2].rpartition(':')[0]}:{listening.getsockname()[1]}/"
        self._write_door()
        self._add(Child("door", lambda: _door(listening), signal.SIGTERM))

    def _write_door(self) -> None:
        assert self.network  # noqa: S101 - a fact for the type checker
        told = {"address": self.address, "fingerprint": self.network.kept.fingerprint}
        _prepare(self._surroundings(), "--door", json.dumps(told))

    def _wait_for_web(self, port: int) -> None:
        """Wait until a page is answered, mending what dies meanwhile; then the address is worth printing."""
        bound = environment.text("GLEDE_BIND", _HOME)
        host = "127.0.0.1" if bound == _EVERYWHERE else bound
        authority = self.network.kept.authority if self.network else None
        while not self._stop_asked and not answers(host, port, authority):
            self._mend()
            for child in self.children:
                if child.deaths >= _HOPELESS:
                    raise Refused(f"{child.name} does not stay up; what it said stands above. Glede did not start.")
            clock.wait(_LOOK)

    def _greet(self, *, has_owner: bool) -> None:
        if self._stop_asked:
            return
        facts: dict[str, Any] = {"address": self.address}
        words = f"Glede is at {self.address}  (Ctrl-C stops it)"
        if self.network:
            port = int(self.address.rstrip("/").rpartition(":")[2])
            facts |= {"door": self.door, "fingerprint": self.network.kept.fingerprint}
            words = "\n".join([words, *(f"        or {one}" for one in self.network.others(port))])
            words += f"\nOn a new desk open {self.door} first. It shows this fingerprint, or is not ours:"
            words += f"\n{self.network.kept.fingerprint}"
        if not has_owner:
            facts["code"] = first_code.issue(environment.home())
            words += f"\nThe first page asks for this one-time code: {facts['code']}"
        self.terminal.answer(facts, words)

    def _watch(self) -> None:
        while not self._stop_asked:
            if self.network and self.network.has_changed():
                self._follow_network()
            self._mend()
            clock.wait(_LOOK)

    def _follow_network(self) -> None:
        """Go on under another name or certificate: the socket stays, so nobody is refused meanwhile."""
        assert self.network  # noqa: S101 - a fact for the type checker
        port, door = (int(one.rstrip("/").rpartition(":")[2]) for one in (self.address, self.door))
        self.address = self.network.address(port)
        self.door = f"http://{self.network.kept.names.every[0]}:{door}/"
        self.terminal.say(f"The network changed: Glede is at {self.address}")
        self._write_door()
        for child in self.children:
            if child.name == "web":
                child.end()

    def _mend(self) -> None:
        for child in self.children:
            if child.has_died():
                self.terminal.say(f"{child.name} ended ({_how(child.process)}); starting it again.")
                child.process = None
            if child.process is None and clock.monotonic() >= child.not_before:
                child.restarts += 1
                self._try_again(child)
                self._note()

    def _try_again(self, child: Child) -> None:
        try:
            child.begin()
        except (postgres.ServerImpossible, OSError) as error:
            child.deaths += 1
            child.not_before = clock.monotonic() + min(_LONGEST_PAUSE, 0.25 * 2**child.deaths)
            self.terminal.say(f"{child.name} does not start: {' '.join(str(error).split())}")

    def _end_all(self) -> None:
        for child in reversed(self.children):
            child.end(seconds=1 if self._stop_asked > 1 else 15)
        _state_file().unlink(missing_ok=True)

    def _ask_to_stop(self, *_: object) -> None:
        self._stop_asked += 1
        if self._stop_asked == 1:
            self.terminal.say("Stopping: web, worker, database.")

    def _note(self) -> None:
        """Keep who lives in a file, for the next start and for whoever looks."""
        state = {
            "pid": os.getpid(),
            "address": self.address,
            "children": {c.name: c.process.pid for c in self.children if c.process},
            "restarts": {c.name: c.restarts for c in self.children},
        }
        new = _state_file().with_suffix(".new")
        new.write_text(json.dumps(state), encoding="utf-8")
        new.replace(_state_file())


def state() -> dict[str, Any]:
    """Return what a running supervisor notes: pid, address, children, restarts; empty where none ran."""
    with contextlib.suppress(OSError, ValueError):
        found: dict[str, Any] = json.loads(_state_file().read_text(encoding="utf-8"))
        return found
    return {}


def _state_file() -> Path:
    return environment.home() / "run.json"


@contextlib.contextmanager
def _only_one() -> Iterator[None]:
    home = environment.home()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home / "run.lock").open("a", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused(f"Glede already runs here: {state().get('address') or 'it is just starting'}.") from error
        yield


def _end_left_over(seconds: float = 10) -> None:
    """End the web server and worker of a supervisor that died; the system has asked them to stop already."""
    left = [pid for name, pid in state().get("children", {}).items() if name != "database" and _is_ours(pid)]
    deadline = clock.monotonic() + seconds
    while any(map(is_alive, left)) and clock.monotonic() < deadline:
        clock.wait(0.05)
    for pid in filter(_is_ours, left):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _is_ours(pid: int) -> bool:
    # A number in a file may be anybody's by now; what has a living supervisor belongs to another house.
    parent, command = parent_and_command(pid)
    return is_alive(pid) and "glede" in command and (parent == 1 or "glede" not in parent_and_command(parent)[1])


def _web(listening: socket.socket, environ: dict[str, str]) -> "subprocess.Popen[bytes]":
    return _serve("glede.config.gunicorn", listening, environ)


def _door(listening: socket.socket) -> "subprocess.Popen[bytes]":
    return _serve("glede.config.lan.doorkeeper", listening, {})


def _serve(config: str, listening: socket.socket, environ: dict[str, str]) -> "subprocess.Popen[bytes]":
    number = listening.fileno()
    words = ["-m", "gunicorn", "--config", f"python:{config}"]
    return _spawn(words, pass_fds=(number,), environ={**environ, "GLEDE_SOCKET": str(number)})


def _worker(environ: dict[str, str]) -> "subprocess.Popen[bytes]":
    return _spawn(["-m", "glede.config.cli", "worker"], environ=environ)


def _spawn(
    words: list[str], *, pass_fds: tuple[int, ...] = (), environ: dict[str, str] | None = None
) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603
        [sys.executable, *words],
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr.fileno(),  # standard output holds the answer alone
        env={**os.environ, "GLEDE_SUPERVISED": str(os.getpid()), **(environ or {})},
        pass_fds=pass_fds,
        start_new_session=True,  # a Ctrl-C in the terminal is ours to hand on, in order
        preexec_fn=dies_with_parent(_last_sign()),  # noqa: PLW1509 - one system call, no lock taken
    )


def _last_sign() -> signal.Signals:
    # When we die our database ends too, and who waits for it politely waits in vain.
    return signal.SIGKILL if embedded.keeps(os.environ.get("DATABASE_URL", "")) else signal.SIGTERM


def _prepare(environ: dict[str, str], *words: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "glede.config.prepare", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environ})  # noqa: S603
    if done.returncode:
        raise Refused(_last_line(done.stderr) or "Glede could not prepare its database.")
    facts: dict[str, Any] = json.loads(_last_line(done.stdout))
    return facts


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else ""


def _how(process: "subprocess.Popen[bytes] | None") -> str:
    code = process.returncode if process else None
    return f"signal {-code}" if code is not None and code < 0 else f"exit {code}"
