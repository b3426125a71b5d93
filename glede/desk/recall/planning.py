"""When a person is due again, on their own page: said, changed and taken back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from glede.catalogue.queries import service_card
from glede.desk.access import DeskRequest, page
from glede.desk.diary.times import read_uuid
from glede.desk.recall import choosing, forms, words
from glede.kernel.ids import new_id
from glede.people import queries as people
from glede.recall import errors
from glede.recall.operations import set_next_visit, take_back_next_visit
from glede.recall.operations.planning import may_plan
from glede.recall.queries import next_visit_of, next_visits_said
from glede.recall.values import NextDue
from glede.staff.queries import colleague_names
from glede.ui import undo


@page("next_visit", methods=["GET", "POST"])
def plan(request: DeskRequest, patient_id: UUID) -> HttpResponse:
    """Show what was said about a person's next visit, or say it anew."""
    card = people.patient_card(request.practice.pk, patient_id)
    if card is None:
        raise Http404
    person = card.person
    request.look_at(person.patient_id)
    usual = choosing.usual(request, person.patient_id, person.birth_date)
    form = forms.NextVisit(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        wanted = form.plan(usual, _service(request, person.patient_id))
        if wanted is None:
            form.add_error("months", gettext("Choose when they come again."))
        elif (answer := _said(request, person.patient_id, wanted, form)) is not None:
            return answer
    context = {
        "page": "people", "person": person, "command": request.POST.get("command") or new_id(),
        "said": [(one, told(request, one)) for one in next_visits_said(request.practice.pk, person.patient_id)],
        **choosing.choices(request, usual, form),
    }  # fmt: skip
    return render(request, "desk/recall/plan.html", context, status=422 if request.method == "POST" else 200)


def _service(request: DeskRequest, patient_id: UUID) -> UUID | None:
    before = next_visit_of(request.practice.pk, patient_id)
    return before.service_id if before else None


def _said(request: DeskRequest, patient_id: UUID, wanted: Any, form: forms.NextVisit) -> HttpResponse | None:
    try:
        row = set_next_visit(
            practice_id=request.practice.pk, patient_id=patient_id, plan=wanted, by=request.by, now=request.now,
            command_id=read_uuid(request.POST.get("command")),
        )  # fmt: skip
    except errors.Refused as refusal:
        form.add_error("why" if isinstance(refusal, errors.WhyMissing) else "months", words.REFUSALS[refusal.code])
        return None
    undo.offer(request, gettext("Kept."), reverse("desk:next_visit_back", args=[row.pk]))
    return redirect("desk:person", patient_id)


@page("next_visit_back", methods=["POST"])
def take_back(request: DeskRequest, plan_id: UUID) -> HttpResponse:
    """Take back when a person is due again; what was said before stands."""
    try:
        take_back_next_visit(practice_id=request.practice.pk, plan_id=plan_id, by=request.by, now=request.now)
    except errors.NoSuchPlan:
        raise Http404 from None
    except errors.NotAllowed:
        messages.error(request, str(words.REFUSALS["not_allowed"]))
    else:
        messages.success(request, gettext("Taken back."))
    return redirect(request.headers.get("Referer", "") if _is_ours(request) else reverse("desk:people"))


def _is_ours(request: DeskRequest) -> bool:
    from django.utils.http import url_has_allowed_host_and_scheme

    came_from = request.headers.get("Referer", "")
    return url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())


def told(request: DeskRequest, due: NextDue) -> str:
    """Return when somebody is due again, in words, with who said so."""
    service = service_card(request.practice.pk, due.service_id) if due.service_id else None
    who = colleague_names(request.practice.pk).get(due.set_by, "") if due.set_by else ""
    return words.due_words(due, words.service_words(service.name) if service else "", who)


def of_person(request: DeskRequest, patient_id: UUID, held_until: Any) -> dict[str, Any]:
    """Return what a person's page tells: when they are due again, who may change it, and whether messages wait."""
    due = next_visit_of(request.practice.pk, patient_id)
    return {
        "due": told(request, due) if due else "",
        "due_id": due.id if due else None,
        "may_plan": may_plan(request.practice.pk, request.by),
        "held": words.held_words(held_until, request.now, request.practice.zone),
    }
