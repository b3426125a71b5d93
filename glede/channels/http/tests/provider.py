"""A provider of texts on loopback that answers as Vonage's SMS API does, or as badly as it is told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from glede.kernel.gsm import sms_segments

Fault = Callable[["Handler", dict[str, str]], None]


class Gateway(ThreadingHTTPServer):
    """Takes messages and does wrong what it is told to, one fault a message."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[dict[str, str]] = []
        self.taken: list[dict[str, str]] = []
        self.faults: list[Fault] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}/sms/json"

    def take(self, form: dict[str, str]) -> dict[str, Any]:
        """Take a message, and return the answer that says so."""
        self.taken.append(form)
        made = [
            {"to": form.get("to", ""), "message-id": f"M{len(self.taken)}-{n}", "status": "0", "network": "24201"}
            for n in range(sms_segments(form.get("text", "")).parts)
        ]
        return {"message-count": str(len(made)), "messages": made}


class Handler(BaseHTTPRequestHandler):
    """One request at a time on a kept connection."""

    server: Gateway
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Take a message, or do as told."""
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True))
        self.server.asked.append({**form, "host": self.headers["Host"]})
        if self.server.faults:
            self.server.faults.pop(0)(self, form)
            return
        self.answer(200, self.server.take(form))

    def answer(self, status: int, told: Any) -> None:
        """Answer in JSON, or in whatever bytes are given."""
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(body)

    def hang_up(self) -> None:
        """Say nothing."""
        self.close_connection = True
        with suppress(OSError):
            self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing on the terminal."""


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
    server = Gateway()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
