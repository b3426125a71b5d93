"""How quickly anybody is found among 100,000 people, beside the queries of the same search alone."""

from typing import Any

from glede.config.benches.names import FAMILY, GIVEN
from glede.config.benches.pages import Page, at_desk, count_rows, measured, ready
from glede.config.benches.world import World

REQUESTS = 200
TARGET_MILLISECONDS = 80.0


def measure(size: str = "people", requests: int = REQUESTS) -> dict[str, Any]:
    """Build the practice in the database the connection leads to, look for people in each way, return the figures."""
    return of(ready(size), requests)


def of(world: World, requests: int) -> dict[str, Any]:
    """Return the figures of a practice that stands."""
    client = at_desk(world)
    found = {page.name: measured(client, page, requests) for page in _ways()}
    slowest = max(found, key=lambda name: found[name]["p95"])
    figure, limit = found[slowest]["p95"], found[slowest]["queries_p95"]
    return {
        "bench": "search",
        "figure": figure,
        "unit": f"ms, p95 of the slowest way to look for somebody ({slowest})",
        "limit": limit,
        "limit_words": "the queries of the same search alone, in the same run",
        "ratio": round(limit / figure, 2),
        "target": TARGET_MILLISECONDS,
        "ok": figure <= TARGET_MILLISECONDS,
        "requests": requests,
        "people": world.size.people,
        "tokens": count_rows("people_searchtoken", world),
        "found": found,
    }


def _ways() -> list[Page]:
    def given(n: int) -> str:
        return GIVEN[n * 7 % len(GIVEN)]

    def family(n: int) -> str:
        return FAMILY[n * 11 % len(FAMILY)]

    return [
        Page("two beginnings", lambda n: f"/find/?palette=1&q={given(n)[:2]} {family(n)[:3]}"),
        Page("a whole name", lambda n: f"/find/?palette=1&q={given(n)} {family(n)}"),
        Page("one word", lambda n: f"/find/?palette=1&q={family(n)}"),
        Page("digits of a phone", lambda n: f"/find/?palette=1&q=40{n * 37 % 1000:03d}"),
    ]
