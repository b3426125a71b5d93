"""An address is asked within limits, and nobody is sent into the house by one."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from glede.calendars import fetching
from glede.calendars.errors import BadAddress
from glede.calendars.fetching import fetch
from glede.calendars.tests.invented import MEETING, calendar
from glede.kernel import clock
from glede.kernel.addresses import checked, may_be_asked


class House(BaseHTTPRequestHandler):
    """Another house's calendar, and its tricks."""

    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path == "/in":
            return self._say(302, {"Location": "http://169.254.169.254/latest"})
        if self.path == "/round":
            return self._say(301, {"Location": "/round"})
        if self.path == "/away":
            return self._say(302, {"Location": "/ok.ics"})
        if self.headers.get("If-None-Match") == '"1"':
            return self._say(304, {})
        if self.path == "/big":
            return self._say(200, {}, b"x" * 3_000_000)
        if self.path == "/gone":
            return self._say(410, {})
        return self._say(200, {"ETag": '"1"', "Last-Modified": "Mon, 23 Nov 2026 08:00:00 GMT"}, calendar(MEETING))

    def _say(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def house() -> Iterator[str]:
    House.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), House)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_it_takes_what_is_there_and_asks_whether_anything_is_new(house: str) -> None:
    first = fetch(f"{house}/ok.ics")
    assert (first.content, first.etag, first.failure) == (calendar(MEETING), '"1"', "")
    again = fetch(f"{house}/ok.ics", etag=first.etag, modified=first.modified)
    assert (again.is_same, again.content, again.etag) == (True, b"", '"1"')
    assert fetch(f"{house}/away").content == calendar(MEETING)


@pytest.mark.parametrize(
    ("path", "failure"), [("/in", "not_https"), ("/round", "redirects"), ("/gone", "status_410"), ("/big", "too_big")]
)
def test_its_tricks_are_named(house: str, path: str, failure: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "SIZE_MOST", 1_000_000)
    assert fetch(house + path).failure == failure
    assert len(House.asked) <= fetching.REDIRECTS_MOST + 1


def test_one_that_drips_is_left(house: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(0, 9000, 60))
    monkeypatch.setattr(clock, "monotonic", lambda: float(next(ticks)))
    assert fetch(f"{house}/ok.ics").failure == "slow"


def test_a_house_that_does_not_answer_is_a_failure_not_a_fault() -> None:
    assert fetch("http://127.0.0.1:9/x.ics").failure == "unreachable"
    assert fetch("https://nowhere.invalid/x.ics", resolve=_nobody).failure == "unreachable"


def _nobody(host: str, port: int) -> list[str]:
    raise OSError(host)


@pytest.mark.parametrize(
    "number", ["127.0.0.1", "10.0.0.5", "192.168.1.4", "169.254.169.254", "172.16.9.9", "::1", "fd00::1", "0.0.0.0",
               "fe80::1", "::ffff:10.0.0.1", "100.64.0.1", "224.0.0.1"],
)  # fmt: skip
def test_a_name_that_leads_into_the_house_is_asked_nothing(number: str) -> None:
    assert fetch("https://calendar.example/x.ics", resolve=lambda *_: ["93.184.216.34", number]).failure == "inside"
    assert not may_be_asked(number, is_here=False)


def test_control_without_the_guard_it_would_be_asked(house: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "may_be_asked", lambda *_, **__: True)
    there = house.replace("127.0.0.1", "localhost")
    assert fetch(f"{there}/ok.ics", resolve=lambda *_: ["127.0.0.1"]).content == calendar(MEETING)


@pytest.mark.parametrize(
    "address", ["http://calendar.example/x", "ftp://x.example", "file:///etc/passwd", "https://", "x", "https://a b/",
                "https://user:pw@calendar.example/x", "https://[/", "https://x.example:99999/", "javascript:1",
                "gopher://127.0.0.1/", "https://x.example/\r\nHost: y"],
)  # fmt: skip
def test_an_address_of_another_kind_is_refused(address: str) -> None:
    with pytest.raises(BadAddress):
        checked(address)


def test_webcal_is_read_as_https() -> None:
    assert checked("webcal://calendar.example/x.ics").url == "https://calendar.example/x.ics"
