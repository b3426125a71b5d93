"""How quick the page of a person is whose stream holds 5,000 entries of every kind, and each older page of it."""

import re
from datetime import timedelta
from functools import partial
from typing import Any

from glede.config.benches import PRESENT
from glede.config.benches.pages import LIMIT_MILLISECONDS, Page, at_desk, measured, ready
from glede.config.benches.scratch import gather_statistics
from glede.config.benches.talkative import fill
from glede.config.benches.world import World
from glede.desk.people.stream import KINDS
from glede.diary.queries import times_of

ENTRIES, REQUESTS = 5_000, 100
PLACE = re.compile(r"from=([\w-]+)")


def measure(size: str = "full", requests: int = REQUESTS) -> dict[str, Any]:
    """Build the practice in the database the connection leads to, and return the figures of one person's page."""
    return of(ready(size), requests)


def of(world: World, requests: int = REQUESTS, entries: int = ENTRIES) -> dict[str, Any]:
    """Return the figures of a person of a practice that stands, who gets so many entries first."""
    practice_id, patient_id = world.house.practice_id, world.long_known
    client, address = at_desk(world), f"/people/{patient_id}/"
    before = measured(client, Page("before", lambda _: address), min(5, requests))
    visit_id = times_of(practice_id, patient_id)[0].appointment_id
    # Three by three at one moment, as they are where one act leads to another.
    moments = [PRESENT - timedelta(hours=14 * (entries - number + number % 3)) for number in range(entries)]
    fill(practice_id, patient_id, visit_id, world.house.desk, moments)
    gather_statistics()
    middle = PLACE.search(client.get(address).content.decode())
    addresses = {kind: f"{address}?show={kind}" for kind in KINDS}
    addresses["older"] = f"{address}?from={middle[1]}" if middle else address
    pages = {name: measured(client, Page(name, partial(_same, asked)), requests) for name, asked in addresses.items()}
    slowest = max(pages, key=lambda name: pages[name]["p95"])
    figure, limit = pages[slowest]["p95"], pages[slowest]["queries_p95"]
    return {
        "bench": "person",
        "figure": figure,
        "unit": f"ms, p95 of the page of a person with {entries:,} entries ({slowest})",
        "limit": limit,
        "limit_words": "the queries of the same page alone, in the same run",
        "ratio": round(limit / figure, 2),
        "target": LIMIT_MILLISECONDS,
        "ok": figure <= LIMIT_MILLISECONDS,
        "requests": requests,
        "people": world.size.people,
        "entries": entries,
        "statements": {"before": before["queries"], **{name: page["queries"] for name, page in pages.items()}},
        "pages": pages,
    }


def _same(address: str, number: int) -> str:
    return address
