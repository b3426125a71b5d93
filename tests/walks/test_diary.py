"""The day in a browser: a visit is dragged and taken back, dropped where somebody is, and moved by keys."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from glede.diary.queries import appointment_for
from tests.walks.desk import Desk
from tests.walks.stage import Stage, book

DAY = "/diary/2026-11-30/"
BLOCK = ".chair [data-move]:has-text('{}')"


def drag(page: Page, name: str, to: str, *, down: int = 0) -> None:
    """Take a visit at its upper left and carry it onto something, ``down`` pixels below its top."""
    box, there = page.locator(BLOCK.format(name)).bounding_box(), page.locator(to).first.bounding_box()
    assert box
    assert there
    page.mouse.move(box["x"] + 20, box["y"] + 4)
    page.mouse.down()
    page.mouse.move(there["x"] + 20, there["y"] + down + 4, steps=4)


def hour(stage: Stage, name: str) -> str:
    return f"{appointment_for(stage.house.id, stage.visits[name]).wall_time:%H:%M}"


def test_a_visit_is_dragged_taken_back_and_told_what_was_taken(desk: Desk, stage: Stage) -> None:
    page = desk.page
    for name, at in (("mette", "10:00"), ("sunniva", "12:00")):
        stage.visits[name] = book(stage, name, 6, at)
    desk.given_signed_in("ingrid")
    desk.when_opening(DAY)
    column = page.locator(BLOCK.format("Mette Dahl")).locator("xpath=..").get_attribute("aria-label")
    chair = f".chair[aria-label='{column}']"
    drag(page, "Mette Dahl", chair, down=5 * 12 * 6)  # five hours below the nine at the top
    expect(page.locator(".ghost")).to_contain_text("14:00")
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".ghost")).to_have_count(0)
    drag(page, "Mette Dahl", chair, down=5 * 12 * 6)
    page.mouse.up()
    desk.then_reads("Mette Dahl to Mon 30 Nov 14:00, told in 3 minutes")
    assert hour(stage, "mette") == "14:00"
    desk.when_pressing("z")
    desk.then_reads("Back where it was.")
    assert hour(stage, "mette") == "10:00"
    drag(page, "Mette Dahl", BLOCK.format("Sunniva Aasen"))
    page.mouse.up()
    desk.then_reads("Someone took 12:00 a moment ago.", "These 3 are free for Mette")
    second = page.locator(".picks input").nth(1).get_attribute("value") or ""
    desk.when_pressing("2", "Enter")
    desk.then_reads("told in 3 minutes")
    assert hour(stage, "mette") == second[11:16]


def test_three_keys_move_a_visit_of_the_day_and_letters_change_the_view(desk: Desk, stage: Stage) -> None:
    desk.given_signed_in("ingrid")
    desk.when_opening("/diary/2026-11-26/")
    for view, where in (("w", "/diary/week/2026-11-26/"), ("o", "/diary/month/2026-11/"), ("d", "/diary/2026-11-")):
        desk.when_pressing(view)
        desk.then_is_at(where)
    desk.when_opening("/diary/2026-11-26/")
    row = desk.page.locator(BLOCK.format("Kari Moe"))
    row.focus()
    desk.when_pressing("m")
    desk.then_reads("These 3 are free for Kari")
    second = desk.page.locator(".picks input").nth(1).get_attribute("value") or ""
    desk.when_pressing("2", "Enter")
    desk.then_reads("told in 3 minutes")
    assert hour(stage, "kari") == second[11:16]
    desk.when_pressing("f")
    desk.then_reads("When is the first free time?")
    desk.when_pressing("1")
    desk.then_reads("Who comes?")


class TestByAFinger:
    @pytest.fixture
    def browser_context_args(self, browser_context_args: dict[str, Any]) -> dict[str, Any]:
        return {**browser_context_args, "viewport": {"width": 1180, "height": 820}, "has_touch": True}

    def opened(self, desk: Desk) -> tuple[float, float]:
        """Open the day; return where a finger takes Tor's visit."""
        desk.when_opening("/diary/2026-12-01/")
        desk.page.wait_for_load_state()
        box = desk.page.locator(BLOCK.format("Tor Lind")).bounding_box()
        assert box
        return box["x"] + 40, box["y"] + 8

    def test_one_that_moves_at_once_scrolls_and_one_that_rests_carries_the_visit(
        self, desk: Desk, stage: Stage
    ) -> None:
        stage.visits["tor"] = book(stage, "tor", 7, "10:00")
        later = f"{int(hour(stage, 'tor')[:2]) + 2}{hour(stage, 'tor')[2:]}"
        desk.given_signed_in("ingrid")
        desk.page.clock.install(time=0)
        desk.page.clock.pause_at(1000)  # from here on the page's own clock goes on when it is told to
        ghost, finger = desk.page.locator(".ghost"), desk.page.context.new_cdp_session(desk.page)

        def touch(kind: str, at: tuple[float, float] | None = None, down: int = 0) -> None:
            points = [{"x": at[0], "y": at[1] + down}] if at else []
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        at = self.opened(desk)
        touch("touchStart", at)
        touch("touchMove", at, 40)
        touch("touchMove", at, 80)
        touch("touchEnd")
        desk.page.clock.run_for(1000)
        expect(ghost).to_have_count(0)
        at = self.opened(desk)
        touch("touchStart", at)
        desk.page.clock.run_for(1000)  # it rested long enough
        expect(ghost).to_have_count(1)
        touch("touchMove", at, 12 * 6)
        touch("touchMove", at, 2 * 12 * 6)
        expect(ghost).to_contain_text(later)
        touch("touchEnd")
        desk.then_reads(f"Tor Lind to Tue 1 Dec {later}, told in 3 minutes")
        assert hour(stage, "tor") == later
