"""Kari's link, from the confirmation to the thank-you: once without JavaScript, once on a phone and in English."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from glede.config.postgres import Cluster
from glede.diary import operations as diary
from glede.diary.queries import appointment_for
from tests.walks.conftest import opened
from tests.walks.desk import faults
from tests.walks.stage import Stage

WORDS = {
    "kari": {
        "confirm": "Bekreft", "confirmed": "Vi gleder oss til å se deg.", "move": "Flytt timen",
        "take": "Ta denne timen", "ask": "Skriv til oss", "send": "Send til Solberg Optikk",
        "reach": "Endre hvordan vi når deg", "keep": "Lagre",
        "late": "Jeg er forsinket", "tell": "Si fra", "late_told": "10 minutter", "thanks": "Takk",
    },
    "emily": {
        "confirm": "Confirm", "confirmed": "We look forward to seeing you.", "move": "Move it",
        "take": "Take this time", "ask": "Message us", "send": "Send to Solberg Optikk",
        "reach": "Change how we reach you", "keep": "Save",
        "late": "I am running late", "tell": "Tell us", "late_told": "10 minutes", "thanks": "Thank you",
    },
}  # fmt: skip


class Guest:
    """Somebody with a link and nothing else."""

    def __init__(self, page: Page, stage: Stage, who: str) -> None:
        self.page, self.stage, self.who, self.words = page, stage, who, WORDS[who]

    def given_the_link(self) -> None:
        self.page.goto(self.stage.address + self.stage.link(self.who))

    def when_following(self, link: str) -> None:
        self.page.get_by_role("link", name=self.words[link], exact=True).first.click()

    def when_pressing(self, button: str) -> None:
        self.page.get_by_role("button", name=self.words[button], exact=True).click()

    def when_choosing(self, name: str, value: str) -> None:
        self.page.locator(f"label:has(input[name={name}][value='{value}'])").click()

    def then_reads(self, *words: str) -> None:
        for part in words:
            expect(self.page.locator("main")).to_contain_text(self.words.get(part, part))

    def then_it_is_kind_to_read(self) -> None:
        assert faults(self.page) == []


def a_whole_visit(guest: Guest) -> None:
    """Confirm, move, ask, say how to be reached, run late, and tell how it went."""
    stage, page = guest.stage, guest.page
    guest.given_the_link()
    guest.when_pressing("confirm")
    guest.then_reads("confirmed")
    before = appointment_for(stage.house.id, stage.visits[guest.who])
    guest.when_following("move")
    page.locator("label:has(input[name=slot])").nth(1).click()
    guest.when_pressing("take")
    moved = appointment_for(stage.house.id, stage.visits[guest.who])
    assert moved.starts_at != before.starts_at
    assert moved.link_code == before.link_code
    guest.given_the_link()
    guest.when_following("ask")
    page.fill("textarea", "Is there a ramp at the door?")
    guest.when_pressing("send")
    guest.then_reads("Is there a ramp at the door?")
    guest.given_the_link()
    guest.when_following("reach")
    guest.when_choosing("style", "short")
    guest.when_pressing("keep")
    assert page.locator("input[name=style][value=short]").is_checked()
    the_day_itself(guest)


def the_day_itself(guest: Guest) -> None:
    """Run late on the day, come, go, and tell how it went."""
    stage, page = guest.stage, guest.page
    start = appointment_for(stage.house.id, stage.visits[guest.who]).starts_at
    stage.clock(max(start - timedelta(minutes=50), stage.at("09:02")))
    guest.given_the_link()
    guest.when_following("late")
    guest.when_choosing("minutes", "10")
    guest.when_pressing("tell")
    guest.given_the_link()
    guest.then_reads("late_told")
    given: dict[str, Any] = {"practice_id": stage.house.id, "by": stage.house.by("ingrid")}
    given["appointment_id"] = stage.visits[guest.who]
    stage.clock(start + timedelta(minutes=10))
    diary.arrive_appointment(now=start + timedelta(minutes=10), **given)
    diary.start_appointment(now=start + timedelta(minutes=11), **given)
    diary.finish_appointment(now=start + timedelta(minutes=50), **given)
    stage.clock(start + timedelta(hours=4))
    page.goto(stage.address + stage.link(guest.who) + "feedback/")
    guest.when_choosing("score", "5")
    page.fill("textarea", "Amal explained it calmly.")
    guest.when_pressing("send")
    guest.then_reads("thanks", "Amal explained it calmly.")


@pytest.fixture
def stage(cluster: Cluster, morning: tuple[str, Stage], django_db_blocker: Any) -> Iterator[Stage]:
    with opened(cluster, morning, django_db_blocker) as stage:
        yield stage


class TestWithoutScripts:
    @pytest.fixture
    def browser_context_args(self, browser_context_args: dict[str, Any]) -> dict[str, Any]:
        return {**browser_context_args, "java_script_enabled": False}

    def test_everything_works(self, page: Page, stage: Stage) -> None:
        page.set_default_timeout(15_000)
        a_whole_visit(Guest(page, stage, "kari"))


class TestOnAPhone:
    @pytest.fixture
    def browser_context_args(self, browser_context_args: dict[str, Any]) -> dict[str, Any]:
        return {**browser_context_args, "viewport": {"width": 390, "height": 844}, "has_touch": True}

    def test_everything_works(self, page: Page, stage: Stage) -> None:
        page.set_default_timeout(15_000)
        a_whole_visit(Guest(page, stage, "emily"))

    def test_what_she_asked_stands_at_the_desk(self, page: Page, stage: Stage) -> None:
        guest = Guest(page, stage, "emily")
        guest.given_the_link()
        guest.when_following("ask")
        page.fill("textarea", "May my dog come in?")
        guest.when_pressing("send")
        guest.then_it_is_kind_to_read()
        page.context.add_cookies([stage.session("ingrid")])  # type: ignore[list-item]
        page.goto(stage.address + "/")
        expect(page.locator("main")).to_contain_text("May my dog come in?")
