"""A visit and the browser of the one it belongs to, for the tests of patient pages."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client

from glede.diary.facts import VisitFacts
from glede.diary.operations import book_appointment
from glede.diary.queries import appointment_for
from glede.diary.requests import Booking
from glede.kernel.actor import SYSTEM
from glede.practices.operations import move_clock
from tests.cast import House

THURSDAY = date(2026, 11, 26)
TEN = time(10)
NONCE = re.compile(
    r'<form method="post"(?: action="([^"]*)")?[^>]*>\s*<input type="hidden" name="nonce" value="([^"]+)">'
)

# Pages that show, by name of the address.
SHOWN = (
    "visit", "lateness", "move", "again", "cancellation", "calendar", "talk", "preferences", "held", "feedback",
    "prices", "bring", "place", "history", "receipt", "rights", "correction",
    "before", "before_question", "before_thanks",
)  # fmt: skip
PRESSED = ("rights_ask", "confirmation", "arrival", "call_back", "quiet", "news", "wrong_number")


@dataclass
class Visitor:
    """Somebody with a link: opens pages, presses buttons."""

    house: House
    appointment_id: UUID
    client: Client = field(default_factory=Client)

    @property
    def facts(self) -> VisitFacts:
        """The visit as it is now."""
        return appointment_for(self.house.id, self.appointment_id)

    @property
    def code(self) -> str:
        """The code of the link."""
        return self.facts.link_code

    def path(self, page: str = "") -> str:
        """The address of a page below the link."""
        return f"/t/{self.code}/{page}"

    def get(self, page: str = "", **headers: Any) -> HttpResponse:
        """Open a page."""
        return self.client.get(self.path(page), **headers)  # type: ignore[return-value]

    def nonce(self, page: str = "", action: str = "") -> str:
        """Return the mark of the form on ``page`` that goes to ``action`` (a path below the link)."""
        wanted = self.path(action) if action else ""
        found: dict[str, str] = dict(NONCE.findall(self.get(page).content.decode()))
        return found.get(wanted) or found[""]

    def press(self, page: str, action: str = "", *, times: int = 1, **fields: Any) -> HttpResponse:
        """Press the button of the form on ``page``; ``times`` presses send the same form again."""
        body = {"nonce": self.nonce(page, action), **fields}
        answers = [self.client.post(self.path(action or page), body) for _ in range(times)]
        assert len({(a.status_code, a.headers.get("Location")) for a in answers}) == 1
        return answers[-1]  # type: ignore[return-value]


def visitor(house: House, name: str = "kari", *, day: date = THURSDAY, at: time | None = TEN) -> Visitor:
    """Book a visit for somebody of the house, and return them with their link."""
    request = Booking(
        patient_id=house.people[name],
        day=day,
        wall_time=at,
        service_id=house.services["eye-test"],
        practitioner_id=house.chairs.get("amal"),
    )
    made = book_appointment(practice_id=house.id, request=request, by=SYSTEM, now=house.now)
    return Visitor(house, made.pk)


def set_clock(house: House, to: datetime) -> None:
    """Move the house's virtual clock."""
    move_clock(practice_id=house.id, to=to)
    house.now = to
