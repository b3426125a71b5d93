"""Every page in both languages, both themes and all three widths: nothing in the way, nothing too heavy.

At depth 1 each page is seen once, the looks taking turns; at depth 10 in every look.
"""

import gzip
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.depth import DEPTH
from tests.walks.conftest import watch
from tests.walks.desk import faults
from tests.walks.pages import LOOKS, Look, sights, takes_turn
from tests.walks.stage import Stage

STAFF_BYTES, PATIENT_BYTES = 120_000, 60_000  # a first view; docs/performance.md


def readers(browser: Browser, stage: Stage, look: Look) -> dict[str, Page]:
    """Return a page for each reader, with this look."""
    width, height = look.size
    found = {}
    for who in ("", "sofie", "ingrid"):
        context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
        cookies: list[Any] = [{"name": "glede_look", "value": look.cookie, "url": stage.address}]
        if who:
            cookies.append(stage.session(who))
        context.add_cookies(cookies)
        found[who] = context.new_page()
        found[who].set_default_timeout(20_000)
    return found


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_nothing_stands_in_the_way(browser: Browser, stage: Stage, look: Look) -> None:
    turn = LOOKS.index(look)
    mine = [sight for n, sight in enumerate(sights()) if DEPTH >= 10 or takes_turn(n, turn)]
    pages, wrong = readers(browser, stage, look), list[str]()
    for page in pages.values():
        watch(page.context, wrong)
    for sight in mine:
        page = pages[sight.who]
        sight.open(page, stage)
        wrong += [f"{sight.name} {look.name}: {fault}" for fault in faults(page)]
        language = page.get_attribute("html", "lang") or ""
        if language[:2] != look.language:
            wrong.append(f"{sight.name} {look.name}: speaks {language}")
    for page in pages.values():
        page.context.close()
    assert wrong == []


def weight(context: BrowserContext, stage: Stage, path: str) -> int:
    """Return the bytes of a first view as they travel: texts packed, letters as they are."""
    page, asked = context.new_page(), set[str]()
    page.on("request", lambda request: asked.add(request.url))
    page.goto(stage.address + path)
    page.wait_for_load_state("networkidle")
    page.close()
    total = 0
    for url in asked:  # asked for once more: a browser does not keep every body until somebody reads it
        body = context.request.get(url).body()
        total += len(body) if urlsplit(url).path.endswith(".woff2") else len(gzip.compress(body))
    return total


def test_patient_pages_are_light(context: BrowserContext, stage: Stage) -> None:
    assert weight(context, stage, stage.link("kari")) <= PATIENT_BYTES


def test_staff_pages_are_light(context: BrowserContext, stage: Stage) -> None:
    context.add_cookies([stage.session("ingrid")])  # type: ignore[list-item]
    assert weight(context, stage, "/") <= STAFF_BYTES


def test_the_table_knows_every_page() -> None:
    names = [sight.name for sight in sights()]
    assert len(names) == len(set(names))
    for look in range(len(LOOKS)):
        assert sum(takes_turn(n, look) for n in range(len(names))) >= len(names) // len(LOOKS) - 1
    assert all(any(takes_turn(n, look) for look in range(len(LOOKS))) for n in range(len(names)))
