"""A browser for the walks: the system's Chromium. Where there is none, the walks are skipped aloud."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from glede.config.postgres import Cluster
from tests.database import clone, pointed_at
from tests.walks.desk import Desk
from tests.walks.stage import Stage, served, set_up

# Playwright keeps an event loop in this thread, and Django then takes every query for one from async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# The browser without a window first: the one with it draws its own bars and buttons too, a third of all its work.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here as a walk, and skip it where no browser is."""
    here = os.path.dirname(__file__) + os.sep
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.walk)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="NO BROWSER HERE: install Chromium to walk"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the system's Chromium instead of one that Playwright would fetch."""
    # Root has no sandbox to offer; what it visits here is our own pages on loopback.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": arguments}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Stand at a desk: 1366 x 768, and nothing moves."""
    desk = {"width": 1366, "height": 768}
    return {**browser_context_args, "viewport": desk, "reduced_motion": "reduce", "locale": "en-GB"}


@pytest.fixture(scope="session")
def morning(cluster: Cluster, template_database: str, django_db_blocker: Any) -> Iterator[tuple[str, Stage]]:
    """Set the morning up once; return the name of its database, to be cloned, and the stage."""
    name = f"run_{os.getpid()}_morning"
    with django_db_blocker.unblock(), clone(cluster, template_database, name):
        with pointed_at(cluster, name):
            stage = set_up("")
        yield name, stage


@contextmanager
def opened(cluster: Cluster, morning: tuple[str, Stage], blocker: Any) -> Iterator[Stage]:
    """Open the morning in a database of its own, behind a web server."""
    of, standing = morning
    name = f"run_{os.getpid()}_walk"
    with blocker.unblock(), clone(cluster, of, name), pointed_at(cluster, name), served() as address:
        # What a walk books is known to its own module alone.
        yield replace(standing, address=address, visits=dict(standing.visits), lists=dict(standing.lists))


@pytest.fixture(scope="module")
def stage(cluster: Cluster, morning: tuple[str, Stage], django_db_blocker: Any) -> Iterator[Stage]:
    """Return the morning; what one walk of a module does, the next one finds."""
    with opened(cluster, morning, django_db_blocker) as stage:
        yield stage


@pytest.fixture(scope="module")
def nobody(cluster: Cluster, template_database: str, django_db_blocker: Any) -> Iterator[str]:
    """Return the address of a Glede in which there is nobody yet."""
    name = f"run_{os.getpid()}_nobody"
    with (
        django_db_blocker.unblock(),
        clone(cluster, template_database, name),
        pointed_at(cluster, name),
        served() as address,
    ):
        yield address


@pytest.fixture(autouse=True)
def patience() -> None:
    """Expect for ten seconds, whatever the walk before had set: the setting is one for the whole process."""
    expect.set_options(timeout=10_000)


@pytest.fixture(autouse=True)
def nothing_went_wrong(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail where a page wrote an error, broke the content policy, or asked another house for anything."""
    if "context" not in request.fixturenames:
        yield
        return
    context: BrowserContext = request.getfixturevalue("context")
    wrong: list[str] = []
    watch(context, wrong)
    yield
    assert [one for one in wrong if "net::ERR_INTERNET_DISCONNECTED" not in one] == []


def watch(context: BrowserContext, wrong: list[str]) -> None:
    """Note in ``wrong`` every error of the console, every request that leaves loopback, every answer of 500."""

    def console(message: ConsoleMessage) -> None:
        # A page that says no (403, 404, 422) is an answer, and the browser writes it down as an error; so does htmx
        # with a question that is still under way when the page is left.
        harmless = "the server responded with a status of 4" in message.text or message.text.startswith("htmx:")
        if message.type == "error" and not harmless:
            wrong.append(f"{message.page.url if message.page else ''}: {message.text}")

    context.on("console", console)
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on("response", lambda answer: wrong.append(f"500 {answer.url}") if answer.status >= 500 else None)
    context.on("request", lambda asked: None if is_ours(asked.url) else wrong.append(f"left the house: {asked.url}"))


def is_ours(url: str) -> bool:
    """Return True for an address on loopback, or one inside the page itself."""
    parts = urlsplit(url)
    return parts.scheme in {"data", "blob", "about"} or parts.hostname in {"127.0.0.1", "localhost"}


@pytest.fixture
def desk(page: Page, stage: Stage) -> Desk:
    """Return a browser at the desk of Solberg, nobody signed in."""
    page.set_default_timeout(15_000)
    return Desk(page, stage)
