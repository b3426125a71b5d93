"""Two desks, and a line that drops: what one does the other sees, and nothing that was typed is lost."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from glede.inbox.queries import conversation_of
from glede.promises.queries import open_promises
from tests.house import until
from tests.walks.desk import Desk
from tests.walks.stage import Stage, says

PAGES = "caches.open('glede-pages').then((kept) => kept.keys()).then((pages) => pages.length)"
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('kept:')).length"
WORDS = "Swim as you like, Sunniva, but take the lenses out first."


@pytest.fixture(scope="module")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Let the browser keep what a real one keeps."""
    return {**browser_context_args, "service_workers": "allow"}


def answer_to(stage: Stage, name: str) -> str:
    """Return the id of the promise to answer somebody."""
    house = stage.house
    return str(next(o.id for o in open_promises(house.id, kinds=["answer"]) if o.patient_id == house.people[name]))


def second(browser: Browser, stage: Stage, args: dict[str, Any]) -> Desk:
    page = browser.new_context(**args).new_page()
    return Desk(page, stage)


def test_two_colleagues_on_one_row_and_a_change_seen_without_a_key(
    desk: Desk, stage: Stage, browser: Browser, browser_context_args: dict[str, Any]
) -> None:
    other = second(browser, stage, browser_context_args)
    desk.given_signed_in("sofie")
    other.given_signed_in("ingrid")
    promise = answer_to(stage, "kari")
    other.when_opening(f"/?open={promise}#card")
    desk.when_opening("/")
    row = desk.page.locator(f"#row-promise-{promise}")
    expect(row).to_contain_text("Ingrid has this open")
    other.page.locator("#card textarea").press_sequentially("Hello")
    expect(row).to_contain_text("Ingrid is writing")
    desk.page.locator("[data-row]").nth(2).focus()
    held = desk.page.evaluate("document.activeElement.id")
    says(stage, "per", "Are you open on Saturday?", stage.at("09:02"))
    expect(desk.page.locator("#now")).to_contain_text("Are you open on Saturday?")
    assert desk.page.evaluate("document.activeElement.id") == held
    expect(other.page.locator("#now")).to_contain_text("Are you open on Saturday?")
    expect(other.page.locator("#card textarea")).to_have_value("Hello")
    other.page.context.close()


def test_the_line_drops_and_nothing_typed_is_lost(stage: Stage, desk: Desk, context: BrowserContext) -> None:
    page = desk.page
    desk.given_signed_in("ingrid")
    promise = answer_to(stage, "sunniva")
    talk = conversation_of(stage.house.id, stage.house.people["sunniva"])
    said_before = len(talk.pieces)
    page.goto(f"{stage.address}/?open={promise}#card")
    until(lambda: page.evaluate(PAGES) == 1, 15)
    page.locator("#card textarea").press_sequentially(WORDS[:20])
    context.set_offline(True)
    page.locator("#card textarea").press_sequentially(WORDS[20:])
    expect(page.locator(".banner.line")).to_contain_text(re.compile(r"No connection since \d\d:\d\d"))
    page.keyboard.press("Control+Enter")
    expect(page.locator(".banner.line")).to_contain_text("Not sent: there is no connection.")
    page.reload()
    desk.then_reads("No connection since", "Kept here since")
    expect(page.locator("#card textarea")).to_have_value(WORDS)
    page.goto(f"{stage.address}/diary/")
    desk.then_reads("No connection since", "Good morning, Ingrid")
    page.goto(f"{stage.address}/?open={promise}#card")
    context.set_offline(False)
    expect(page.locator(".banner.line")).to_be_hidden()
    expect(page.locator("#card textarea")).to_have_value(WORDS)
    page.locator("#card textarea").press("Control+Enter")
    desk.then_reads("Sent.")
    talk = conversation_of(stage.house.id, stage.house.people["sunniva"])
    assert [piece.words for piece in talk.pieces[said_before:]] == [WORDS]
    until(lambda: page.evaluate(KEPT) == 0, 15)
    page.goto(f"{stage.address}/accounts/logout/")
    page.click("main button")
    page.wait_for_url("**/accounts/login/**")
    until(lambda: page.evaluate("caches.keys()") == [], 15)
