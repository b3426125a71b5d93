"""What a client was told is booked is there, though the web server is killed and the database stopped at once."""

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import connections

from glede.config import keys
from glede.diary.models import Appointment
from glede.diary.tests.stories import proved
from glede.diary.tests.test_races import crowd
from glede.kernel import clock
from glede.kernel.ids import new_id
from glede.practices import scope
from tests import house as whole
from tests.cast import House, open_solberg
from tests.database import pointed_at
from tests.depth import DEPTH
from tests.kills.web import Client

pytestmark = pytest.mark.slow

KILLS, STOPS, HANDS = (300, 20, 6) if DEPTH > 1 else (3, 1, 4)
FIRST, DAYS = date(2026, 11, 25), 3_000
MORNING = datetime(2026, 11, 24, 7, 40, tzinfo=UTC)
# The house opens what we write and sign, and we what it does.
OUR_KEYS = {
    f"GLEDE_{name.upper()}": keys.secret(name) for name in ("secret_key", "link_key", "master_key", "checkpoint_key")
}
HOURS = [time(9 + n) for n in range(7)]


class Desk(threading.Thread):
    """Books one time after the other for one person, as somebody who presses again where nothing came back."""

    def __init__(self, client: Client, who: str, number: int, over: threading.Event) -> None:
        super().__init__()
        self.client, self.who, self.number, self.over = client, who, number, over
        self.wrong: list[str] = []
        self.broken = 0

    def run(self) -> None:
        for day, at in self._times():
            command = new_id()
            while not self.over.is_set():
                try:
                    answer = self.client.book(self.who, day, at, command=command, timeout=20)
                except OSError:
                    self.broken += 1
                    clock.wait(0.05)
                    continue
                if answer.status in {302, 409}:
                    break
                # The database is away for a moment: the page says so, and the same form is pressed again.
                if answer.status < 500:
                    self.wrong.append(f"{answer.status} {answer.location}")
                clock.wait(0.05)
            if self.over.is_set():
                return

    def _times(self) -> Iterator[tuple[date, time]]:
        days = (FIRST + timedelta(days=n) for n in range(DAYS))
        places = ((day, at) for day in days if day.weekday() < 5 for at in HOURS)
        return (place for n, place in enumerate(places) if n % HANDS == self.number)


@contextlib.contextmanager
def at_work(house: House, client: Client, people: list[str]) -> Iterator[list[Desk]]:
    over = threading.Event()
    desks = [Desk(client, who, number, over) for number, who in enumerate(people)]
    for desk in desks:
        desk.start()
    try:
        yield desks
    finally:
        over.set()
        for desk in desks:
            desk.join()


def strike(there: whole.House, dice: Random, number: int) -> None:
    """Kill the web server: two times of three one of its processes, else the whole of it."""
    web = there.pid("web")
    if number % 3 and (processes := children_of(web)):
        os.kill(dice.choice(processes), signal.SIGKILL)
    else:
        there.healed("web", there.kill("web"))


def children_of(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in told.split()]


def test_what_was_acknowledged_is_there_after_kills_and_stops(tmp_path: Path, django_db_blocker: Any) -> None:
    dice = Random(5)
    with (
        django_db_blocker.unblock(),
        whole.running(tmp_path / "h", **OUR_KEYS) as there,
        pointed_at(there.cluster, "glede"),
    ):
        house = open_solberg("kari", now=MORNING, is_virtual=True)
        people = crowd(house, HANDS)
        client = Client(house, int(there.greeting["address"].rsplit(":", 1)[1].strip("/")))
        stops = {KILLS * (n + 1) // (STOPS + 1) for n in range(STOPS)}
        with at_work(house, client, people) as desks:
            for number in range(KILLS):
                assert all(desk.is_alive() for desk in desks), f"no time is left after {number} kills"
                before = len(client.acknowledged)
                strike(there, dice, number)
                if number in stops:
                    there.healed("database", stop_at_once(there))
                whole.until(lambda before=before: len(client.acknowledged) > before, 90)  # type: ignore[misc]
        connections.close_all()  # ours was cut with the others
        assert [wrong for desk in desks for wrong in desk.wrong] == []
        with scope.transaction(house.id):
            booked = set(Appointment.objects.filter(state="booked").values_list("id", flat=True))
        assert client.acknowledged <= booked
        assert len(client.acknowledged) >= KILLS
        report = proved(house)
        assert report.counts["visits"] == len(booked)


def stop_at_once(there: whole.House) -> int:
    """Stop the database as `pg_ctl stop -m immediate` does, and return the process it was."""
    pid = there.pid("database")
    os.kill(pid, signal.SIGQUIT)
    return pid
