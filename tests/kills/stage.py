"""The stage of a kill test: a live practice, a mail server, workers that die, and a judge who believes the mail."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from glede.config.postgres import APPLICATION, OWNER, Cluster
from glede.config.processes import parent_and_command
from glede.kernel import clock
from glede.kernel.actor import SYSTEM
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.outbox import tasks
from glede.outbox.models import Message
from glede.outbox.operations import plan_touches
from glede.outbox.tests.scenes import KIND
from glede.outbox.touches import PlannedTouch
from glede.people.operations import add_patients, opt_out
from glede.people.values import PersonForm
from glede.practices import scope
from glede.practices.operations import NewPractice, go_live, start_practice

LEASE_SECONDS = 2
HORIZON_SECONDS = 3
SERVERS = {"email": "tests.kills.mailserver", "sms": "glede.channels.sms.tests.provider"}


@dataclass
class Stage:
    """What a test of killed workers needs to have at hand."""

    practice_id: UUID
    people: list[UUID]
    log: Path
    nursery: "subprocess.Popen[str]"
    workers: list[int] = field(default_factory=list)
    kills: int = 0
    steady: int = 0
    quiet_from: set[UUID] = field(default_factory=set)
    addresses: list[str] = field(default_factory=list)

    def start_worker(self, points: str = "", guards_off: str = "") -> int:
        """Have one more worker, armed as told and without these guards, and return its process number."""
        assert self.nursery.stdin is not None
        assert self.nursery.stdout is not None
        self.nursery.stdin.write(f"start {points};{guards_off}\n")
        self.nursery.stdin.flush()
        pid = int(self.nursery.stdout.readline())
        self.workers.append(pid)
        return pid

    def keep_worker(self) -> None:
        """Have a worker that goes on beside those that are killed; one that ends itself is started again."""
        self.steady = self.start_worker()

    def _tend(self) -> None:
        """Put another in the place of one that overslept its lease, as the supervisor does."""
        if self.steady and parent_and_command(self.steady)[0] != self.nursery.pid:
            self.workers.remove(self.steady)
            self.kills += 1
            self.keep_worker()

    def kill(self, pid: int) -> None:
        """End a worker without a word; a worker that a failpoint ended counts as killed too."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        self.workers.remove(pid)
        self.kills += 1

    def wake(self) -> None:
        """Wake the workers as the clock does, only more often."""
        self._tend()
        tasks.settle.configure().defer(timestamp=0)
        tasks.sweep.configure().defer(timestamp=0)

    def mails(self) -> list[dict[str, Any]]:
        """Every message the mail server took."""
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def messages(self) -> list[Message]:
        """Every message as its row stands."""
        with scope.transaction(self.practice_id):
            return list(Message.objects.select_related("touch").order_by("id"))

    def wait_until(self, done: Callable[[], bool], seconds: float = 60) -> None:
        """Wake the workers until `done`, or fail."""
        ends = clock.monotonic() + seconds
        while not done():
            if clock.monotonic() > ends:
                raise TimeoutError(str(Counter(m.state for m in self.messages())))
            self.wake()
            clock.wait(0.2)

    def is_quiet(self) -> bool:
        """Whether nothing is under way any more."""
        return not any(m.state in {"planned", "ready", "sending", "unknown"} for m in self.messages())

    def say_stop(self, person: UUID) -> None:
        """Let a person say stop, and note whether their message was in flight at that moment."""
        opt_out(
            practice_id=self.practice_id, patient_id=person, channel=None, scope="all", how="phone",
            by=SYSTEM, now=clock.now(),
        )  # fmt: skip
        with scope.transaction(self.practice_id):
            state = Message.objects.get(touch__patient_id=person).state
        if state in {"planned", "ready"}:
            self.quiet_from.add(person)


def address(place: int) -> str:
    """The address of the person at a place in the list."""
    return f"person{place}@example.org"


def midday_zone() -> str:
    """A zone where it is about noon now, so that the hours for messages hold nothing back."""
    ahead = 12 - clock.now().astimezone(UTC).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def number(place: int) -> str:
    """The number of the person at a place in the list."""
    return f"+47400{place:05d}"


def open_practice(people: int, channel: str = "email", name: str = "Solberg Optikk") -> tuple[UUID, list[UUID]]:
    """A live practice with so many people, each reached by one channel and reminded of a visit now."""
    now = clock.now()
    new = NewPractice(
        name, "NO", "en", midday_zone(),
        details={"email": "hei@solberg.example", "phone": "+4722123456", "public_url": "https://solberg.example"},
    )  # fmt: skip
    practice = start_practice(new, by=SYSTEM, now=now - timedelta(days=9))
    go_live(practice_id=practice.pk, by=SYSTEM, now=now - timedelta(days=8))
    forms = [
        PersonForm(
            given_name=f"Person {n}",
            phones=(number(n),) if channel == "sms" else (),
            emails=(address(n),) if channel == "email" else (),
        )
        for n in range(people)
    ]
    brought = add_patients(practice_id=practice.pk, rows=forms, by=SYSTEM, now=now)
    ids = [i for i in brought.ids if i is not None]
    touches = _reminders(practice.pk, ids, now, channel)
    plan_touches(practice_id=practice.pk, touches=touches, by=SYSTEM, now=now)
    return practice.pk, ids


def _reminders(practice_id: UUID, people: list[UUID], now: datetime, channel: str) -> list[PlannedTouch]:
    subjects = [Ref(KIND, person) for person in people]
    for first in range(0, len(subjects), 500):
        with act(practice_id, by=SYSTEM, now=now) as this:
            some = subjects[first : first + 500]
            this.lock(*some)
            for subject in some:
                this.record("diary.appointment.booked", subject=subject, patient=subject.id)
    return [
        PlannedTouch(
            row="6", journey_version=1, subject=subject, subject_version=1, patient_id=subject.id, purpose="reminder",
            lane="reminder", due_at=now, channel=channel, late_after=now + timedelta(hours=3),
        )
        for subject in subjects
    ]  # fmt: skip


@contextlib.contextmanager
def stage(
    folder: Path, cluster: Cluster, database: str, *, people: int, delay: float, guards_off: str = "",
    channel: str = "email",
) -> Iterator[Stage]:  # fmt: skip
    """Set the stage; whatever happens, none of its processes stays."""
    log, port_file = folder / "mails.jsonl", folder / "port"
    log.touch()
    server = subprocess.Popen([sys.executable, "-m", SERVERS[channel], log, port_file, str(delay)])
    nursery = None
    try:
        practice_id, ids = open_practice(people, channel)
        until(lambda: port_file.exists() and port_file.read_text() != "")
        nursery = start_nursery(cluster, database, port_file.read_text(), guards_off)
        made = number if channel == "sms" else address
        found = Stage(practice_id, ids, log, nursery, addresses=[made(n) for n in range(people)])
        yield found
        for pid in list(found.workers):
            found.kill(pid)
    finally:
        server.kill()
        server.wait()
        if nursery is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(nursery.pid, signal.SIGKILL)
            with contextlib.suppress(BrokenPipeError):
                nursery.communicate()


def start_nursery(cluster: Cluster, database: str, port: str, guards_off: str, **more: str) -> "subprocess.Popen[str]":
    """Load everything once, for workers to be forked from; ``more`` goes into their environment."""
    environment = {
        **os.environ,
        "GLEDE_TESTING": "1",
        "GLEDE_GUARDS_OFF": guards_off,
        "GLEDE_SMTP_URL": f"smtp://127.0.0.1:{port}/?timeout=1",
        "GLEDE_SMS_URL": f"http://127.0.0.1:{port}/?timeout=1",
        "GLEDE_LEASE_SECONDS": str(LEASE_SECONDS),
        "GLEDE_HORIZON_SECONDS": str(HORIZON_SECONDS),
        "GLEDE_WORKER_JOBS": "1",
        "DATABASE_URL": cluster.url(APPLICATION, database),
        "DATABASE_OWNER_URL": cluster.url(OWNER, database),
        "DJANGO_SETTINGS_MODULE": "glede.config.settings",
        **more,
    }
    nursery = subprocess.Popen(
        [sys.executable, "-m", "tests.kills.nursery"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=environment, start_new_session=True,
    )  # fmt: skip
    assert nursery.stdout is not None
    assert nursery.stdout.readline() == "ready\n"
    return nursery


def until(done: Callable[[], bool], seconds: float = 20) -> None:
    ends = clock.monotonic() + seconds
    while not done():
        if clock.monotonic() > ends:
            raise TimeoutError
        clock.wait(0.05)


def faults(found: Stage) -> list[str]:
    """What the mail server's own log says against the rows: twice, lost, too many in doubt, after a stop."""
    got = Counter(mail["to"][0] for mail in found.mails())
    place = {person: address(n) for n, person in enumerate(found.people)}
    wrong = [f"{to} got it {n} times" for to, n in got.items() if n > 1]
    doubtful = 0
    for message in found.messages():
        to = place[message.touch.patient_id]
        if message.state == "accepted" and not got[to]:
            wrong.append(f"{to} is told to have it and has not")
        if message.state in {"planned", "ready", "sending", "unknown"}:
            wrong.append(f"{to} is still {message.state}")
        if got[to] and message.state not in {"accepted", "handed"}:
            wrong.append(f"{to} has it, but it stands as {message.state}")
        doubtful += message.reason == "in_doubt"
    wrong += [f"{place[p]} got it after saying stop" for p in found.quiet_from if got[place[p]]]
    if doubtful > found.kills:
        wrong.append(f"{doubtful} in doubt after {found.kills} kills")
    return wrong
