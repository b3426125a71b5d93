"""The pictures of docs/desk.md, taken of the morning of the walks (make pictures)."""

import os
from collections.abc import Callable
from datetime import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from glede.diary.operations import squeeze_in
from glede.diary.queries import appointment_for
from glede.diary.requests import Booking
from tests.walks.pages import Look
from tests.walks.stage import Stage
from tests.walks.test_every_page import readers

FOLDER = os.environ.get("GLEDE_TEST_PICTURES", "")
PICTURES: dict[str, Callable[[Stage], str]] = {
    "counter": lambda s: f"/counter/{s.house.people['tor']}/",
    "call": lambda s: f"/calls/?person={s.house.people['kari']}",
    "squeezed": lambda s: "/diary/",
    "moving": lambda s: f"/diary/2026-11-26/?move={s.visits['kari']}",
    "delay": lambda s: f"/delay/?with={appointment_for(s.house.id, s.visits['mette']).practitioner_id}&minutes=30",
}
pytestmark = pytest.mark.skipif(not FOLDER, reason="pictures are taken by `make pictures`")


def squeeze_berit_in(stage: Stage) -> None:
    """Squeeze somebody in beside Jonas, who comes at twenty past nine."""
    house, beside = stage.house, appointment_for(stage.house.id, stage.visits["jonas"])
    asked = Booking(
        patient_id=house.people["berit"], day=beside.day, wall_time=time(9, 30),
        practitioner_id=beside.practitioner_id, minutes=20,
    )  # fmt: skip
    squeeze_in(practice_id=house.id, request=asked, reason="urgent", by=house.by("ingrid"), now=stage.at("09:02"))


def test_the_pictures_of_a_day_at_the_desk(browser: Browser, stage: Stage) -> None:
    squeeze_berit_in(stage)
    page = readers(browser, stage, Look("en", "light", "desktop"))["ingrid"]
    for name, where in PICTURES.items():
        page.goto(stage.address + where(stage))
        page.screenshot(path=Path(FOLDER).resolve() / f"{name}.png")
    page.context.close()
