"""News to many, with keys alone: written, seen as it is received, begun, and taken back."""

from playwright.sync_api import expect

from tests.walks.desk import Desk


def reach(desk: Desk, selector: str) -> None:
    """Go on by Tab until something has the focus."""
    for _ in range(60):
        if desk.page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
        desk.when_pressing("Tab")
    raise AssertionError(f"no key leads to {selector} on {desk.page.url}")


def test_an_owner_writes_begins_and_takes_back_with_keys_alone(desk: Desk) -> None:
    page = desk.page
    desk.given_signed_in("sofie")
    desk.when_opening("/outbox/campaigns/")
    reach(desk, "a.verb.go")
    with page.expect_navigation():
        desk.when_pressing("Enter")
    reach(desk, "[name=name]")
    desk.when_writing("Open evening")
    reach(desk, "[name=subject_en]")
    desk.when_writing("An evening at {practice}")
    reach(desk, "[name=text_en]")
    desk.when_writing("Dear {first_name}, come and see us on Thursday.")
    expect(page.frame_locator("#as-read iframe").get_by_text("Dear Kari, come and see us")).to_be_visible()
    reach(desk, "button.verb.go")
    with page.expect_navigation():
        desk.when_pressing("Enter")
    expect(page.locator(".errors")).to_contain_text("Nobody we know is on the list")
    desk.when_opening(f"/outbox/campaigns/{desk.stage.campaign}/")
    expect(page.locator("h1")).to_contain_text("Lens evening")
    reach(desk, "form[action$='/begin/'] .verb.go")
    with page.expect_navigation():
        desk.when_pressing("Enter")
    expect(page.locator(".lead .fate")).to_contain_text("Under way since")
    reach(desk, ".lead form[action$='/stop/'] .verb")
    with page.expect_navigation():
        desk.when_pressing("Enter")
    expect(page.locator(".lead .fate")).to_contain_text("Taken back, nothing left")
