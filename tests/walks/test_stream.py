"""A long stream with the keyboard: what is earlier comes below, and whoever asked for it reads on there."""

from datetime import timedelta

from playwright.sync_api import expect

from glede.config.benches.talkative import fill
from tests.walks.desk import Desk
from tests.walks.stage import Stage


def test_what_is_earlier_comes_by_the_keyboard(desk: Desk, stage: Stage) -> None:
    house, kari = stage.house, stage.house.people["kari"]
    moments = [house.now - timedelta(days=40, hours=7 * (n - n % 3)) for n in range(99)]
    fill(house.id, kari, stage.visits["kari"], house.by("ingrid"), moments)
    desk.given_signed_in("sofie")
    desk.when_opening(f"/people/{kari}/")
    entries = desk.page.locator(".stream > li")
    assert entries.count() <= 31
    before = desk.page.locator(".stream > li .words").count()
    earlier = desk.page.get_by_role("link", name="Earlier")
    earlier.focus()
    desk.page.keyboard.press("Enter")
    desk.page.locator(".stream > li[tabindex]").wait_for()
    expect(desk.page.locator(".stream > li:focus")).to_have_count(1)
    assert desk.page.locator(".stream > li .words").count() > before
    assert desk.page.locator(".stream > li").nth(before).evaluate("li => li === document.activeElement")
