"""One visit, and what is said of it wherever it stands."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext

from glede.desk import matters
from glede.desk.access import DeskRequest, page
from glede.desk.diary import forms, history
from glede.desk.diary.ample import unhurried_words
from glede.diary import queries as diary
from glede.diary.errors import UnknownAppointment
from glede.kernel.clock import day_of
from glede.kernel.ids import new_id
from glede.kernel.money import Money, money_words
from glede.kernel.words import day_words, time_words
from glede.people import queries as people

ACTS = {
    "booked": ("arrive", "late", "confirm", "move", "cancel", "miss"),
    "confirmed": ("arrive", "late", "move", "cancel", "miss"),
    "arrived": ("start", "cancel"),
    "with": ("finish",),
    "missed": ("move", "arrive"),
    "cancelled": ("reinstate", "again"),
    "done": ("again",),
    "entered_in_error": (),
}

OF_THE_DAY = frozenset({"arrive", "late", "miss"})


@page("visit")
def visit(request: DeskRequest, appointment_id: UUID) -> HttpResponse:
    """Show one visit: what it is, what can be done now, and everything that happened to it."""
    return render(request, "desk/diary/visit.html", context_of(request, appointment_id))


def context_of(request: DeskRequest, appointment_id: UUID, form: forms.Cancellation | None = None) -> dict[str, Any]:
    """Return what the page of a visit shows. Raises ``Http404`` for another practice's."""
    try:
        facts = diary.appointment_for(request.practice.pk, appointment_id)
    except UnknownAppointment:
        raise Http404 from None
    request.look_at(facts.patient_id)
    names = people.names(request.practice.pk, [facts.patient_id])
    person = names[facts.patient_id]
    language = get_language() or "en"
    return {
        "page": "diary",
        "visit": facts,
        "person": person,
        "matters": matters.shown(request, facts.patient_id),
        "answered": people.answered_before(request.practice.pk, appointment_id),
        "see_url": reverse("desk:as_patient", args=[appointment_id]),
        "see_name": person.given_name or person.name,
        "day_words": day_words(facts.day, language),
        "hour": time_words(facts.wall_time, "en", "staff") if facts.wall_time else "",
        "service": service_name(facts.service_name, language),
        "then": then_words(facts, language),
        "price": price_words(facts, request.practice, language),
        "unhurried": unhurried_words(facts.more_time),
        "acts": acts_now(facts, request.now),
        "state": history.state_words(facts),
        "history": history.of(request, facts, person),
        "form": form or forms.Cancellation(),
        "command": new_id(),
    }


def acts_now(facts: Any, now: datetime) -> tuple[str, ...]:
    """Return what can be done with a visit: nobody arrives, runs late or is missed before the day it is for."""
    known = ACTS.get(str(facts.state), ())
    if day_of(now, facts.zone) < facts.day:
        return tuple(act for act in known if act not in OF_THE_DAY)
    return known


def then_words(facts: Any, language: str) -> str:
    """Return what follows a visit: "10:40 Marius, Collect and fit"; "" where nothing does."""
    if facts.then is None:
        return ""
    at = f"{time_words(facts.then.wall_time, 'en', 'staff')} {facts.then.practitioner_given_name}".strip()
    return f"{at}, {service_name(facts.then.service_name, language)}"


def service_name(names: Any, language: str) -> str:
    """Return the name of a service in the reader's language."""
    return str(names.get(language[:2]) or names.get("en") or next(iter(names.values()), "") or gettext("Visit"))


def price_words(facts: Any, practice: Any, language: str) -> str:
    """Return the price of the visit in words, or "" where none is set."""
    if facts.price_minor_units is None:
        return ""
    low = money_words(Money(facts.price_minor_units, practice.currency), language[:2])
    if not facts.price_to_minor_units:
        return low
    return gettext("%(low)s to %(high)s") % {
        "low": low,
        "high": money_words(Money(facts.price_to_minor_units, practice.currency), language[:2]),
    }


@page("as_patient")
def as_patient(request: DeskRequest, appointment_id: UUID) -> HttpResponse:
    """Go to what the patient sees of this visit."""
    try:
        facts = diary.appointment_for(request.practice.pk, appointment_id)
    except UnknownAppointment:
        raise Http404 from None
    request.look_at(facts.patient_id)
    return redirect(f"/t/{facts.link_code}/")
