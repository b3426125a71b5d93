"""A public address counts when it leads here, and only then."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from django.test import Client

from glede.practices import operations as practices
from glede.practices.address import answer_to, leads_here
from glede.practices.queries import practice_by_id, public_base
from tests.cast import open_solberg


@contextmanager
def serving(answer: Any) -> Iterator[str]:
    """Serve ``answer(path) -> (status, words)`` on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, words = answer(self.path)
            self.send_response(status)
            if status == 302:
                self.send_header("Location", words)
            self.end_headers()
            self.wfile.write(words.encode())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def token(path: str) -> str:
    return path.rstrip("/").rsplit("/", 1)[1]


def test_this_house_answers_for_itself(db: None) -> None:
    def through_a_proxy(path: str) -> tuple[int, str]:
        return 200, Client().get(path).content.decode()

    with serving(through_a_proxy) as base:
        assert leads_here(base)
        assert leads_here(f"{base}/")


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: (200, "Welcome to nginx!"),
        lambda path: (200, answer_to("another" + token(path))),
        lambda path: (500, answer_to(token(path))),
        lambda path: (302, f"http://127.0.0.1:1{path}"),
    ],
)
def test_another_house_does_not(answer: Any) -> None:
    with serving(answer) as base:
        assert not leads_here(base)


@pytest.mark.parametrize("base", ["http://127.0.0.1:1", "https://nowhere.invalid", "not an address"])
def test_nor_does_silence(base: str) -> None:
    assert not leads_here(base)


def test_links_begin_with_a_proved_address_alone(db: None) -> None:
    solberg = open_solberg("kari")
    given: dict[str, Any] = {"practice_id": solberg.id, "by": solberg.by("sofie"), "now": solberg.now}

    def base() -> str:
        return public_base(practice_by_id(solberg.id))

    assert base() == "https://solberg.example"
    practices.change_settings(changes={"public_url": "https://new.example/"}, **given)
    assert base() == ""
    practices.note_address(url="https://new.example", leads_here=True, **given)
    assert base() == "https://new.example"
    practices.note_address(url="https://new.example", leads_here=False, **given)
    assert base() == ""
