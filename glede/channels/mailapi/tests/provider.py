"""A provider of e-mail on loopback that answers as Postmark or Mailgun does, or as badly as it is told to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.loopback import Answering, Loopback, beside

Fault = Callable[["Handler", dict[str, Any]], None]


class Post(Loopback):
    """Takes mails and does wrong what it is told to, one fault a mail; ``lists`` answers what is asked for, by path."""

    def __init__(self) -> None:
        super().__init__(Handler)
        self.taken: list[dict[str, Any]] = []
        self.faults: list[Fault] = []
        self.lists: dict[str, Any] = {}
        self.asked: list[str] = []
        self.requests: list[tuple[str, dict[str, str]]] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{self.address}/v3/"

    def take(self, mail: dict[str, Any]) -> dict[str, Any]:
        """Take a mail, and return the answer that says so."""
        self.taken.append(mail)
        number = f"m-{len(self.taken)}"
        if "To" in mail:
            return {"ErrorCode": 0, "Message": "OK", "MessageID": number, "To": mail["To"]}
        return {"id": f"<{number}@mg.solberg.example>", "message": "Queued. Thank you."}


class Handler(Answering):
    """One request at a time on a kept connection."""

    server: Post

    def takes(self) -> None:
        """Take a mail, or do as told."""
        self.server.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        mail = self._mail(self.body())
        if self.server.faults:
            self.server.faults.pop(0)(self, mail)
            return
        self.answer(200, self.server.take(mail))

    def shows(self) -> None:
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
    with beside(Post()) as server:
        yield server
