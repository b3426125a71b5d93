"""How quick the pages are with 50,000 people and 500,000 events, beside their own queries alone."""

import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from glede.config.benches import PRESENT, SIZES
from glede.config.benches.names import FAMILY, GIVEN
from glede.config.benches.present import ZONE, somebody_of
from glede.config.benches.scratch import gather_statistics
from glede.config.benches.world import World, build
from glede.config.prepare import collect
from glede.diary import queries as diary
from glede.kernel import clock
from glede.people.queries import patients_page
from glede.practices import scope
from glede.promises.queries import open_promises
from glede.staff.queries import user_of

REQUESTS, WARM_UP = 200, 5
LIMIT_MILLISECONDS = 150.0
BACKEND = "django.contrib.auth.backends.ModelBackend"
PATIENT_PAGES = frozenset({"visit of a patient"})

Statements = list[tuple[str, Any]]


@dataclass(frozen=True)
class Page:
    """One page: its name, and the address of each request to it."""

    name: str
    address: Callable[[int], str]


@dataclass(frozen=True)
class Timed:
    """How long each request took, in milliseconds, sorted."""

    took: list[float]

    def at(self, share: float) -> float:
        """Return the time within which ``share`` of the requests were answered."""
        return round(self.took[min(len(self.took) - 1, int(len(self.took) * share))], 1)


def measure(size: str = "full", requests: int = REQUESTS) -> dict[str, Any]:
    """Build the practice in the database the connection leads to, ask for every page, and return the figures."""
    began = clock.monotonic()
    world = ready(size)
    built = clock.monotonic()
    return {**of(world, requests), "seconds_to_build": round(built - began, 1)}


def ready(size: str) -> World:
    """Build the practice of a bench, as the web server finds it."""
    world = build(SIZES[size])
    gather_statistics()
    if not settings.GLEDE_TESTING:
        collect()
    # As the web server does at its start; and what building the practice left behind is in no web server.
    gc.collect()
    gc.freeze()
    return world


def of(world: World, requests: int) -> dict[str, Any]:
    """Return the figures of every page of a practice that stands."""
    client = at_desk(world)
    pages = {page.name: measured(client, page, requests) for page in every_page(world)}
    staff = {name: figures for name, figures in pages.items() if name not in PATIENT_PAGES}
    slowest = max(staff, key=lambda name: staff[name]["p95"])
    figure, limit = staff[slowest]["p95"], staff[slowest]["queries_p95"]
    return {
        "bench": "pages",
        "figure": figure,
        "unit": f"ms, p95 of the slowest staff page ({slowest})",
        "limit": limit,
        "limit_words": "the queries of the same page alone, in the same run",
        "ratio": round(limit / figure, 2),
        "target": LIMIT_MILLISECONDS,
        "ok": figure <= LIMIT_MILLISECONDS,
        "requests": requests,
        "people": world.size.people,
        "events": count_rows("ledger_event", world),
        "messages": count_rows("outbox_message", world),
        "pages": pages,
    }


def at_desk(world: World, member: int = 0) -> Client:
    """Return a signed-in browser of one of the colleagues."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(user_of(world.house.practice_id, world.house.members[member]), backend=BACKEND)
    return client


def every_page(world: World) -> Iterator[Page]:
    """Yield each page that is measured, over real rows of the practice."""
    practice_id, house, size = world.house.practice_id, world.house, world.size
    owed = [o.id for o in open_promises(practice_id, limit=40)]
    half = patients_page(practice_id, limit=size.people // 2).next
    today = diary.day(practice_id, clock.day_of(PRESENT, ZONE)).visits
    codes = [diary.appointment_for(practice_id, visit.appointment_id).link_code for visit in today]
    yield Page("today", lambda _: "/")
    yield Page("today with a card", lambda n: f"/?open={owed[n % len(owed)]}")
    yield Page("person with much history", lambda _: f"/people/{world.long_known}/")
    yield Page("any person", lambda n: f"/people/{somebody_of(house, size, n)}/")
    yield Page("diary of the day", lambda _: "/diary/")
    yield Page("diary of the week", lambda _: "/diary/week/")
    yield Page("a clinician's week", lambda n: f"/diary/week/?with={house.chairs[n % len(house.chairs)]}")
    yield Page("diary of the month", lambda _: "/diary/month/")
    yield Page("first free", lambda _: "/diary/free/")
    yield Page("a visit that looks for a place", lambda n: f"/diary/?move={today[n % len(today)].appointment_id}")
    yield Page("visit", lambda n: f"/visits/{today[n % len(today)].appointment_id}/")
    yield Page("outbox", lambda _: "/outbox/")
    yield Page("people", lambda _: "/people/")
    yield Page("people, half-way", lambda _: f"/people/?after={half}")
    yield Page("people found", lambda n: f"/people/?q={typed(n)}")
    yield Page("find", lambda n: f"/find/?palette=1&q={typed(n)}")
    yield Page("settings", lambda _: "/settings/")
    yield Page("visit of a patient", lambda n: f"/t/{codes[n % len(codes)]}/")


def typed(number: int) -> str:
    """Return what is typed in the palette: two beginnings, a whole name, one word, some digits of a phone."""
    given, family = GIVEN[number * 7 % len(GIVEN)], FAMILY[number * 11 % len(FAMILY)]
    return (f"{given[:2]} {family[:3]}", f"{given} {family}", family, f"40{number * 37 % 1000:03d}")[number % 4]


def measured(client: Client, page: Page, requests: int) -> dict[str, Any]:
    """Ask for a page many times; return how long it took, and how long its own queries take alone."""
    numbers = count()
    for _ in range(WARM_UP):
        _ask(client, page, next(numbers))
    timed = Timed(sorted(_ask(client, page, next(numbers))[0] for _ in range(requests)))
    statements: list[Statements] = []
    sizes: list[int] = []
    for _ in range(min(requests, 20)):
        with _noted() as noted:
            sizes.append(_ask(client, page, next(numbers))[1])
        statements.append(noted)
    alone = Timed(sorted(_alone(statements[n % len(statements)]) for n in range(requests)))
    return {
        "p50": timed.at(0.5), "p95": timed.at(0.95), "queries_p50": alone.at(0.5), "queries_p95": alone.at(0.95),
        "queries": max(map(len, statements)), "bytes": max(sizes),
    }  # fmt: skip


def _ask(client: Client, page: Page, number: int) -> tuple[float, int]:
    address = page.address(number)
    began = clock.monotonic()
    response = client.get(address)
    took = (clock.monotonic() - began) * 1000
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")
    return took, len(response.content)


@contextmanager
def _noted() -> Iterator[Statements]:
    noted: Statements = []

    def note(execute: Any, statement: str, params: Any, many: bool, context: Any) -> Any:
        noted.append((statement, params))
        return execute(statement, params, many, context)

    with connection.execute_wrapper(note):
        yield noted


_READS = re.compile(r"\s*(select|with)\b(?!.*\bfor (update|share|no key))", re.I | re.S)


def _alone(statements: Statements) -> float:
    """Return how many milliseconds the reading statements of a page take with nothing around them."""
    with connection.cursor() as cursor, scope.outside():
        began = clock.monotonic()
        for statement, params in statements:
            if _READS.match(statement):
                cursor.cursor.execute(statement, params)
                cursor.cursor.fetchall()
        return (clock.monotonic() - began) * 1000


def count_rows(table: str, world: World) -> int:
    """Return how many rows of the practice a table holds."""
    with scope.transaction(world.house.practice_id), connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {table}")  # noqa: S608 - a table of ours
        return int(cursor.fetchone()[0])
