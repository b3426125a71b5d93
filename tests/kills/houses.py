"""Four practices, each sending by a provider of its own class, their workers, and a judge who believes the provider."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.test import Client

from glede.channels.operations import NewTextAccount, set_text_account
from glede.channels.sms.signature import sign
from glede.channels.sms.tests.provider import ACCOUNT, NUMBER, TOKEN
from glede.config.postgres import Cluster
from glede.config.processes import parent_and_command
from glede.journeys.operations import follow
from glede.kernel import clock
from glede.kernel.actor import SYSTEM
from glede.outbox import tasks
from glede.outbox.models import Message
from glede.outbox.rules import WENT, Resolution
from glede.practices import scope
from tests.kills.stage import LEASE_SECONDS, address, number, open_practice, start_nursery, until

UNDER_WAY = {"planned", "ready", "sending", "unknown"}
CLASSES = tuple(Resolution)
AWAKE_SECONDS = 6.0
LINE_BYTES = 120
"""About as long as a line of the provider's log is."""


@dataclass
class Houses:
    """The practices by class, the provider's log, and the workers that are killed."""

    practices: dict[Resolution, UUID]
    people: dict[Resolution, list[UUID]]
    log: Path
    nursery: subprocess.Popen[str]
    random: Random
    workers: list[int] = field(default_factory=list)
    stopped: list[tuple[float, int]] = field(default_factory=list)
    kills: int = 0
    stops: int = 0
    forged: int = 0
    read: int = 0
    wakes: int = 0
    woken: list[tuple[float, int]] = field(default_factory=list)

    def start_worker(self, points: str = "") -> int:
        """Have one more worker."""
        assert self.nursery.stdin is not None
        assert self.nursery.stdout is not None
        self.nursery.stdin.write(f"start {points}\n")
        self.nursery.stdin.flush()
        pid = int(self.nursery.stdout.readline())
        self.workers.append(pid)
        return pid

    def strike(self, *, stops: bool) -> None:
        """Kill a worker, or stop it beyond its lease, and let another take its place."""
        self.tend()
        pid = self.workers.pop(self.random.randrange(len(self.workers)))
        self._signal(pid, signal.SIGSTOP if stops else signal.SIGKILL)
        if stops:
            self.stops += 1
            self.stopped.append((clock.monotonic() + LEASE_SECONDS + self.random.uniform(0.1, 6), pid))
        else:
            self.kills += 1
        self.start_worker()

    def tend(self) -> None:
        """Put a new worker in the place of one that ended itself, as the supervisor does."""
        ended = [pid for pid in self.workers if not self._is_ours(pid)]
        self.workers = [pid for pid in self.workers if pid not in ended]
        for _ in ended:
            self.start_worker()

    def let_wake(self, *, all_now: bool = False) -> None:
        """Let those go on that were stopped long enough. Others have their place, so a while later they are killed."""
        now = clock.monotonic()
        late = [pid for at, pid in self.stopped if all_now or at <= now]
        self.stopped = [one for one in self.stopped if one[1] not in late]
        for pid in late:
            self._signal(pid, signal.SIGCONT)
        for _, pid in [one for one in self.woken if one[0] <= now]:
            self._signal(pid, signal.SIGKILL)
        self.woken = [one for one in self.woken if one[0] > now] + [(now + AWAKE_SECONDS, pid) for pid in late]

    def _signal(self, pid: int, sign: signal.Signals) -> None:
        """Tell one of our own workers; by now its number may be somebody else's."""
        if self._is_ours(pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sign)

    def _is_ours(self, pid: int) -> bool:
        return parent_and_command(pid)[0] == self.nursery.pid

    def wake(self) -> None:
        """Wake the workers as the clock does, only more often: to send each second, to settle every fourth time."""
        self.wakes += 1
        if self.wakes % 4 == 1:
            tasks.settle.configure().defer(timestamp=0)
        tasks.sweep.configure().defer(timestamp=0)

    def wait_for_some(self, more: int, seconds: float = 60) -> None:
        """Wait until the provider has taken so many more, or for a while: so that whoever is killed was at work."""
        before, ends = self.log.stat().st_size, clock.monotonic() + seconds
        wakes_at = clock.monotonic()
        while self.log.stat().st_size - before < more * LINE_BYTES and clock.monotonic() < ends:
            if clock.monotonic() >= wakes_at:
                self.wake()
                self.tend()
                wakes_at += 1
            self.let_wake()
            clock.wait(0.02)

    def lines(self) -> list[dict[str, Any]]:
        """What the provider took, as it wrote it down."""
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def call_back(self) -> None:
        """Call our address for the texts that were taken since: twice, in any order, not at all, and forged."""
        with self.log.open(encoding="utf-8") as log:
            log.seek(self.read)
            told = log.read()
        whole = told.rpartition("\n")[0]
        self.read += len(whole.encode()) + bool(whole)
        texts = [one for line in whole.splitlines() if (one := json.loads(line)).get("callback")]
        calls = [(one, word) for one in texts for word in self._words()]
        self.random.shuffle(calls)
        for one, word in calls:
            status = _call(one, word)
            assert status == (403 if word == "forged" else 200), (status, word)
            self.forged += word == "forged"

    def _words(self) -> list[str]:
        if self.random.random() < 0.2:
            return []
        words = [word for word in ("sent", "delivered") for _ in range(self.random.randint(0, 2))]
        return [*words, "forged"] if self.random.random() < 0.1 else words

    def messages(self, of: Resolution) -> list[Message]:
        """Every message of a practice as its row stands."""
        with scope.transaction(self.practices[of]):
            return list(Message.objects.select_related("touch").order_by("id"))

    def under_way(self) -> Counter[str]:
        """How many messages are not settled, by class and state."""
        found: Counter[str] = Counter()
        for of, practice_id in self.practices.items():
            with scope.transaction(practice_id):
                for state in Message.objects.filter(state__in=UNDER_WAY).values_list("state", flat=True):
                    found[f"{of} {state}"] += 1
        return found

    def drain(self, seconds: float) -> None:
        """Let the faults of workers end, and wait until nothing is under way."""
        self.let_wake(all_now=True)
        ends = clock.monotonic() + seconds
        while left := self.under_way():
            assert clock.monotonic() < ends, left
            self.wake()
            self.call_back()
            clock.wait(0.5)
        clock.wait(1)
        self.call_back()

    def got(self) -> Counter[tuple[str, str]]:
        """How often the provider took a message for each person, by class."""
        return Counter((line.get("way", "call_back"), line["to"]) for line in self.lines())

    def twice(self) -> list[str]:
        """Who got more than one."""
        return [f"{way}: {to} got it {n} times" for (way, to), n in self.got().items() if n > 1]

    def faults(self) -> list[str]:
        """What the provider's own log says against the rows: lost, twice, or in doubt and nobody's."""
        wrong, got = self.twice(), self.got()
        for of in CLASSES:
            made = number if of is Resolution.CALL_BACK else address
            place = {person: made(n) for n, person in enumerate(self.people[of])}
            for message in self.messages(of):
                has = got[of.value, place[message.touch.patient_id]]
                wrong += [f"{of}: {place[message.touch.patient_id]} {fault}" for fault in _against(of, message, has)]
        return wrong


def _against(of: Resolution, message: Message, has: int) -> list[str]:
    wrong = []
    if message.state in WENT and not has:
        wrong.append("is told to have it and has not")
    if message.state in UNDER_WAY:
        wrong.append(f"is still {message.state}")
    if message.state not in WENT and message.state not in UNDER_WAY and message.promise_id is None:
        wrong.append(f"{message.state} {message.reason} and nobody rings")
    if has and message.state not in WENT and message.reason != "in_doubt":
        wrong.append(f"has it, but it stands as {message.state} {message.reason}")
    if of in {Resolution.KEY, Resolution.LOOK_UP} and message.state not in WENT:
        wrong.append(f"{message.state} {message.reason}, and could have been settled")
    return wrong


def _call(one: dict[str, Any], word: str) -> int:
    path = urlsplit(one["callback"]).path
    fields = {"MessageSid": one["sid"], "MessageStatus": "failed" if word == "forged" else word, "AccountSid": ACCOUNT}
    if word == "forged":
        fields["ErrorCode"] = "30005"
    token = "of somebody else" if word == "forged" else TOKEN
    signature = sign(token, f"https://solberg.example{path}", list(fields.items()))
    return Client().post(path, fields, headers={"X-Twilio-Signature": signature}).status_code


@contextlib.contextmanager
def four_houses(
    folder: Path, cluster: Cluster, database: str, *, people: int, seed: int, guards_off: str = ""
) -> Iterator[Houses]:
    """Four practices with so many people each; whatever happens, none of the processes stays."""
    log, port_file = folder / "taken.jsonl", folder / "port"
    log.touch()
    server = subprocess.Popen([sys.executable, "-m", "tests.kills.provider", log, port_file, str(seed)])
    nursery, found = None, None
    try:
        opened = {
            of: open_practice(
                people, "sms" if of is Resolution.CALL_BACK else "email", of.value.replace("_", " ").capitalize()
            )
            for of in CLASSES
        }
        account = NewTextAccount(account_sid=ACCOUNT, token=TOKEN, sender=NUMBER)
        texting = opened[Resolution.CALL_BACK][0]
        set_text_account(practice_id=texting, account=account, by=SYSTEM, now=clock.now())
        until(lambda: port_file.exists() and port_file.read_text() != "")
        port = port_file.read_text()
        nursery = start_nursery(
            cluster, database, port, guards_off, GLEDE_TEST_PROVIDER=f"http://127.0.0.1:{port}",
        )  # fmt: skip
        practices, ids = {of: one[0] for of, one in opened.items()}, {of: one[1] for of, one in opened.items()}
        found = Houses(practices, ids, log, nursery, Random(seed))
        for practice_id in practices.values():
            while follow(practice_id, now=clock.now()):
                pass  # what the bookings woke is done, and workers are free to send
        yield found
    finally:
        server.kill()
        server.wait()
        if nursery is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(nursery.pid, signal.SIGKILL)
            with contextlib.suppress(BrokenPipeError):
                nursery.communicate()
