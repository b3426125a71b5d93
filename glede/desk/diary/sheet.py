"""The day on paper: who comes when, how to ring them, and room to write. For the day the machine is down."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from glede.desk.access import DeskRequest, page
from glede.desk.diary.times import read_day
from glede.desk.diary.views import service_name
from glede.diary import queries as diary
from glede.kernel.clock import day_of
from glede.kernel.contact import phone_words
from glede.kernel.words import day_words
from glede.people import queries as people


@page("sheet")
def sheet(request: DeskRequest) -> HttpResponse:
    """Show a day as one sheet to print; tomorrow where none is named."""
    practice, language = request.practice, get_language() or "en"
    wanted = read_day(request.GET.get("day", "")) or day_of(request.now, practice.zone) + timedelta(days=1)
    found = diary.day(practice.pk, wanted)
    whom = {visit.patient_id for visit in found.visits}
    request.look_at(*whom)
    numbers, said = _numbers(practice, whom), people.wordings(practice.pk, whom, ("need", "anxious", "do_not"))
    chairs = {chair.practitioner_id: chair.display_name for chair in found.chairs}
    rows = [
        {
            "at": visit.wall_time,
            "name": f"{visit.given_name} {visit.family_name}".strip(),
            "phone": numbers.get(visit.patient_id, ""),
            "service": service_name(visit.service_name, language),
            "who": chairs.get(visit.practitioner_id, ""),
            "is_confirmed": visit.is_confirmed,
            "said": "; ".join(line.words for line in said.get(visit.patient_id, ())),
        }
        for visit in found.visits
        if visit.state in {"booked", "confirmed", "arrived", "with"}
    ]
    context = {
        "page": "diary", "day": wanted, "words": day_words(wanted, language), "rows": rows,
        "before": wanted - timedelta(days=1), "after": wanted + timedelta(days=1),
    }  # fmt: skip
    return render(request, "desk/diary/sheet.html", context)


def _numbers(practice: Any, patient_ids: set[UUID]) -> dict[UUID, str]:
    reached = people.reach(practice.pk, patient_ids)
    return {
        patient_id: phone_words(contact.address, practice.country)
        for patient_id, one in reached.items()
        for contact in reversed(one.contacts)
        if contact.kind == "phone"
    }
