"""Lists nobody here has written: their counts add up, every reject has its reason, and again nothing is created."""

import csv
import gzip
import io
import os
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from glede.config.typed import moment, typed_moment
from glede.kernel.actor import IMPORT
from glede.ledger.queries import verify
from glede.lists.operations import bring_list, put_in_list
from glede.lists.queries import list_line, outcome
from glede.lists.values import NewList, What
from glede.practices.operations import NewPractice, start_practice
from tests.cast import open_solberg
from tests.depth import DEPTH

pytestmark = pytest.mark.django_db

PEOPLE = ("splink/fake_1000.csv", "febrl/dataset1.csv", "synthea-csv/patients.csv")
VITORIA = "appointments/vitoria-noshow/appointments_20160429-0525.csv.gz"
MAPPED = {"AppointmentID": "id", "PatientId": "person", "AppointmentDay": "start", "ScheduledDay": "booked_at"}
REJECTED = {"visit_before_its_booking": 5, "person_id_broken_by_a_spreadsheet": 3}
ALL_ROWS = 75_283
THINNED = 60
"""At depth 1 every so-manieth row is taken, and all that are to be rejected."""


@pytest.fixture
def data() -> Path:
    """Where the lists are."""
    folder = os.environ.get("GLEDE_TEST_DATA")
    if not folder:
        pytest.skip("GLEDE_TEST_DATA names no folder with the lists")
    return Path(folder)


def brought(practice_id: UUID, what: What, content: bytes, now: Any, **told: str) -> dict[str, int]:
    """Bring a list in and return its counts, which must add up and give every reject a reason."""
    own: dict[str, Any] = {"practice_id": practice_id, "by": IMPORT, "now": now}
    list_id = put_in_list(new=NewList(what, "list.csv", content, told), **own)
    bring_list(list_id=list_id, **own)
    counts = dict(list_line(practice_id, list_id).counts)
    told_of = outcome(practice_id, list_id)
    assert told_of is not None
    assert counts["read"] == sum(counts[w] for w in ("created", "updated", "unchanged", "duplicates", "rejected"))
    assert all(line.reason for line in told_of.rejects)
    assert all(group.reason for group in told_of.groups)
    return counts


def files(data: Path) -> list[Path]:
    """Return every list of people."""
    odd = sorted((data / "patients/csv-spectrum/csvs").glob("*.csv"))
    assert len(odd) >= 12
    return [*(data / "patients" / name for name in PEOPLE), *odd]


def test_lists_of_people_come_in_once(data: Path) -> None:
    for path in files(data):
        house = open_solberg("kari") if path.name == files(data)[0].name else None
        practice_id = house.id if house else _another(path.stem)
        now = house.now if house else moment(typed_moment("2026-11-24T08:00"), "Europe/Oslo")
        content = path.read_bytes()
        first = brought(practice_id, "people", content, now)
        again = brought(practice_id, "people", content, now)
        assert (again["created"], again["updated"]) == (0, 0), path.name
        assert first["read"] == again["read"], path.name
        assert first["created"] == again["unchanged"], path.name


def _another(name: str) -> UUID:
    now = moment(typed_moment("2026-11-24T08:00"), "Europe/Oslo")
    new = NewPractice(name=f"Practice {name}", country="NO", language="nb", zone="Europe/Oslo", virtual_now=now)
    return start_practice(new, by=IMPORT, now=now).pk


def vitoria(data: Path) -> bytes:
    """Return the real visits: all of them when deep, else some and all that cannot be taken."""
    with gzip.open(data / VITORIA, "rt", encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    assert len(rows) == ALL_ROWS
    if DEPTH == 1:
        day, booked, person = (header.index(name) for name in ("AppointmentDay", "ScheduledDay", "PatientId"))
        bad = [row for row in rows if row[day][:10] < row[booked][:10] or not row[person].isdigit()]
        assert len(bad) == sum(REJECTED.values())
        rows = [row for row in rows if row not in bad][::THINNED] + bad
    out = io.StringIO(newline="")
    csv.writer(out).writerows([header, *rows])
    return out.getvalue().encode()


def test_real_visits_are_kept_but_for_those_that_contradict_themselves(data: Path) -> None:
    now = moment(typed_moment("2016-05-02T08:00"), "America/Sao_Paulo")
    new = NewPractice(name="Vitória", country="BR", language="en", zone="America/Sao_Paulo", virtual_now=now)
    practice_id = start_practice(new, by=IMPORT, now=now).pk
    content = vitoria(data)
    counts = brought(practice_id, "appointments", content, now, **MAPPED)
    assert counts["rejected"] == sum(REJECTED.values())
    assert counts["created"] == counts["read"] - counts["rejected"]
    assert verify(practice_id).ok
    again = brought(practice_id, "appointments", content, now, **MAPPED)
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, counts["created"])
