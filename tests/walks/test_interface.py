"""The interface by itself: the keyboard law, menus and sheets, both themes and widths, and all of it without scripts.

No server and no database: the browser's requests are answered by Django's test client.
"""

from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import BrowserContext, Page, Route

HOUSE = "http://localhost"
GALLERY = f"{HOUSE}/ui/gallery/"
FOUND = '<li role="none"><a href="#kari" role="option" id="found-1" aria-selected="true">Kari Moe</a></li>'
CURRENT = "document.querySelector('[data-row][aria-current]').id"


def _answer(route: Route) -> None:
    address = urlsplit(route.request.url)
    if address.path.startswith("/static/"):
        path = finders.find(address.path.removeprefix("/static/"))
        route.fulfill(path=path) if path else route.abort()
        return
    if "q=" in address.query:
        route.fulfill(body=FOUND, content_type="text/html")
        return
    client = Client()
    headers = {"Cookie": route.request.header_value("cookie") or "", "Accept-Language": "en-GB"}
    where = address.path + (f"?{address.query}" if address.query else "")
    if route.request.method == "POST":
        body = route.request.post_data or ""
        kind = route.request.header_value("content-type") or "application/x-www-form-urlencoded"
        answer: Any = client.generic("POST", where, body, kind, headers=headers)
    else:
        answer = client.get(where, headers=headers)
    kept = {name: str(value) for name, value in answer.items()}
    if answer.cookies:
        kept["Set-Cookie"] = answer.cookies.output(header="").strip()
    route.fulfill(status=answer.status_code, headers=kept, body=answer.content)


@pytest.fixture
def gallery(context: BrowserContext, page: Page) -> Page:
    context.route("**/*", _answer)
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(GALLERY)
    page.evaluate("document.activeElement.blur()")
    return page


def test_a_letter_presses_the_verb_of_the_row_with_the_keys(gallery: Page) -> None:
    gallery.keyboard.press("c")
    gallery.wait_for_url("**#call")
    gallery.keyboard.press("ArrowDown")
    assert gallery.evaluate(CURRENT) == "row-2"
    gallery.keyboard.press("r")
    gallery.wait_for_url("**#reply")


def test_enter_presses_the_one_solid_verb(gallery: Page) -> None:
    gallery.keyboard.press("ArrowDown")
    gallery.keyboard.press("ArrowUp")
    gallery.keyboard.press("Enter")
    gallery.wait_for_url("**#call")


def test_letters_do_nothing_in_a_field_or_a_dialog(gallery: Page) -> None:
    gallery.fill("#composer-words", "Liv")
    gallery.focus("#composer-words")
    gallery.keyboard.type("c")
    assert gallery.input_value("#composer-words").endswith("c")
    gallery.click("button[data-opens]:visible")
    gallery.keyboard.press("c")
    assert gallery.url == GALLERY


def test_letters_can_be_switched_off(gallery: Page) -> None:
    gallery.click(".me > summary")
    gallery.click("button[name=keys][value=off]")
    for _ in range(100):  # the page does not wait for its cookie, so the test does
        if any(cookie.get("value", "").endswith(".off") for cookie in gallery.context.cookies()):
            break
        gallery.wait_for_timeout(50)
    gallery.reload()
    gallery.evaluate("document.activeElement.blur()")
    gallery.keyboard.press("c")
    assert gallery.url == GALLERY


def test_a_letter_with_ctrl_belongs_to_the_browser(gallery: Page) -> None:
    gallery.keyboard.press("Control+c")
    assert gallery.url == GALLERY


def test_the_palette_opens_searches_and_goes(gallery: Page) -> None:
    gallery.keyboard.press("Control+k")
    gallery.keyboard.type("kari")
    gallery.wait_for_selector("#palette-found [role=option]")
    gallery.keyboard.press("Enter")
    gallery.wait_for_url("**#kari")


def test_a_sheet_opens_and_esc_closes_it(gallery: Page) -> None:
    gallery.click("button[data-opens]:visible")
    assert gallery.locator("dialog.sheet[open]").count() == 1
    gallery.keyboard.press("Escape")
    assert gallery.locator("dialog.sheet[open]").count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1366])
def test_axe_finds_nothing(context: BrowserContext, gallery: Page, theme: str, width: int) -> None:
    context.add_cookies([{"name": "glede_look", "value": f"1.{theme}..on", "url": HOUSE}])
    gallery.set_viewport_size({"width": width, "height": 844})
    gallery.goto(GALLERY)
    found = Axe().run(gallery).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["target"]) for fault in found] == []
    assert gallery.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", ["1", "3"])
def test_a_patient_page_fits_a_narrow_phone_at_every_size(context: BrowserContext, gallery: Page, size: str) -> None:
    context.add_cookies([{"name": "glede_look", "value": f"{size}.dark.nb.on", "url": HOUSE}])
    gallery.set_viewport_size({"width": 320, "height": 640})
    gallery.goto(f"{HOUSE}/nowhere-at-all/")
    assert gallery.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert Axe().run(gallery).response["violations"] == []
    targets = gallery.evaluate("[...document.querySelectorAll('a, button')].map(e => e.getBoundingClientRect().height)")
    assert min(targets) >= 48


class TestWithoutScripts:
    @pytest.fixture
    def browser_context_args(self, browser_context_args: dict[str, Any]) -> dict[str, Any]:
        return {**browser_context_args, "java_script_enabled": False}

    def test_looks_and_language_change(self, context: BrowserContext, page: Page) -> None:
        context.route("**/*", _answer)
        page.goto(GALLERY)
        self.press(page, "button[name=theme][value=dark]")
        assert page.get_attribute("html", "data-theme") == "dark"
        self.press(page, "button[name=language]")
        assert page.get_attribute("html", "lang") == "nb"
        assert page.get_attribute("html", "data-theme") == "dark"

    def press(self, page: Page, button: str) -> None:
        page.click(".me > summary")
        with page.expect_event("framenavigated"), page.expect_request("**/ui/look/"):
            page.click(button)
        # a redirect that a route gave is not routed again: go back by hand
        page.goto(GALLERY)
