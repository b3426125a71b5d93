"""The world of a week: who writes, by which channel and what. It counts what it sent by itself, not in our tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any
from uuid import uuid5

from glede.diary import operations as diary
from glede.diary.queries import free_times
from glede.diary.requests import Booking
from glede.inbox import operations as inbox
from glede.inbox.operations.mailing import Posted, take_mail
from glede.kernel.actor import SYSTEM
from glede.people.queries import reach
from glede.people.values import PersonForm
from glede.practices.queries import opening_hours
from tests.cast import House, add, open_solberg

CHANNELS = ("link", "email", "sms")
SAID = (
    "Can I come later?", "Kan jeg bytte time?", "Er brillene mine klare?", "What does an eye test cost?", "Takk!",
    "Thank you, see you then", "Ser lysglimt og svarte prikker", "I suddenly can't see out of my left eye",
    "Ingen lysglimt, bare vanlig sjekk", "STOPP", "Is there parking?", "Jeg blir 10 min forsinket", "2",
    "Øynene er litt tørre", "Kan dere ringe meg?", "My new glasses hurt my nose",
)  # fmt: skip
STRANGERS = 0.08  # of the texts and mails come from a number or an address nobody is known by
TWICE = 0.15  # of the texts a provider brings a second time


def people(n: int) -> House:
    """Open Solberg with ``n`` people, each with a number and an address of their own, by a clock moved by hand."""
    house = open_solberg("kari", "jonas", is_virtual=True)
    for number in range(n - 2):
        form = PersonForm(
            given_name=f"Person{number}", family_name="Uke", phones=(f"4{number:03d}0700"[:8],),
            emails=(f"person{number}@example.org",),
        )  # fmt: skip
        add(house, f"p{number}", form)
    return house


@dataclass
class World:
    """Everything outside: it sends words in, keeps its own count of them, and books and attends visits."""

    house: House
    dice: Random
    sent: Counter[str] = field(default_factory=Counter)
    texts: int = 0

    def says(self, now: datetime) -> None:
        """Let somebody write, by one of the three channels."""
        channel = self.dice.choice(CHANNELS)
        who, words = self.dice.choice(sorted(self.house.people)), self.dice.choice(SAID)
        self.sent[channel] += 1
        if channel == "link":
            message = inbox.Incoming(patient_id=self.house.people[who], words=words)
            inbox.receive_message(practice_id=self.house.id, message=message, by=self.house.by(who), now=now)
        else:
            (self._texts if channel == "sms" else self._mails)(who, words, now)

    def _mails(self, who: str, words: str, now: datetime) -> None:
        address = "nobody@example.org" if self.dice.random() < STRANGERS else self._address(who, "email")
        mail = Posted(key=uuid5(self.house.id, f"mail {sum(self.sent.values())}"), address=address, words=words)
        take_mail(practice_id=self.house.id, mail=mail, by=SYSTEM, now=now)

    def _texts(self, who: str, words: str, now: datetime) -> None:
        self.texts += 1
        number = "+4740009999" if self.dice.random() < STRANGERS else self._address(who, "phone")
        arrival = inbox.Arrival(channel="sms", address=number, words=words, provider_id=f"SM{self.texts}")
        for _ in range(1 + (self.dice.random() < TWICE)):
            inbox.take_arrival(practice_id=self.house.id, arrival=arrival, by=SYSTEM, now=now)

    def _address(self, who: str, kind: str) -> str:
        patient_id = self.house.people[who]
        contacts = reach(self.house.id, [patient_id])[patient_id].contacts
        return next(contact.address for contact in contacts if contact.kind == kind)

    def books(self, now: datetime) -> None:
        """Let somebody get a time in the days to come."""
        service = self.house.services[self.dice.choice(("eye-test", "lens-check"))]
        offers = free_times(self.house.id, service, from_=now.date(), days=7, now=now, limit=60)
        offer = self.dice.choice(offers)
        asked = Booking(
            patient_id=self.house.people[self.dice.choice(sorted(self.house.people))], service_id=service,
            day=offer.day, wall_time=offer.wall_time, practitioner_id=offer.practitioner_id,
        )  # fmt: skip
        command = uuid5(self.house.id, f"booking {now}")
        given: dict[str, Any] = {"practice_id": self.house.id, "by": self.house.by("nina"), "now": now}
        diary.book_appointment(request=asked, command_id=command, **given)

    def is_open(self, now: datetime) -> bool:
        """Return True while the door is open."""
        return opening_hours(self.house.practice).is_open(now)
