"""A colleague's browser before the web server of the field: what it asks, and what it was told."""

import http.client
from dataclasses import dataclass, field
from datetime import date, time
from threading import Lock
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings

from glede.kernel import clock
from glede.kernel.ids import new_id
from glede.ui import nonce
from tests.cast import House
from tests.seats import at_desk

MARK = "k" * 32  # a form's mark is good where the cookie says the same

ENGLISH = "glede_look=1.light.en-gb.on"


@dataclass
class Answer:
    """What a client heard: the status, where it was led, how long that took, and what the page said."""

    status: int
    location: str
    seconds: float
    body: str = ""

    @property
    def visit_id(self) -> UUID | None:
        """The visit that was booked, where one was."""
        parts = self.location.strip("/").split("/")
        return UUID(parts[1]) if self.status == 302 and parts[0] == "visits" else None


@dataclass
class Client:
    """A colleague's browser on a line of its own for each request, as curl would be."""

    house: House
    port: int
    session: str = ""
    service: str = "eye-test"
    acknowledged: set[UUID] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        """Sign in, once for all who share it."""
        if not self.session:
            desk = at_desk(self.house, "ingrid")
            self.session = desk.cookies[settings.SESSION_COOKIE_NAME].value

    def book(self, who: str, day: date, at: time, *, command: UUID | None = None, timeout: float = 300) -> Answer:
        """Press a time for somebody with Amal. Raises ``OSError`` where the line breaks."""
        form = {
            "person": str(self.house.people[who]), "service": str(self.house.services[self.service]),
            "slot": f"{day.isoformat()}T{at:%H:%M}|{self.house.chairs['amal']}", "command": str(command or new_id()),
        }  # fmt: skip
        answer = self._post("/book/", form, timeout)
        if answer.visit_id:
            with self.lock:
                self.acknowledged.add(answer.visit_id)
        return answer

    def _post(self, path: str, form: dict[str, str], timeout: float) -> Answer:
        cookies = {settings.SESSION_COOKIE_NAME: self.session, settings.CSRF_COOKIE_NAME: MARK}
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        return post(line, path, form, {"Cookie": cookie, "X-CSRFToken": MARK})


@dataclass
class Stranger:
    """Somebody unknown on the practice's own booking page, each at an address of their own."""

    house: House
    port: int
    number: int

    def hold(self, day: date, at: time, timeout: float = 300) -> Answer:
        """Press a time with Amal. Raises ``OSError`` where the line breaks."""
        slot = f"{day.isoformat()}T{at:%H:%M}/{self.house.chairs['amal']}"
        return self._post("eye-test/", {"slot": slot, "nonce": self._mark("hold")}, timeout)

    def book(self, held: str, timeout: float = 300) -> Answer:
        """Say who they are and book the time that stands under the address ``held``."""
        secret = held.strip("/").rpartition("/")[2]
        form = {"name": f"Ny {self.number}", "mobile": "912 34 567", "nonce": self._mark(f"book.{secret}")}
        return self._post(f"held/{secret}/booking/", form, timeout)

    def _mark(self, act: str) -> str:
        return nonce.issue(f"{act}.{self.house.practice.slug}")

    def _post(self, path: str, form: dict[str, str], timeout: float) -> Answer:
        own = (f"127.1.{self.number // 250}.{self.number % 250 + 1}", 0)  # all of 127 is this machine
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout, source_address=own)
        return post(line, f"/book/{self.house.practice.slug}/{path}", form, {"Cookie": ENGLISH})


def post(line: http.client.HTTPConnection, path: str, form: dict[str, str], more: dict[str, str]) -> Answer:
    """Send a form on a line of its own, and return what was heard. Raises ``OSError`` where the line breaks."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Connection": "close", **more}
    began = clock.monotonic()
    try:
        line.request("POST", path, urlencode(form), headers)
        found = line.getresponse()
        body = found.read().decode()
    except http.client.HTTPException as broken:
        raise OSError(str(broken)) from broken
    finally:
        line.close()
    return Answer(found.status, found.getheader("Location") or "", clock.monotonic() - began, body)
