"""From a key to what is seen: keys pressed in Chromium on a full Today, until the frame after them is painted.

The limit is the same measurement on an empty page of the same browser in the same run.
"""

import shutil
from typing import Any

from django.conf import settings

from glede.config.benches.pages import Timed, at_desk, ready
from glede.config.benches.served import served
from glede.config.benches.world import World
from glede.config.terminal import Refused
from glede.promises.queries import open_promises

PRESSES = 200
TARGET_MILLISECONDS = 100.0
# What somebody does with the keys: down and up the rows, the palette and out of it, words in a card.
ROUND = ("ArrowDown", "ArrowDown", "ArrowUp", "Control+k", "b", "e", "Escape", "ArrowDown")
_WATCH = """() => {
  window.took = [];
  addEventListener("keydown", (event) => requestAnimationFrame(() => {
    const after = new MessageChannel();
    after.port1.onmessage = () => took.push(performance.now() - event.timeStamp);
    after.port2.postMessage(0);
  }), true);
}"""


def measure(size: str = "full", presses: int = PRESSES) -> dict[str, Any]:
    """Build the practice in the database the connection leads to, press keys in a browser, return the figures."""
    if not chromium():
        raise Refused("This bench needs Chromium on this machine.")
    return of(ready(size), presses)


def of(world: World, presses: int) -> dict[str, Any]:
    """Return the figures of a practice that stands. Raises ``Refused``."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise Refused("This bench presses keys in a browser: make setup-dev brings what it needs.") from error
    session = at_desk(world).cookies[settings.SESSION_COOKIE_NAME].value
    owed = next(o.id for o in open_promises(world.house.practice_id, kinds=["answer"], limit=1))
    with served() as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1366, "height": 768}, service_workers="block").new_page()
        base = f"http://127.0.0.1:{port}"
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base}])
        limit = _pressed(page, "about:blank", ["a"] * presses)
        rows = _pressed(page, f"{base}/", [ROUND[n % len(ROUND)] for n in range(presses)])
        words = _pressed(page, f"{base}/?open={owed}#card", [*"we have your glasses here " * 10][:presses])
        browser.close()
    every, empty = Timed(sorted([*rows, *words])), Timed(sorted(limit))
    return {
        "bench": "keys",
        "figure": every.at(0.95),
        "unit": "ms from a key to the painted frame, p95",
        "limit": empty.at(0.95),
        "limit_words": "the same on an empty page, in the same run",
        "ratio": round(empty.at(0.95) / every.at(0.95), 2),
        "target": TARGET_MILLISECONDS,
        "ok": every.at(0.95) <= TARGET_MILLISECONDS,
        "presses": len(every.took),
        "people": world.size.people,
        "rows_p95": Timed(sorted(rows)).at(0.95),
        "words_p95": Timed(sorted(words)).at(0.95),
    }


NAMES = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")


def chromium() -> str:
    """Return this machine's Chromium, "" where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), "")


def _pressed(page: Any, address: str, keys: list[str]) -> list[float]:
    page.goto(address)
    page.evaluate(_WATCH)
    page.evaluate("document.activeElement === document.body && document.querySelector('[data-row]')?.focus()")
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_timeout(200)
    found: list[float] = page.evaluate("took")
    return found
