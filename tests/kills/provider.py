"""A provider of every class over HTTP, that does wrong what providers do wrong, and keeps its own books.

    python -m tests.kills.provider LOG PORTFILE SEED

Whatever it takes stands in LOG (one JSON object a line) before anybody hears of it: from then on the person has it,
whether or not who asked for it lives. Texts go by the published contract of Twilio, mails by three plain addresses:

- ``/key``: a key that is known already makes nothing new
- ``/look_up``: what was taken is listed, a moment late
- ``/nothing``: neither
"""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

from glede.channels.sms.tests.provider import Handler, Provider, refuses, takes_and
from glede.kernel import clock

LATE_SECONDS, LIST_LAG_SECONDS, STALL_SECONDS = 0.5, 0.3, 1.4
LISTS_SECONDS, LISTS_TEXTS = 120, 100
HOUR_EVERY, HOUR_SECONDS = 900, 3.0
"""Once in so many messages everything is refused as too fast, for what is an hour where a minute is a twentieth."""

FAULTS = ("hangs up", "stalls", "late", "5xx", "refuses")
WEIGHTS = (30, 1, 20, 15, 15, 919)


class Faulty(Provider):
    """Chooses a fault for each request by a seed."""

    def __init__(self, log: Path, seed: int) -> None:
        super().__init__(log)
        self.RequestHandlerClass = Plain
        self.random, self.lock = Random(seed), threading.Lock()
        self.keys: dict[tuple[str, str], str] = {}
        self.taken: list[tuple[float, str, str]] = []
        self.asked, self.hour_ends = 0, 0.0

    def fault(self) -> str:
        """What goes wrong with this request; "" where nothing does."""
        with self.lock:
            self.asked += 1
            if self.asked % HOUR_EVERY == 0:
                self.hour_ends = clock.monotonic() + HOUR_SECONDS
            if clock.monotonic() < self.hour_ends:
                return "too fast"
            return self.random.choices((*FAULTS, ""), WEIGHTS)[0]

    def take(self, way: str, asked: dict[str, str]) -> str:
        """Take a mail and write it down, once for each key where keys are known; return its number."""
        with self.lock:
            known = self.keys.get((way, asked["key"])) if way == "key" else None
            if known is not None:
                return known
            number = f"{way}-{next(self.numbers)}"
            self.keys[way, asked["key"]] = number
            if way == "look_up":
                self.taken.append((clock.monotonic(), asked["key"], number))
            assert self.log is not None
            self.log.write(json.dumps({"way": way, "to": asked["to"], "key": asked["key"]}) + "\n")
            return number


class Plain(Handler):
    """Mails by three plain addresses; texts as their provider does."""

    server: Faulty

    def do_POST(self) -> None:  # noqa: N802 - the word of http.server
        """Take a message, or do wrong."""
        way, fault = urlsplit(self.path).path.strip("/"), self.server.fault()
        if way not in {"key", "look_up", "nothing"}:
            self.server.faults = [_TEXTS[fault]] if fault else []
            super().do_POST()
            return
        asked = json.loads(self.body())
        if fault == "too fast":
            self.answer(429, {"error": "too fast"})
        elif fault == "refuses":
            self.answer(503, {"error": "not now, nothing was taken"})
        elif fault == "late":
            threading.Timer(LATE_SECONDS, self.server.take, (way, asked)).start()
            self.hang_up()
        else:
            number = self.server.take(way, asked)
            self._answer_badly(fault, number)

    def _answer_badly(self, fault: str, number: str) -> None:
        if fault == "hangs up":
            self.hang_up()
        elif fault == "stalls":
            clock.wait(STALL_SECONDS)
            self.hang_up()
        elif fault == "5xx":
            self.answer(500, b"<html>")
        else:
            self.answer(200, {"id": number})

    def do_GET(self) -> None:  # noqa: N802 - the word of http.server
        """List what was taken."""
        if urlsplit(self.path).path != "/look_up":
            del self.server.made[:-LISTS_TEXTS]
            super().do_GET()
            return
        if self.server.fault() in {"too fast", "5xx", "refuses"}:
            self.answer(503, {"error": "no list now"})
            return
        until = clock.monotonic() - LIST_LAG_SECONDS
        with self.server.lock:
            shown = {key: number for at, key, number in self.server.taken if until - LISTS_SECONDS < at <= until}
        self.answer(200, shown)


def _stall(handler: Any, made: dict[str, Any]) -> None:
    clock.wait(STALL_SECONDS)
    handler.hang_up()


def _late(handler: Any, form: dict[str, str]) -> None:
    threading.Timer(LATE_SECONDS, handler.server.make, (form,)).start()
    handler.hang_up()


_TEXTS = {
    "hangs up": takes_and(lambda handler, made: handler.hang_up()),
    "stalls": takes_and(_stall),
    "late": _late,
    "5xx": takes_and(lambda handler, made: handler.answer(500, b"<html>")),
    "refuses": refuses(503, 20503),
    "too fast": refuses(429, 20429),
}


if __name__ == "__main__":
    standing = Faulty(Path(sys.argv[1]), int(sys.argv[3]))
    Path(sys.argv[2]).write_text(str(standing.server_port))
    standing.serve_forever()
