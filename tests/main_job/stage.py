"""The command line on homes of a test's own: what the main job's tests share."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.house import House
from tests.main_job.keeper import said

AS_OF = "2016-05-02T08:00"
MAPPED = ("id=AppointmentID", "person=PatientId", "start=AppointmentDay", "booked_at=ScheduledDay")
DAYS = tuple(f"2016-05-{day:02d}T08:00" for day in range(3, 13))
SYNTHEA = "patients/synthea-csv/patients.csv"
VITORIA = "appointments/vitoria-noshow/appointments_20160429-0525.csv.gz"
HEADS = ("PatientId", "AppointmentID", "Gender", "ScheduledDay", "AppointmentDay", "Neighbourhood", "No-show")

Row = dict[str, str]


def written(path: Path, rows: Sequence[Row]) -> Path:
    """Write a list as CSV."""
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return path


class Kept(House):
    """A home whose server stays up, and whose commands need not start anew."""

    keeper: "subprocess.Popen[str]"

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a `glede` command in a process forked from the keeper."""
        assert self.keeper.stdin is not None
        assert self.keeper.stdout is not None
        self.keeper.stdin.write(json.dumps(words) + "\n")
        self.keeper.stdin.flush()
        code = int(self.keeper.stdout.readline())
        return subprocess.CompletedProcess(words, code, *said(self.home))


@contextmanager
def open_house(home: Path) -> Iterator[House]:
    """Have a home whose server stays up between the commands."""
    house = Kept(home)
    house.furnish()
    house.keeper = subprocess.Popen(
        [sys.executable, "-m", "tests.main_job.keeper"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=house.environment(), text=True,
    )  # fmt: skip
    assert house.keeper.stdout is not None
    assert house.keeper.stdout.readline() == "up\n"
    try:
        yield house
    finally:
        house.keeper.communicate(timeout=60)


def done(house: House, *words: str) -> dict[str, Any]:
    """Run a command that must succeed, and return its JSON."""
    ran = house.command(*words, "--json")
    assert ran.returncode == 0, f"{words}: {ran.stderr}"
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def rows_in(path: Path) -> int:
    """Count the rows of a list below its heading."""
    return sum(1 for _ in csv.reader(io.StringIO(path.read_text(encoding="utf-8")))) - 1
