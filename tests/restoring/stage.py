"""The stage of a return: a live practice with many reminders due, a mail server, and a backup amid the sending."""

import contextlib
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connections

from glede.config.backups.making import House, Made, make_backup
from glede.config.backups.returning import Restored, restore
from glede.config.postgres import APPLICATION, OWNER, Cluster
from glede.diary.operations import book_appointment, import_appointments
from glede.diary.requests import Booking, ListedVisit
from glede.journeys.operations import follow
from glede.kernel import clock
from glede.kernel.actor import SYSTEM
from glede.kernel.clock import day_of
from glede.outbox.models import Message
from glede.outbox.sending import send_due
from glede.people.operations import add_patient, add_patients
from glede.people.values import PersonForm
from glede.practices import scope
from glede.practices.operations import NewPractice, accept_restored, go_live, start_practice

PLAIN = {"email": "hei@solberg.example", "phone": "+4722123456"}


def quiet(_: str) -> None:
    """Say nothing."""


def afternoon_zone(now: datetime) -> str:
    """A zone where it is about four in the afternoon: the reminders of three are due, and may still leave."""
    ahead = (16 - now.astimezone(UTC).hour + 11) % 24 - 11  # clocks are 11 hours behind to 12 ahead
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


@dataclass
class Stage:
    """What a test of a return needs to have at hand."""

    of: House
    folder: Path
    log: Path
    practice_id: UUID
    tomorrow: date
    now: datetime
    people: dict[str, UUID] = field(default_factory=dict)
    visits: dict[str, UUID] = field(default_factory=dict)

    def book(self, *names: str) -> None:
        """Let people come who have a visit tomorrow, booked ten days ago. Who is mute has no address: they are rung."""
        forms = [
            PersonForm(given_name=name, external_id=name, emails=() if "mute" in name else (f"{name}@example.org",))
            for name in names
        ]
        brought = add_patients(practice_id=self.practice_id, rows=forms, by=SYSTEM, now=self.now)
        ids = dict(zip(names, (i for i in brought.ids if i), strict=True))
        lines = [
            ListedVisit(
                external_id=f"V-{name}", patient_id=ids[name], day=self.tomorrow, booked_at=self.now - timedelta(10)
            )
            for name in names
        ]
        found = import_appointments(practice_id=self.practice_id, rows=lines, by=SYSTEM, now=self.now)
        self.people |= ids
        self.visits |= {o.external_id.removeprefix("V-"): o.appointment_id for o in found if o.appointment_id}

    def book_here(self, name: str) -> None:
        """Let somebody book at the desk: they are told so at once."""
        form = PersonForm(given_name=name, external_id=name, emails=(f"{name}@example.org",))
        self.people[name] = add_patient(practice_id=self.practice_id, person=form, by=SYSTEM, now=self.now).pk
        asked = Booking(patient_id=self.people[name], day=self.tomorrow + timedelta(days=6), wall_time=None)
        booked = book_appointment(practice_id=self.practice_id, request=asked, by=SYSTEM, now=self.now)
        self.visits[name] = booked.pk

    def plan(self) -> None:
        """Plan what is owed."""
        while follow(self.practice_id, now=self.now):
            pass

    def send(self, limit: int) -> int:
        """Send so many reminders."""
        sent = 0
        while sent < limit:
            found = send_due(self.practice_id, now=self.now, limit=min(100, limit - sent))
            if not found.taken:
                break
            sent += found.taken
        return sent

    def back_up(self) -> Made:
        """Make a backup now."""
        return make_backup(self.folder / "backups", of=self.of, days=35, say=quiet)

    def return_to(self, made: Made, *, carries: bool = True) -> Restored:
        """Return to a backup."""
        connections.close_all()
        return restore(made.path, of=self.of, carries=carries, say=quiet)

    def go_on(self) -> None:
        """Let the owner say yes; then send whatever is owed."""
        accept_restored(practice_id=self.practice_id, by=SYSTEM, now=self.now)
        self.plan()
        self.send(10**6)

    def mails(self) -> Counter[str]:
        """How many mails each person got, by name, from the mail server's own log."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return Counter(json.loads(line)["to"][0].partition("@")[0] for line in lines)

    def twice(self) -> list[str]:
        """Who got more than one."""
        return sorted(name for name, count in self.mails().items() if count > 1)

    def states(self) -> dict[str, tuple[str, str]]:
        """State and reason of everybody's reminder."""
        names = {str(pk): name for name, pk in self.people.items()}
        with scope.transaction(self.practice_id):
            rows = Message.objects.filter(touch__row="6").order_by("n").select_related("touch")
            return {names[str(m.touch.patient_id)]: (m.state, m.reason) for m in rows}


@contextlib.contextmanager
def stage(folder: Path, cluster: Cluster, database: str, *, people: int) -> Iterator[Stage]:
    """Set the stage: so many people, each to be reminded now."""
    log, port_file = folder / "mails.jsonl", folder / "port"
    log.touch()
    server = subprocess.Popen([sys.executable, "-m", "tests.kills.mailserver", log, port_file, "0"])
    before: Any = settings.GLEDE_SMTP_URL
    try:
        now = clock.now()
        new = NewPractice("Solberg Optikk", "NO", "en", afternoon_zone(now), details=PLAIN)
        practice = start_practice(new, by=SYSTEM, now=now - timedelta(days=20))
        go_live(practice_id=practice.pk, by=SYSTEM, now=now - timedelta(days=19))
        ends = clock.monotonic() + 20
        while not (port_file.exists() and port_file.read_text()) and clock.monotonic() < ends:
            clock.wait(0.05)
        settings.GLEDE_SMTP_URL = f"smtp://127.0.0.1:{port_file.read_text()}/"
        of = House(cluster.url(OWNER, database), APPLICATION, settings.GLEDE_MASTER_KEY)
        tomorrow = day_of(now, practice.zone) + timedelta(days=1)
        found = Stage(of, folder, log, practice.pk, tomorrow, now)
        found.book(*[f"person{n}" for n in range(people)])
        found.plan()
        yield found
    finally:
        settings.GLEDE_SMTP_URL = before
        server.kill()
        server.wait()
        connections.close_all()
