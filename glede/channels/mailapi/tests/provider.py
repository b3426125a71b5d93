"""A provider of e-mail on loopback that answers as Postmark or Mailgun does, or as badly as it is told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Fault = Callable[["Handler", dict[str, Any]], None]


class Post(ThreadingHTTPServer):
    """Takes mails and does wrong what it is told to, one fault a mail; ``lists`` answers what is asked for, by path."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.taken: list[dict[str, Any]] = []
        self.faults: list[Fault] = []
        self.lists: dict[str, Any] = {}
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}/v3/"

    def take(self, mail: dict[str, Any]) -> dict[str, Any]:
        """Take a mail, and return the answer that says so."""
        self.taken.append(mail)
        number = f"m-{len(self.taken)}"
        if "To" in mail:
            return {"ErrorCode": 0, "Message": "OK", "MessageID": number, "To": mail["To"]}
        return {"id": f"<{number}@mg.solberg.example>", "message": "Queued. Thank you."}


class Handler(BaseHTTPRequestHandler):
    """One request at a time on a kept connection."""

    server: Post
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Take a mail, or do as told."""
        mail = self._mail(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.faults:
            self.server.faults.pop(0)(self, mail)
            return
        self.answer(200, self.server.take(mail))

    def do_GET(self) -> None:
        """Show a list."""
        self.server.asked.append(self.path)
        found = self.server.lists.get(urlsplit(self.path).path)
        self.answer(200, found) if found is not None else self.answer(404, {"message": "no such list"})

    def _mail(self, body: bytes) -> dict[str, Any]:
        kind = self.headers["Content-Type"]
        if kind.startswith("application/json"):
            found: dict[str, Any] = json.loads(body)
            return found
        if kind.startswith("multipart/"):
            message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
            return {
                str(part.get_param("name", header="content-disposition")): part.get_content()
                for part in message.iter_parts()
            }
        return dict(parse_qsl(body.decode(), keep_blank_values=True))

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


def says(status: int, told: Any) -> Fault:
    """Answer so without having taken anything."""
    return lambda handler, mail: handler.answer(status, told)


def takes_and(act: Callable[[Handler], None]) -> Fault:
    """Take a mail, then answer as badly as `act` does."""

    def fault(handler: Handler, mail: dict[str, Any]) -> None:
        handler.server.take(mail)
        act(handler)

    return fault


@contextmanager
def posting() -> Iterator[Post]:
    """A provider that runs beside the test."""
    server = Post()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
