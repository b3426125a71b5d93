"""A day as it stands on paper: who comes when, with whom, how to ring them, what matters to them."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from glede.desk import matters
from glede.desk.diary.views import service_name
from glede.diary import queries as diary
from glede.kernel.contact import phone_words
from glede.people import queries as people

COMING = {"booked", "confirmed", "arrived", "with"}
SAID = ("format", "need", "anxious", "complex", "do_not")


@dataclass(frozen=True)
class Row:
    """One visit on paper."""

    patient_id: UUID
    at: time | None
    name: str
    phone: str
    service: str
    who: str
    is_confirmed: bool
    said: str


def rows_of(practice: Any, day: date, language: str) -> list[Row]:
    """Return the visits of ``day`` that are still to come or under way, in their order."""
    found = diary.day(practice.pk, day)
    coming = [visit for visit in found.visits if visit.state in COMING]
    whom = {visit.patient_id for visit in coming}
    numbers, said = _numbers(practice, whom), people.wordings(practice.pk, whom, SAID)
    chairs = {chair.practitioner_id: chair.display_name for chair in found.chairs}
    return [
        Row(
            patient_id=visit.patient_id,
            at=visit.wall_time,
            name=f"{visit.given_name} {visit.family_name}".strip(),
            phone=numbers.get(visit.patient_id, ""),
            service=service_name(visit.service_name, language),
            who=chairs.get(visit.practitioner_id, ""),
            is_confirmed=visit.is_confirmed,
            said="; ".join(matters.flag(line) if line.code else line.words for line in said.get(visit.patient_id, ())),
        )
        for visit in coming
    ]


def _numbers(practice: Any, patient_ids: set[UUID]) -> dict[UUID, str]:
    reached = people.reach(practice.pk, patient_ids)
    return {
        patient_id: phone_words(contact.address, practice.country)
        for patient_id, one in reached.items()
        for contact in reversed(one.contacts)
        if contact.kind == "phone"
    }
