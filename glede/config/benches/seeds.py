"""A few people who live a few weeks with us, by the same operations as everybody: what is copied later."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from glede.catalogue.defaults import USUAL
from glede.catalogue.operations import add_service
from glede.config.benches import PRESENT, WEEKS_LIVED, Size
from glede.config.benches.names import somebody
from glede.diary import operations as diary
from glede.diary.requests import ListedVisit
from glede.feedback.operations import Answers, give_response
from glede.inbox import operations as inbox
from glede.journeys.operations import advance
from glede.kernel.actor import SYSTEM, Actor, colleague
from glede.ledger.operations import log_access
from glede.people import operations as people
from glede.people.values import PersonForm, Wishes
from glede.practices.operations import NewPractice, start_practice
from glede.promises.operations import keep_promise
from glede.promises.queries import open_promises
from glede.staff import operations as staff
from glede.staff.models import Role

ZONE = "Europe/Oslo"
PRICE = 89_000
COLLEAGUES = (
    ("Sofie Solberg", Role.OWNER), ("Ingrid Berg", Role.RECEPTIONIST), ("Nina Holm", Role.MANAGER),
    ("Amal Haddad", Role.OPTOMETRIST), ("Jon Vik", Role.OPTOMETRIST), ("Marius Nes", Role.DISPENSING_OPTICIAN),
)  # fmt: skip
WORDS = (
    "I drive at dusk and the lights have halos. Can that be looked at?",
    "May I bring my daughter? She would like new frames too.",
    "Thank you for the other day. When will the glasses be ready?",
)


@dataclass
class House:
    """The practice under way: who works there, who it cares for, and what time it is."""

    practice_id: UUID
    now: datetime
    members: list[UUID]
    chairs: list[UUID]
    services: list[UUID]
    people: list[UUID]

    @property
    def desk(self) -> Actor:
        """The receptionist."""
        return colleague(self.members[1])

    def given(self, by: Actor | None = None) -> dict[str, Any]:
        """What every operation is told."""
        return {"practice_id": self.practice_id, "by": by or self.desk, "now": self.now}

    def go_on(self, by: timedelta) -> None:
        """Let time pass, and everything that falls due on the way happen."""
        self.now += by
        advance(self.practice_id, to=self.now, assume_attended=True)


def open_house(size: Size, name: str = "Solberg Optikk") -> House:
    """Open a practice on a virtual clock, with its colleagues, chairs and services."""
    begin = size.begins_at
    details = {
        "phone": "+4722123456", "email": "hei@solberg.example", "address": "Storgata 1, 0155 Oslo",
        "public_url": "https://solberg.example", "proved_url": "https://solberg.example", "review_link": "https://reviews.example/solberg",
    }  # fmt: skip
    new = NewPractice(name, "NO", "en", ZONE, virtual_now=begin, details=details)
    practice = start_practice(new, by=SYSTEM, now=begin)
    house = House(practice.pk, begin, [], [], [], [])
    for number, (called, role) in enumerate(COLLEAGUES):
        member = staff.NewColleague(f"colleague{number}@{practice.slug}.example", called, role)
        house.members.append(staff.add_colleague(new=member, **house.given(SYSTEM)).pk)
    for number in range(size.chairs):
        chair = staff.NewPractitioner(f"Clinician {number + 1}", f"Clinician {number + 1}", "Optometrist", sort=number)
        house.chairs.append(staff.add_practitioner(new=chair, **house.given(SYSTEM)).pk)
    for form in USUAL:
        priced = replace(form, price_minor_units=PRICE)
        house.services.append(add_service(service=priced, **house.given(SYSTEM)).pk)
    return house


def live(house: House, size: Size) -> None:
    """Let the seeds come to the practice: two visits each, messages, calls, questions, answers, thanks."""
    _arrive(house, size)
    lived = house.people[: size.lived]
    visits = [_book(house, lived, days) for days in (5, 12)]
    house.go_on(timedelta(days=2))
    _speak(house, lived, visits)
    house.go_on(timedelta(weeks=WEEKS_LIVED) - timedelta(days=3))
    _look_back(house, lived, visits)
    house.go_on(timedelta(days=1))
    _close(house)
    if house.now > PRESENT:
        raise ValueError("the seeds' weeks end before the present")


def _arrive(house: House, size: Size) -> None:
    forms = []
    for number in range(size.seeds):
        one = somebody(number * size.copies)
        forms.append(
            PersonForm(
                given_name=one.given_name, family_name=one.family_name, birth_date=one.birth_date,
                external_id=one.external_id, phones=(one.phone,) if number % 5 else (),
                emails=(one.email,) if number % 4 or not number % 5 else (), source="import",
            )
        )  # fmt: skip
    brought = people.add_patients(rows=forms, **house.given(SYSTEM))
    house.people = [patient_id for patient_id in brought.ids if patient_id]


def _book(house: House, lived: Sequence[UUID], days: int) -> list[UUID]:
    lines = [
        ListedVisit(
            external_id=f"S-{days}-{number}", patient_id=patient_id, service_id=house.services[number % 4],
            practitioner_id=house.chairs[number % len(house.chairs)],
            day=(house.now + timedelta(days=days + number % 3)).date(),
            wall_time=time(9 + number // 12 % 7, 0), source="import",
        )
        for number, patient_id in enumerate(lived)
    ]  # fmt: skip
    outcomes = diary.import_appointments(rows=lines, **house.given(SYSTEM))
    return [outcome.appointment_id for outcome in outcomes if outcome.appointment_id]


def _speak(house: House, lived: Sequence[UUID], visits: list[list[UUID]]) -> None:
    for number, patient_id in enumerate(lived):
        person = Actor("patient", patient_id)
        if number % 2:
            diary.confirm_appointment(appointment_id=visits[0][number], **house.given(person))
            wishes = Wishes(channels=("sms", "email"), hours=(time(9), time(19)))
            people.set_preference(patient_id=patient_id, wishes=wishes, **house.given(person))
        if number % 3 == 0:
            people.note_need(patient_id=patient_id, kind="need", words=WORDS[0], **house.given())
            people.write_note(patient_id=patient_id, words="Likes the window seat.", **house.given())
        if number % 4 == 0:
            _ask(house, patient_id, WORDS[number % len(WORDS)])
        log_access(house.practice_id, by=house.desk, patient_id=patient_id, page="person", now=house.now)


def _ask(house: House, patient_id: UUID, words: str) -> None:
    message = inbox.Incoming(patient_id=patient_id, words=words)
    row = inbox.receive_message(message=message, **house.given(Actor("patient", patient_id)))
    answer = "We look forward to seeing you, and will look at exactly that."
    inbox.reply(conversation_id=row.conversation_id, words=answer, answers_to=row.n, **house.given())


def _look_back(house: House, lived: Sequence[UUID], visits: list[list[UUID]]) -> None:
    for number, patient_id in enumerate(lived):
        if number % 3 == 0:
            answers = Answers(5 - number % 2, "Calm and thorough, thank you." if number % 2 else "")
            given = house.given(Actor("patient", patient_id))
            give_response(appointment_id=visits[1][number], answers=answers, **given)


def _close(house: House) -> None:
    """Keep every promise still open: what is copied lies in the past."""
    for owed in open_promises(house.practice_id, limit=5000):
        keep_promise(promise_id=owed.id, evidence=owed.subject, reason="reached", **house.given())
    house.go_on(timedelta(hours=1))
