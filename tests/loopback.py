"""What every provider that stands beside a test has in common: a server on loopback, and answers as bad as wished."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar


class Loopback(ThreadingHTTPServer):
    """A server on a port of its own that ends with the test, whoever still hangs on it."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"


class Answering(BaseHTTPRequestHandler):
    """One request at a time on a kept connection."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Show something, where there is something to be shown."""
        self.shows()

    def do_POST(self) -> None:
        """Take something, or do as told."""
        self.takes()

    def shows(self) -> None:
        """Answer a GET."""
        self.answer(405, {})

    def takes(self) -> None:
        """Answer a POST."""
        self.answer(405, {})

    def body(self) -> bytes:
        """Read what was sent, all of it: who was killed amid the words has asked for nothing."""
        length = int(self.headers["Content-Length"])
        sent = self.rfile.read(length)
        if len(sent) < length:
            raise ConnectionAbortedError
        return sent

    def handle(self) -> None:
        """Whoever asked may be killed amid it."""
        with suppress(OSError):
            super().handle()

    def answer(self, status: int, told: Any) -> None:
        """Answer in JSON, or in whatever bytes are given."""
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
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


S = TypeVar("S", bound=Loopback)


@contextmanager
def beside(server: S) -> Iterator[S]:
    """Run a server beside the test."""
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
