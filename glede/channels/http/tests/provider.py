"""A provider of texts on loopback that answers as Vonage's SMS API does, or as badly as it is told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

from glede.kernel.gsm import sms_segments
from tests.loopback import Answering, Loopback, beside

Fault = Callable[["Handler", dict[str, str]], None]


class Gateway(Loopback):
    """Takes messages and does wrong what it is told to, one fault a message."""

    def __init__(self) -> None:
        super().__init__(Handler)
        self.asked: list[dict[str, str]] = []
        self.taken: list[dict[str, str]] = []
        self.faults: list[Fault] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{self.address}/sms/json"

    def take(self, form: dict[str, str]) -> dict[str, Any]:
        """Take a message, and return the answer that says so."""
        self.taken.append(form)
        made = [
            {"to": form.get("to", ""), "message-id": f"M{len(self.taken)}-{n}", "status": "0", "network": "24201"}
            for n in range(sms_segments(form.get("text", "")).parts)
        ]
        return {"message-count": str(len(made)), "messages": made}


class Handler(Answering):
    """One request at a time on a kept connection."""

    server: Gateway

    def takes(self) -> None:
        """Take a message, or do as told."""
        form = dict(parse_qsl(self.body().decode(), keep_blank_values=True))
        self.server.asked.append({**form, "host": self.headers["Host"]})
        if self.server.faults:
            self.server.faults.pop(0)(self, form)
            return
        self.answer(200, self.server.take(form))


def says(told: Any, status: int = 200) -> Fault:
    """Answer so without having taken anything."""
    return lambda handler, form: handler.answer(status, told)


def part(status: str) -> dict[str, Any]:
    """A whole answer of one part with this status."""
    return {"message-count": "1", "messages": [{"status": status, "error-text": "no"}]}


def takes_and(act: Callable[[Handler], None]) -> Fault:
    """Take a message, then answer as badly as `act` does."""

    def fault(handler: Handler, form: dict[str, str]) -> None:
        handler.server.take(form)
        act(handler)

    return fault


@contextmanager
def gateway() -> Iterator[Gateway]:
    """A provider that runs beside the test."""
    with beside(Gateway()) as server:
        yield server
