"""The pages of the counter: who stands here, how it ends, and a visit today where we have none written down."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from glede.catalogue.queries import services
from glede.desk import matters
from glede.desk.access import DeskRequest, page
from glede.desk.counter import looking, saying
from glede.desk.counter.endings import Ending
from glede.desk.counter.telling import aloud
from glede.desk.diary import forms, times
from glede.desk.diary.acts import refusal_words
from glede.desk.diary.booking import usual_service
from glede.desk.diary.history import moment
from glede.diary.errors import Refused
from glede.diary.operations import book_appointment
from glede.diary.requests import Booking
from glede.kernel.clock import day_of
from glede.kernel.ids import new_id
from glede.kernel.periods import NeverOpen
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.people import queries as people
from glede.people.operations import add_patient
from glede.practices.queries import opening_hours
from glede.promises.operations import NewPromise, make_promise
from glede.promises.queries import count_causes

CAUSES = {
    "import": _("It is in our earlier system, and the list did not bring it"),
    "elsewhere": _("It was booked with another practice"),
    "spoken": _("Somebody here promised it aloud"),
    "unknown": _("We do not know yet"),
}
CAUSE = "no_visit"
FIND_OUT_MINUTES = 240  # open minutes, our own choice: within half a day somebody knows how it happened
COUNTED = timedelta(days=90)


@page("counter")
def counter(request: DeskRequest) -> HttpResponse:
    """Ask who stands here: a name, a number, a birth date, or the code in their hand."""
    words = request.GET.get("q", "").strip()
    visit = looking.by_code(request.practice.pk, words) if words else None
    if visit is not None:
        return redirect("desk:counter_case", visit.patient_id)
    found = people.search(request.practice.pk, words, limit=looking.FOUND) if words else []
    if len(found) == 1:
        return redirect("desk:counter_case", found[0].patient_id)
    return _ask(request, words, found)


def _ask(request: DeskRequest, words: str, found: list[Any], form: forms.Stranger | None = None) -> HttpResponse:
    alike = people.look_alikes(request.practice.pk, words) if words and not found else []
    request.look_at(*(person.patient_id for person in (*found, *alike)))
    context = {
        "page": "today",
        "words": words,
        "found": found,
        "alike": alike,
        "form": form or forms.stranger(request.practice.country, "" if found or alike else words),
        "is_unknown": bool(words or form) and not found,
        "counted": _counted(request),
    }
    return render(request, "desk/counter/ask.html", context, status=422 if form else 200)


def _counted(request: DeskRequest) -> list[tuple[int, str]]:
    """Return how often somebody came to a visit we had not written down, by cause, the most first."""
    made = count_causes(request.practice.pk, "recover", since=request.now - COUNTED)
    causes = {cause.partition(":")[2]: n for cause, n in made.items() if cause.startswith(f"{CAUSE}:")}
    return [(n, str(CAUSES[cause])) for cause, n in causes.items() if cause in CAUSES]


@page("counter_case", takes_back=True)
def case(request: DeskRequest, patient_id: UUID) -> HttpResponse:
    """Say how it ends for a person: today's visit, one that lies elsewhere, or none that we have written down."""
    return _case(request, patient_id)


def _case(request: DeskRequest, patient_id: UUID, taken: str = "") -> HttpResponse:
    met = looking.meet(request, patient_id)
    if met is None:
        raise Http404
    visit, ending = met.case.visit, met.case.ending
    is_free = ending not in {Ending.TODAY, Ending.HOUSEHOLD}
    service = usual_service(request.practice.pk, patient_id, services(request.practice.pk))
    service_id = visit.service_id if visit and ending != Ending.SISTER else service.id if service else None
    context = {
        "page": "today",
        "met": met,
        "person": met.person,
        "matters": matters.shown(request, met.person.patient_id),
        "visit": visit,
        "ending": str(ending),
        "said": saying.words(met, day_of(request.now, request.practice.zone)),
        "aloud": aloud(met.practice, visit, now=request.now) if visit else [],
        "search": times.search(request, service_id) if is_free else None,
        "service_id": service_id,
        "causes": CAUSES.items(),
        "can_move": ending in {Ending.MOVED, Ending.ELSEWHERE},
        "taken": taken,
        "command": new_id(),
        "phone": met.practice.phone,
        "language": get_language() or "en",
    }
    return render(request, "desk/counter/case.html", context, status=409 if taken else 200)


@page("counter_stranger", methods=["POST"])
def stranger(request: DeskRequest) -> HttpResponse:
    """Make somebody nobody here has met a person, and go on to a time today."""
    form = forms.Stranger(request.POST, country=request.practice.country)
    if not form.is_valid():
        return _ask(request, "", [], form)
    added = add_patient(practice_id=request.practice.pk, person=form.person(), by=request.by, now=request.now)
    return redirect("desk:counter_case", added.pk)


@page("counter_put_right", methods=["POST"])
def put_right(request: DeskRequest, patient_id: UUID) -> HttpResponse:
    """Book a time for who stands here, and promise to find out how it came that none was written down."""
    slot, cause = times.read_slot(request.POST.get("slot", "")), request.POST.get("cause", "")
    if slot is None:
        raise Http404
    asked = Booking(
        patient_id=patient_id, service_id=times.read_uuid(request.POST.get("service")), day=slot[0],
        wall_time=slot[1], practitioner_id=slot[2],
    )  # fmt: skip
    command = times.read_uuid(request.POST.get("command"))
    given: dict[str, Any] = {"practice_id": request.practice.pk, "by": request.by, "now": request.now}
    try:
        with act(**given):
            visit = book_appointment(request=asked, command_id=command, **given)
            if cause in CAUSES:
                make_promise(new=_find_out(request, visit, cause), **given)
    except Refused as refusal:
        return _case(request, patient_id, taken=refusal_words(refusal))
    words = gettext("Booked for %(moment)s.") % {"moment": moment(visit.starts_at, request.practice.zone)}
    if cause in CAUSES:
        words += " " + gettext("How it happened stands on Today until somebody has found out.")
    messages.success(request, words)
    return redirect("desk:visit", visit.pk)


def _find_out(request: DeskRequest, visit: Any, cause: str) -> NewPromise:
    try:
        due_at = opening_hours(request.practice).add_open_minutes(request.now, FIND_OUT_MINUTES)
    except NeverOpen:
        due_at = request.now + timedelta(minutes=FIND_OUT_MINUTES)
    return NewPromise(
        kind="recover", subject=Ref("appointment", visit.pk), due_at=due_at, cause=f"{CAUSE}:{cause}",
        patient_id=visit.patient_id, detail={"reason": CAUSE, "cause": cause},
    )  # fmt: skip
