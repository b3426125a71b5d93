"""Where the points are measured: the practice of the walks behind a web server, a browser, and how much is asked."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.checklist.seeing import Seen, see_every_page
from tests.walks.stage import Stage

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Scene:
    """``size`` is "full", or "small": benches with fewer people, each page in two looks instead of four.

    ``elsewhere`` opens the same morning once more, for what changes it.
    """

    stage: Stage
    browser: Browser
    size: str
    elsewhere: Callable[[], AbstractContextManager[Stage]]
    benches: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def is_small(self) -> bool:
        """Whether figures are wanted soon rather than at full size."""
        return self.size == "small"

    @cached_property
    def seen(self) -> Seen:
        """Every page in its looks, opened once for all the points that look at pages."""
        return see_every_page(self.browser, self.stage, is_small=self.is_small)

    @contextmanager
    def page(self, who: str = "", stage: Stage | None = None, **context: Any) -> Iterator[Page]:
        """Open a fresh browser as a colleague, or as nobody."""
        given = {"viewport": {"width": 1366, "height": 768}, "reduced_motion": "reduce"} | context
        opened = self.browser.new_context(**given)
        there = stage or self.stage
        cookies: list[Any] = [{"name": "glede_look", "value": "1.light.en-gb.on", "url": there.address}]
        opened.add_cookies(cookies + ([there.session(who)] if who else []))
        page = opened.new_page()
        page.set_default_timeout(20_000)
        yield page
        opened.close()

    def bench(self, name: str, full: str, small: str) -> dict[str, Any]:
        """Run ``glede bench`` in a home of its own, and return its figures; ``full`` and ``small`` are its words."""
        if name not in self.benches:
            with tempfile.TemporaryDirectory(prefix="glede-checklist-") as home:
                command = [sys.executable, "-m", "glede.config.cli", "bench", name, "--json"]
                command += (small if self.is_small else full).split()
                done = subprocess.run(command, cwd=ROOT, env=_clean(home), capture_output=True, text=True, check=False)
            self.benches[name] = json.loads(done.stdout) if done.returncode == 0 else {"error": done.stderr[-200:]}
        return self.benches[name]


def _clean(home: str) -> dict[str, str]:
    """Return an environment without the traces of a test run, for a Glede in ``home``."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("GLEDE_", "DATABASE_", "DJANGO_"))
    }
    return kept | {"GLEDE_HOME": home, "GLEDE_BACKUP": "no"}
