"""The main job: lists come in, ten days go by, and whatever fell due was said, left out with a reason or promised."""

import csv
import gzip
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.depth import DEPTH, count
from tests.main_job.stage import (
    AS_OF,
    DAYS,
    HEADS,
    MAPPED,
    SYNTHEA,
    VITORIA,
    Row,
    done,
    open_house,
    rows_in,
    written,
)  # fmt: skip

pytestmark = pytest.mark.slow


@dataclass
class Lists:
    """The lists a practice brings: people, addresses for every third person of the visits, and visits."""

    people: Path
    addresses: Path
    visits: Path


@dataclass
class Outcome:
    """What one way through the main job came to."""

    brought: list[dict[str, Any]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    verified: dict[str, Any] = field(default_factory=dict)
    boards: dict[str, Any] = field(default_factory=dict)

    @property
    def story(self) -> Counter[tuple[str, ...]]:
        """Every message without the numbers that differ from one time to the next."""
        told = ("person", "subject", "row", "channel", "state", "reason", "due_at", "sent_at")
        return Counter(tuple(str(message[name]) for name in told) for message in self.messages)


def addressed(visits: Iterable[Row]) -> list[Row]:
    """Return every third person of the visits with an address."""
    people = dict.fromkeys(row["PatientId"] for row in visits)
    return [{"id": person, "email": f"p{person}@example.com"} for n, person in enumerate(people) if n % 3 == 0]


@pytest.fixture
def real(tmp_path: Path) -> Lists:
    """The lists of a whole practice of made-up people, and real visits after ``AS_OF``."""
    data = os.environ.get("GLEDE_TEST_DATA")
    if not data:
        pytest.skip("GLEDE_TEST_DATA names no folder with the lists")
    with gzip.open(Path(data) / VITORIA, "rt", encoding="utf-8") as file:
        coming = [row for row in csv.DictReader(file) if row["AppointmentDay"][:10] > AS_OF[:10]]
    wanted = count(2000)
    visits = coming[:: len(coming) // wanted][:wanted]
    assert len(visits) == wanted
    return Lists(
        Path(data) / SYNTHEA,
        written(tmp_path / "addresses.csv", addressed(visits)),
        written(tmp_path / "visits.csv", visits),
    )


@pytest.fixture
def invented(tmp_path: Path) -> Lists:
    """Lists of the same shape of people who do not exist."""
    days = (date(2016, 5, 3) + timedelta(days=n % 18) for n in range(45))
    cells = ((f"9000{n % 40}", f"7000{n}", "F", "2016-04-20T09:12:00Z", f"{day}T00:00:00Z", "CENTRO", "No")
             for n, day in enumerate(days))  # fmt: skip
    visits = [dict(zip(HEADS, row, strict=True)) for row in cells]
    people = [
        {"Id": f"S{n}", "BIRTHDATE": "1961-02-03", "FIRST": f"Ana{n}", "LAST": "Reis", "CITY": "Vitória"}
        for n in range(12)
    ]
    return Lists(
        written(tmp_path / "people.csv", people),
        written(tmp_path / "addresses.csv", addressed(visits)),
        written(tmp_path / "visits.csv", visits),
    )


def through(home: Path, lists: Lists, days: Iterable[str] = DAYS) -> Outcome:
    """Go the whole way with a fresh Glede in ``home``, its clock moved to each of ``days``."""
    found = Outcome()
    mapped = [word for pair in MAPPED for word in ("--map", pair)]
    with open_house(home) as house:
        place = ["--country", "BR", "--language", "en", "--timezone", "America/Sao_Paulo"]
        done(house, "init", "--practice", "Vitoria", *place, "--virtual")
        for what, path, more in (
            ("people", lists.people, []),
            ("people", lists.addresses, []),
            ("appointments", lists.visits, mapped),
        ):
            found.brought.append(done(house, "import", what, str(path), "--as-of", AS_OF, *more))
        for day in days:
            done(house, "tick", "--now", day)
        found.messages = done(house, "outbox")["messages"]
        found.verified = done(house, "verify")
        command = [sys.executable, "-m", "tests.main_job.boards", AS_OF[:10], "60"]
        found.boards = json.loads(subprocess.check_output(command, env=house.environment()))
    return found


def judge(found: Outcome, lists: Lists) -> None:
    """Check everything that must be true at the end."""
    for brought, path in zip(found.brought, (lists.people, lists.addresses, lists.visits), strict=True):
        kinds = ("created", "updated", "unchanged", "duplicates", "rejected")
        assert brought["read"] == sum(brought[kind] for kind in kinds) == rows_in(path)
        assert brought["rejected"] == 0
    assert found.brought[2]["created"] == rows_in(lists.visits)
    assert found.verified["ok"], found.verified
    fell_due = [m for m in found.messages if m["due_at"] <= f"{DAYS[-1]}Z"]
    states = Counter(message["state"] for message in fell_due)
    assert states["rehearsed"] > 0
    assert states["handed"] > 0
    assert set(states) <= {"rehearsed", "skipped", "handed", "planned"}
    assert found.boards["undone"] == [], "what fell due and is not held has a fate"
    assert all(m["reason"] for m in found.messages if m["state"] in {"skipped", "handed"})
    assert found.boards["conserved"]


def shown_alike(found: Outcome) -> None:
    """Check that the outbox, Today and ``glede outbox`` tell one story."""
    told = sorted([m["id"], m["row"], m["state"], m["reason"]] for m in found.messages)
    assert told == sorted(found.boards["outbox"])
    handed = {message["id"] for message in found.messages if message["state"] == "handed"}
    assert handed == set(found.boards["handed"])
    assert set(found.boards["handed"].values()) <= {"today", "later", "closed"}, "each is promised, and shown when due"


@pytest.mark.skipif(
    DEPTH < 10 and "GLEDE_TEST_DATA" in os.environ, reason="the real lists go the same way; both go at DEPTH=10"
)
def test_invented_lists_come_to_messages_skips_and_promises(tmp_path: Path, invented: Lists) -> None:
    found = through(tmp_path / "home", invented, (DAYS[5], DAYS[-1]))
    judge(found, invented)
    shown_alike(found)


def test_real_lists_come_to_messages_skips_and_promises_and_again_to_the_same(tmp_path: Path, real: Lists) -> None:
    # Ten days, one by one at depth 10, in four steps at depth 1; once more from the start in one leap.
    found = through(tmp_path / "home", real, DAYS if DEPTH >= 10 else DAYS[::3])
    judge(found, real)
    shown_alike(found)
    assert through(tmp_path / "again", real, DAYS if DEPTH >= 10 else DAYS[-1:]).story == found.story
