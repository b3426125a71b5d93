"""A browser for the walks: the system's Chromium. Where there is none, the walks are skipped aloud."""

import os
import shutil
from typing import Any

import pytest

# Playwright keeps an event loop in this thread, and Django then takes every query for one from async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


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
