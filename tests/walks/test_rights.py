"""A person asks about their data and says how to be reached by the link; keys alone do; every page in its looks."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from glede.people.operations import Wanted, ask_for_right
from glede.people.queries.rights import requests_of
from tests.depth import DEPTH
from tests.walks.desk import Desk, faults
from tests.walks.pages import LOOKS, Look
from tests.walks.stage import Stage


@pytest.fixture(scope="module")
def asked(stage: Stage) -> dict[str, str]:
    """Let Kari ask for everything there is, and return where each stands at the desk."""
    house, kari = stage.house, stage.house.people["kari"]
    given: dict[str, Any] = {
        "practice_id": house.id,
        "patient_id": kari,
        "by": house.by("kari"),
        "now": stage.at("09:02"),
    }
    for wanted in (
        Wanted("looks"), Wanted("export"), Wanted("erasure"),
        Wanted("correction", "address", {"street": "Havnegata 12", "postcode": "0150", "city": "Oslo"}),
    ):  # fmt: skip
        ask_for_right(wanted=wanted, **given)
    return {one.kind: reverse("desk:right", args=[one.id]) for one in requests_of(house.id, [kari])}


def test_who_looked_is_shown_with_one_key_and_forgetting_asks_for_the_name(
    desk: Desk, stage: Stage, asked: dict[str, str]
) -> None:
    page = desk.page
    desk.given_signed_in("sofie")
    desk.when_opening(asked["looks"])
    expect(page.get_by_role("heading", level=1)).to_contain_text("asks who has looked")
    with page.expect_navigation():
        page.keyboard.press("y")
    expect(page.get_by_text("They see who has looked on their page")).to_be_visible()
    desk.when_opening(stage.link("kari") + "rights/")
    expect(page.get_by_role("heading", name="Hvem som har sett på opplysningene dine")).to_be_visible()
    expect(page.get_by_text("Sofie").first).to_be_visible()
    desk.when_opening(reverse("desk:forget", args=[stage.house.people["kari"]]))
    page.get_by_label("Write their name").fill("Kari Mo")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text("This is another name").first).to_be_visible()


def test_every_page_of_rights_is_clean_in_its_looks(
    browser: Browser, stage: Stage, asked: dict[str, str], browser_context_args: dict[str, Any]
) -> None:
    kari = stage.house.people["kari"]
    sights = [
        *asked.values(), reverse("desk:forget", args=[kari]), reverse("desk:all_looks"),
        stage.link("kari") + "rights/", stage.link("kari") + "rights/correction/?what=address",
    ]  # fmt: skip
    for number, look in enumerate(LOOKS):
        mine = sights if DEPTH >= 10 else sights[number :: len(LOOKS)]
        if mine:
            _see(browser, stage, look, mine, browser_context_args)


def _see(browser: Browser, stage: Stage, look: Look, sights: list[str], given: dict[str, Any]) -> None:
    width, height = look.size
    context = browser.new_context(**{**given, "viewport": {"width": width, "height": height}})
    context.add_cookies([{"name": "glede_look", "value": look.cookie, "url": stage.address}])
    page: Page = context.new_page()
    Desk(page, stage).given_signed_in("sofie")
    for where in sights:
        page.goto(stage.address + where)
        assert faults(page) == [], f"{where} in {look.name}"
    context.close()


WAYS = {"kari": ("En annen måte for noen meldinger?", "Lagre"), "emily": ("Another way for some messages?", "Save")}


@pytest.mark.parametrize("who", WAYS)
def test_how_to_be_reached_is_said_by_the_keyboard_alone(page: Page, stage: Stage, who: str) -> None:
    other, save = WAYS[who]
    where = stage.address + stage.link(who) + "preferences/"
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(where)
    _tab_to(page, f"summary:has-text('{other}')")
    page.keyboard.press("Enter")
    _tab_to(page, "[name=for_news]")
    page.keyboard.press("E")
    assert faults(page) == []
    _tab_to(page, f"button:text-is('{save}')")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("[name=for_news]").input_value() == "email"
    _tab_to(page, "[name=pause]")
    for _ in range(5):
        page.keyboard.press("ArrowDown")
    _tab_to(page, "[name=until]")
    page.keyboard.type("12122026")  # the same in every order of day and month
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("[name=until]").input_value() == "2026-12-12"
    assert page.locator("[name=pause][value=until]").is_checked()
    assert faults(page) == []


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until what is looked for has the keyboard."""
    wanted = page.locator(selector)
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate_all("all => all.includes(document.activeElement)"):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")
