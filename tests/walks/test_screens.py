"""Contact sheets: every page of the table in every look, as pictures to be looked at by a person (make screens)."""

import os
from html import escape
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.walks.pages import LOOKS, Look, sights
from tests.walks.stage import Stage
from tests.walks.test_every_page import readers

FOLDER = os.environ.get("GLEDE_TEST_SCREENS", "")
TALL = 2400  # pixels: what a sheet shows of a page that is longer
pytestmark = pytest.mark.skipif(not FOLDER, reason="pictures are taken by `make screens`")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_a_sheet_of_every_page(browser: Browser, stage: Stage, look: Look) -> None:
    folder = Path(FOLDER).resolve() / look.name
    folder.mkdir(parents=True, exist_ok=True)
    pages, made = readers(browser, stage, look), list[Path]()
    for sight in sights():
        page = pages[sight.who]
        sight.open(page, stage)
        height = min(TALL, int(page.evaluate("document.documentElement.scrollHeight")))
        made.append(folder / f"{sight.name}.png")
        clip = {"x": 0, "y": 0, "width": look.size[0], "height": max(height, look.size[1])}
        page.screenshot(path=made[-1], full_page=True, clip=clip)  # type: ignore[arg-type]
    for page in pages.values():
        page.context.close()
    sheet(browser, made, columns={"desktop": 4, "tablet": 6, "phone": 8}[look.width])
    assert (folder.with_suffix(".png")).exists()


def sheet(browser: Browser, pictures: list[Path], columns: int) -> None:
    """Put pictures side by side with their names under them, and take one picture of it all."""
    shown = "".join(
        f"<figure><img src='{p.as_uri()}'><figcaption>{escape(p.stem)}</figcaption></figure>" for p in pictures
    )
    style = f"body{{display:grid;gap:12px;grid-template-columns:repeat({columns},1fr)}}body{{background:#777}}"
    style += "figure{margin:0}img{width:100%}"
    folder = pictures[0].parent
    file = folder.with_suffix(".html")
    file.write_text(f"<!doctype html><title>{folder.name}</title><style>{style}</style>{shown}", encoding="utf-8")
    page = browser.new_page(viewport={"width": 2400, "height": 1200})
    page.goto(file.as_uri())
    page.screenshot(path=folder.with_suffix(".png"), full_page=True)
    page.close()
