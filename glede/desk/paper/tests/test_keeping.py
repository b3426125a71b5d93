"""The days on paper as files: made, readable without Glede, taken away, and without whoever was forgotten."""

import stat
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from glede.desk.paper import folder
from glede.desk.paper.keeping import keep_sheets
from glede.diary.operations import book_appointment
from glede.diary.queries import free_times
from glede.diary.requests import Booking
from glede.kernel.clock import at_wall
from glede.ledger.models import Access
from glede.people.operations import erase_patient
from glede.practices import scope
from tests.cast import House, open_nordlys, open_solberg
from tests.seats import at_desk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    settings.GLEDE_HOME = tmp_path
    return tmp_path


@pytest.fixture
def house() -> House:
    return open_solberg("kari", "jonas")


@pytest.fixture
def day(house: House) -> date:
    """A day on which Kari and Jonas come."""
    offers = free_times(house.id, house.services["eye-test"], from_=house.now.date(), days=4, now=house.now, limit=200)
    last = [o for o in offers if o.day == offers[-1].day]
    for name, offer in (("kari", last[0]), ("jonas", last[-1])):
        asked = Booking(
            patient_id=house.people[name], service_id=house.services["eye-test"],
            practitioner_id=offer.practitioner_id, day=offer.day, wall_time=offer.wall_time,
        )  # fmt: skip
        book_appointment(practice_id=house.id, request=asked, by=house.by("ingrid"), now=house.now)
    return offers[-1].day


def at(day: date, hour: str = "08:30") -> datetime:
    return at_wall(day, time.fromisoformat(hour), "Europe/Oslo")


def test_the_morning_lies_there_for_its_owner_alone(house: House, day: date, home: Path) -> None:
    keep_sheets(house.practice, at(day))
    files = list((home / "day-sheets" / house.practice.slug).iterdir())
    assert [one.name for one in files] == [f"{day}-morning.html"]
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    assert stat.S_IMODE(files[0].parent.stat().st_mode) == 0o700
    html = files[0].read_text(encoding="utf-8")
    assert "Kari Moe" in html
    assert "<style>" in html
    assert not any(word in html for word in ("http://", "https://", "<script", "<link"))


def test_it_is_made_once_and_noted_once(house: House, day: date) -> None:
    for minutes in (0, 5, 10):
        keep_sheets(house.practice, at(day) + timedelta(minutes=minutes))
    with scope.transaction(house.id):
        noted = list(Access.objects.filter(page="sheet_kept").values_list("patient_id", "actor_role"))
    assert sorted(noted) == sorted((house.people[name], "system") for name in ("kari", "jonas"))


def test_the_evening_holds_the_next_open_day(house: House, day: date) -> None:
    keep_sheets(house.practice, at(day - timedelta(days=1), "21:00"))
    kept = folder.kept(house.practice)
    assert [(one.wanted.day, one.wanted.when) for one in kept] == [(day, "evening")]
    assert kept[0].people() == {house.people["kari"], house.people["jonas"]}


def test_after_a_week_it_is_taken_away(house: House, day: date) -> None:
    keep_sheets(house.practice, at(day))
    keep_sheets(house.practice, at(day + timedelta(days=7), "03:00"))
    assert day in {one.wanted.day for one in folder.kept(house.practice)}
    keep_sheets(house.practice, at(day + timedelta(days=8), "03:00"))
    assert day not in {one.wanted.day for one in folder.kept(house.practice)}


def test_who_is_forgotten_leaves_the_paper_too(house: House, day: date) -> None:
    keep_sheets(house.practice, at(day))
    erase_patient(
        practice_id=house.id, patient_id=house.people["kari"], reason="asked", by=house.by("sofie"), now=at(day)
    )
    keep_sheets(house.practice, at(day))
    (sheet,) = folder.kept(house.practice)
    assert "Kari" not in sheet.html()
    assert sheet.people() == {house.people["jonas"]}


def test_a_colleague_opens_it_and_the_look_is_noted(house: House, day: date) -> None:
    keep_sheets(house.practice, at(day))
    desk = at_desk(house, "ingrid")
    name = f"{day}-morning.html"
    assert name in desk.get("/diary/sheet/").content.decode()
    answer = desk.get(f"/diary/sheet/{name}/")
    assert "Kari Moe" in answer.content.decode()
    assert "style-src 'self' 'sha256-" in answer["Content-Security-Policy"]
    with scope.transaction(house.id):
        looked = Access.objects.filter(page="sheet", actor_id=house.colleagues["ingrid"])
        assert set(looked.values_list("patient_id", flat=True)) == {house.people["kari"], house.people["jonas"]}


@pytest.mark.parametrize("name", ["2026-01-01-morning.html", "..", "run.json", "2026-11-24-morning.htm"])
def test_nothing_else_is_opened_by_a_name(house: House, name: str) -> None:
    assert at_desk(house, "ingrid").get(f"/diary/sheet/{name}/").status_code == 404


def test_another_practice_has_its_own(house: House, day: date) -> None:
    keep_sheets(house.practice, at(day))
    other = open_nordlys()
    assert at_desk(other, "leif").get(f"/diary/sheet/{day}-morning.html/").status_code == 404
