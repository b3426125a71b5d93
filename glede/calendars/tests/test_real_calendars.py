"""Every calendar of the folder of real ones, and the 43 rules with their known times."""

import os
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from glede.calendars.reading.events import read_calendar
from glede.calendars.reading.recurrence import Steps, moments
from glede.calendars.reading.rule_text import read_moment, read_rule
from glede.calendars.reading.values import Unreadable, Window
from glede.calendars.tests.test_reading import mutated, read_or_refuse
from tests.depth import count

NOW = Window(datetime(2026, 11, 22, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC), "Europe/Oslo")
LONG = Window(datetime(1990, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC), "Europe/Oslo")
REFUSED = {"availabilities__rfc_7953_1.ics", "calendars__issue_178_custom_component_contains_other.ics"}


@pytest.fixture(scope="module")
def folder() -> Path:
    data = os.environ.get("GLEDE_TEST_DATA", "")
    if not data or not (Path(data) / "calendars").is_dir():
        pytest.skip("GLEDE_TEST_DATA holds no calendars")
    return Path(data) / "calendars"


def files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def cases(folder: Path) -> list[dict[str, str]]:
    """Return the rules with what they begin with and what is expected of them."""
    found, text = [], (folder / "rrule-libical" / "icalrecur_cases.txt").read_text(encoding="utf-8")
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if ":" in line and not line.startswith("#")]
        if lines:
            found.append(dict(line.split(":", 1) for line in lines))
    return found


def test_the_43_rules_have_the_times_the_folder_says(folder: Path) -> None:
    told = cases(folder)
    assert len(told) == 43
    for case in told:
        start = read_moment(case["DTSTART"].rstrip("Z"))
        found = list(moments(read_rule(case["RRULE"]), start, from_=start, until=datetime(2100, 1, 1), steps=Steps()))
        assert found == [read_moment(one.rstrip("Z")) for one in case["INSTANCES"].split(",")], case["RRULE"]


@pytest.mark.parametrize("window", [NOW, LONG])
def test_every_file_is_read_or_refused_with_a_reason(folder: Path, window: Window) -> None:
    refused = {}
    for path in files(folder):
        try:
            read = read_calendar(path.read_bytes(), window)
        except Unreadable as refusal:
            refused[path.name] = str(refusal)
            continue
        told = read.counts()
        assert told["events"] == told["busy"] + told["free"] + told["outside"] + told["refused"], path.name
        assert not told["refused"] or read.findings, path.name
    assert {name for name in refused if name.endswith(".ics")} == REFUSED
    assert set(refused.values()) == {"no_calendar"}


@pytest.mark.parametrize(
    ("name", "times"),
    [
        ("recurring-ical-events/recurring_events_moved.ics", 7), ("recurring-ical-events/each_week_but_one_deleted.ics",
         7), ("recurring-ical-events/one_event.ics", 1), ("ical.js/recur_instances_finite.ics", 5),
        ("ical.js/google_birthday.ics", 6), ("icalendar/freebusy__example.ics", 3),
    ],
)  # fmt: skip
def test_what_the_files_hold_is_counted(folder: Path, name: str, times: int) -> None:
    assert len(read_calendar((folder / name).read_bytes(), LONG).busy) == times


def test_real_files_with_something_changed_give_no_traceback(folder: Path) -> None:
    dice, there = random.Random(7), [p.read_bytes() for p in files(folder) if p.suffix == ".ics"]
    for _ in range(count(2000)):
        read_or_refuse(mutated(dice.choice(there).replace(b"\n", b"\r\n"), dice))
