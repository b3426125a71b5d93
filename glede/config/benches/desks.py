"""Twenty colleagues at once: pages, small questions, drafts and messages over the line, and not one error.

Each colleague is a browser of its own on a connection that stays: an open page asks what changed every second, and
between that somebody reads, looks for people, writes. Four presses in five read, one writes.
"""

import http.client
import random
import re
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings

from glede.config.benches.pages import Timed, at_desk, ready, typed
from glede.config.benches.present import somebody_of
from glede.config.benches.served import served
from glede.config.benches.world import World
from glede.kernel import clock
from glede.kernel.ids import new_id
from glede.promises.queries import open_promises

SECONDS, COLLEAGUES = 60.0, 20
TARGET_MILLISECONDS = 250.0  # p95 of everything, twenty at once on two cores
EVERY = 1.0
THINKS = (0.5, 2.0)  # seconds between two presses of one colleague
MIX = {"today": 25, "card": 15, "person": 20, "diary": 8, "find": 12, "presence": 8, "message": 12}
LIMIT_REQUESTS = 25


@dataclass
class Colleague:
    """One browser: its connection, its cookies, what it did and how long that took."""

    world: World
    port: int
    number: int
    owed: list[UUID]
    mark: str = ""
    version: str = ""
    took: list[tuple[str, float]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Sign in."""
        client = at_desk(self.world, self.number % len(self.world.house.members))
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.cookies = {settings.SESSION_COOKIE_NAME: session}
        self.dice = random.Random(self.number)  # noqa: S311 - the same mix in every run
        self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def work(self, until: float) -> None:
        """Do what somebody does at a desk until the moment ``until``."""
        self.press("today")
        pressed, asked = clock.monotonic(), 0.0  # a page asks as soon as it stands
        while (now := clock.monotonic()) < until:
            if now - asked >= EVERY:
                asked = now
                before = self.version
                self.ask("fresh", "GET", f"/fresh/?{urlencode({'v': before})}")
                if self.number % 2 and self.version != before:
                    self.ask("today", "GET", "/")  # every second colleague stands at Today and sees it change
            if now >= pressed:
                self.press(self.dice.choices(list(MIX), list(MIX.values()))[0])
                pressed = clock.monotonic() + self.dice.uniform(*THINKS)
            clock.wait(0.02)
        self.line.close()

    def press(self, kind: str) -> None:
        """Open a page or send a form of one kind."""
        person = somebody_of(self.world.house, self.world.size, self.dice.randrange(100_000))
        owed = self.dice.choice(self.owed)
        where = {
            "today": "/", "card": f"/?open={owed}", "person": f"/people/{person}/", "diary": "/diary/",
            "find": f"/find/?{urlencode({'palette': 1, 'q': typed(self.dice.randrange(1000))})}",
            "presence": "/presence/", "message": f"/people/{person}/message/",
        }  # fmt: skip
        forms = {
            "presence": {"open": str(owed), "writes": "1"},
            "message": {"words": "Your glasses are ready.", "command": str(new_id())},
        }
        self.ask(kind, "POST" if kind in forms else "GET", where[kind], forms.get(kind))

    def ask(self, kind: str, method: str, path: str, form: dict[str, str] | None = None) -> None:
        """Ask over the line, and note how long it took or what went wrong."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": self.mark}
        began = clock.monotonic()
        try:
            self.line.request(method, path, urlencode(form) if form else None, headers)
            answer = self.line.getresponse()
            body = answer.read()
        except OSError as error:
            self.errors.append(f"{kind}: {error}")
            self.line.close()
            return
        self.took.append((kind, (clock.monotonic() - began) * 1000))
        self.remember(answer, body)
        if answer.status >= 400 or "/login/" in (answer.getheader("Location") or ""):
            self.errors.append(f"{kind}: {answer.status}")

    def remember(self, answer: http.client.HTTPResponse, body: bytes) -> None:
        """Keep cookies, the mark of forms and the version of the record, as a browser and its page do."""
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if found := re.search(rb'"X-CSRFToken": "(\w+)"', body):
            self.mark = found[1].decode()
        if found := re.match(rb'\{"v": "([^"]*)"', body):
            self.version = found[1].decode()


def measure(size: str = "full", seconds: float = SECONDS, colleagues: int = COLLEAGUES) -> dict[str, Any]:
    """Build the practice in the database the connection leads to, let colleagues work on it, return the figures."""
    return of(ready(size), seconds, colleagues)


def of(world: World, seconds: float, colleagues: int) -> dict[str, Any]:
    """Return the figures of a practice that stands."""
    owed = [o.id for o in open_promises(world.house.practice_id, limit=40)]
    with served() as port:
        desks = [Colleague(world, port, number, owed) for number in range(colleagues)]
        limit = _alone(port)
        until = clock.monotonic() + seconds
        threads = [Thread(target=desk.work, args=(until,)) for desk in desks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return _told(world, desks, seconds, limit)


def _alone(port: int) -> Timed:
    """Return how long the smallest answer takes while nobody else asks."""
    line, took = http.client.HTTPConnection("127.0.0.1", port, timeout=30), []
    for _ in range(LIMIT_REQUESTS):
        began = clock.monotonic()
        line.request("GET", "/hooks/health/")
        line.getresponse().read()
        took.append((clock.monotonic() - began) * 1000)
    line.close()
    return Timed(sorted(took))


def _told(world: World, desks: list[Colleague], seconds: float, limit: Timed) -> dict[str, Any]:
    took = [one for desk in desks for one in desk.took]
    everything = Timed(sorted(ms for _, ms in took))
    errors = [error for desk in desks for error in desk.errors]
    kinds = {
        kind: {"n": len(times), "p50": Timed(times).at(0.5), "p95": Timed(times).at(0.95)}
        for kind in [*MIX, "fresh"]
        if (times := sorted(ms for done, ms in took if done == kind))
    }
    fresh = kinds.pop("fresh", {})
    figure = everything.at(0.95)
    return {
        "bench": "desks",
        "figure": figure,
        "unit": f"ms, p95 of every request of {len(desks)} colleagues at once",
        "limit": limit.at(0.95),
        "limit_words": "the smallest answer of the same server to one alone, p95 in the same run",
        "ratio": round(limit.at(0.95) / figure, 2),
        "target": TARGET_MILLISECONDS,
        "ok": not errors and figure <= TARGET_MILLISECONDS,
        "errors": errors[:20],
        "n_errors": len(errors),
        "requests": len(took),
        "requests_per_second": round(len(took) / seconds, 1),
        "seconds": seconds,
        "people": world.size.people,
        "fresh": fresh,
        "kinds": kinds,
    }
