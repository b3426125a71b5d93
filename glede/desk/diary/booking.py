"""Book somebody, known or not, and move a visit: a person, a reason, one of three times."""

from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext

from glede.catalogue.queries import services
from glede.catalogue.rules import ServiceCard
from glede.desk.access import DeskRequest, page
from glede.desk.diary import ample, forms, times
from glede.desk.diary.acts import refusal_words
from glede.desk.diary.history import moment
from glede.desk.diary.views import service_name
from glede.desk.seeing import see_url
from glede.diary import operations as diary
from glede.diary.errors import Refused
from glede.diary.queries import visits_of
from glede.diary.requests import Booking
from glede.kernel.ids import new_id
from glede.people import operations as people_operations
from glede.people import queries as people


@page("book", methods=["GET", "POST"])
def book(request: DeskRequest) -> HttpResponse:
    """Ask who; with somebody chosen, offer times; a pressed time books it."""
    if request.method == "POST":
        return _book(request, times.read_uuid(request.POST.get("person")))
    patient_id = times.read_uuid(request.GET.get("person"))
    if patient_id is None:
        return _who(request)
    return _when(request, patient_id)


def _who(request: DeskRequest, form: forms.Stranger | None = None) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    found = people.search(request.practice.pk, words, limit=8) if words else []
    request.look_at(*(p.patient_id for p in found))
    if len(found) == 1 and form is None:
        return redirect(_when_for(request, found[0].patient_id))
    offered, chosen = services(request.practice.pk), times.read_uuid(request.GET.get("service"))
    service = next((one for one in offered if one.id == chosen), None) or _for_new(offered)
    context = {
        "page": "diary",
        "words": words,
        "kept": _kept(request),
        "kept_words": urlencode(_kept(request)),
        "found": found,
        "service": service,
        "first": times.search(request, service.id if service else None).first,
        "command": new_id(),
        "form": form or forms.stranger(request.practice.country, "" if found else words),
    }
    return render(request, "desk/diary/who.html", context, status=422 if form else 200)


def _when(request: DeskRequest, patient_id: UUID, taken: str = "", instead: times.Search | None = None) -> HttpResponse:
    person = people.names(request.practice.pk, [patient_id]).get(patient_id)
    if person is None:
        raise Http404
    request.look_at(patient_id)
    offered = services(request.practice.pk)
    chosen = times.read_uuid(request.GET.get("service") or request.POST.get("service"))
    service = next((s for s in offered if s.id == chosen), None) or usual_service(
        request.practice.pk, patient_id, offered
    )
    language = get_language() or "en"
    longer = ample.of(request, patient_id, service)
    context = {
        "page": "diary",
        "person": person,
        "see_url": see_url(request, patient_id),
        "see_name": person.given_name or person.name,
        "services": [(s, service_name(s.name, language)) for s in offered],
        "service": service,
        "search": instead or times.search(request, service.id if service else None, more_time=longer.chosen),
        "longer": longer,
        "taken": taken,
        "command": new_id(),
    }
    return render(request, "desk/diary/when.html", context, status=409 if taken else 200)


def _for_new(offered: Sequence[ServiceCard]) -> ServiceCard | None:
    return next((s for s in offered if s.for_new), offered[0] if offered else None)


def usual_service(practice_id: UUID, patient_id: UUID, offered: Sequence[ServiceCard]) -> ServiceCard | None:
    """Return what somebody most likely comes for: the first service, or the first made for people new here."""
    is_new = not visits_of(practice_id, patient_id)
    return next((s for s in offered if s.for_new == is_new), offered[0] if offered else None)


def _book(request: DeskRequest, patient_id: UUID | None) -> HttpResponse:
    slot = times.read_slot(request.POST.get("slot", ""))
    if patient_id is None or slot is None:
        raise Http404
    asked = Booking(
        patient_id=patient_id,
        service_id=times.read_uuid(request.POST.get("service")),
        day=slot[0],
        wall_time=slot[1],
        practitioner_id=slot[2],
        more_time=ample.asked(request.POST),
        is_urgent=times.is_urgent(request),
    )
    try:
        visit = diary.book_appointment(
            practice_id=request.practice.pk,
            request=asked,
            by=request.by,
            now=request.now,
            command_id=times.read_uuid(request.POST.get("command")),
        )
    except Refused as refusal:
        return _when(request, patient_id, refusal_words(refusal), times.after(request, slot, refusal))
    at = moment(visit.starts_at, request.practice.zone)
    messages.success(request, gettext("Booked for %(moment)s.") % {"moment": at})
    return redirect("desk:visit", visit.pk)


@page("book_whom", methods=["POST"])
def book_whom(request: DeskRequest) -> HttpResponse:
    """Look for who was named; with a number it is somebody new, who is kept and booked for the time that is chosen."""
    words, phone = request.POST.get("q", "").strip(), request.POST.get("phone", "").strip()
    if not phone:
        return redirect(f"{reverse('desk:book')}?{urlencode({'q': words} | _kept(request))}")
    named = forms.named(words)
    form = forms.Stranger({**named, "phone": phone}, country=request.practice.country)
    if not form.is_valid():
        return _who(request, form)
    known = [one for one in people.search(request.practice.pk, phone, limit=2) if one.name == words]
    patient_id = known[0].patient_id if known else _add(request, form)
    return _book(request, patient_id) if request.POST.get("slot") else redirect(_when_for(request, patient_id))


def _add(request: DeskRequest, form: forms.Stranger) -> UUID:
    added = people_operations.add_patient(
        practice_id=request.practice.pk, person=form.person(), by=request.by, now=request.now
    )
    return added.pk


def _kept(request: DeskRequest) -> dict[str, str]:
    """Return what was chosen before it was said who comes: a pressed time, and what for."""
    asked = request.POST if request.method == "POST" else request.GET
    service = asked.get("for", "") or request.GET.get("service", "")
    chosen = {"at": asked.get("at", ""), "service": service, "urgent": "1" if times.is_urgent(request) else ""}
    return {name: words for name, words in chosen.items() if words}


def _when_for(request: DeskRequest, patient_id: UUID) -> str:
    return f"{reverse('desk:book')}?{urlencode({'person': str(patient_id)} | _kept(request))}"


@page("stranger", methods=["POST"])
def stranger(request: DeskRequest) -> HttpResponse:
    """Make somebody new a person, and offer times."""
    form = forms.Stranger(request.POST, country=request.practice.country)
    if not form.is_valid():
        return _who(request, form)
    return redirect(_when_for(request, _add(request, form)))
