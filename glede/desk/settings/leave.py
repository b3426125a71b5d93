"""Leave of a clinician: take it, see who stands in it, withdraw it."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext

from glede.desk.access import MANAGERS, DeskRequest, page
from glede.desk.diary.history import moment
from glede.desk.settings.apart_forms import Leave
from glede.desk.settings.apart_words import away_hours
from glede.desk.settings.hours import kept
from glede.desk.settings.told import dates_words
from glede.diary import operations as diary
from glede.diary.errors import UnknownPractitioner
from glede.diary.names import LEAVES
from glede.diary.queries.leaves import LeaveTaken, leave_by_id, leaves, standing_in
from glede.kernel.clock import day_of
from glede.kernel.words import day_words
from glede.people.queries import names
from glede.staff.queries import Named, every_practitioner
from glede.ui import undo


@page("settings_leave", roles=MANAGERS, methods=["GET", "POST"])
def leave(request: DeskRequest, practitioner_id: UUID) -> HttpResponse:
    """Show when a clinician is away, and take leave."""
    one = _clinician(request, practitioner_id)
    form = Leave(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            taken = diary.take_leave(new=diary.NewLeave(one.id, **form.cleaned_data), **_given(request))
        except UnknownPractitioner as error:
            raise Http404 from error
        if taken is None:
            return kept(request, None, "", "desk:settings_leave", one.id)
        _offer_undo(request, taken)
        return redirect("desk:settings_leave_taken", taken.leave_id)
    today = day_of(request.now, request.practice.zone)
    context = {
        "page": "settings",
        "one": one,
        "form": form,
        "leaves": [
            _line(taken) for taken in leaves(request.practice.pk, from_=today) if taken.practitioner_id == one.id
        ],
    }
    return render(request, "desk/settings/leave.html", context, status=422 if form.is_bound else 200)


def _offer_undo(request: DeskRequest, taken: diary.Taken) -> None:
    words = ngettext("Kept. %(n)d visit is to be moved.", "Kept. %(n)d visits are to be moved.", taken.visits)
    said = words % {"n": taken.visits} if taken.visits else gettext("Kept. Nobody stands there.")
    undo.offer(request, said, reverse("desk:settings_undo", args=[taken.change_id]))


def _line(taken: LeaveTaken) -> tuple[UUID, str, str]:
    away = taken.away
    when = dates_words(away.first_on, away.last_on, get_language() or "en")
    return taken.id, f"{when} {away_hours(away)}".strip(), str(LEAVES[taken.kind])


@page("settings_leave_taken", roles=MANAGERS)
def leave_taken(request: DeskRequest, leave_id: UUID) -> HttpResponse:
    """Show a leave, and every visit that stands in it until it is moved."""
    taken = leave_by_id(request.practice.pk, leave_id)
    if taken is None:
        raise Http404
    one, zone = _clinician(request, taken.practitioner_id), request.practice.zone
    away = [] if taken.is_ended else [taken.away]
    left = standing_in(request.practice.pk, one.id, away, zone=zone, now=request.now)
    known = names(request.practice.pk, {visit.patient_id for visit in left})
    request.look_at(*known)
    language = get_language() or "en"
    context = {
        "page": "settings",
        "one": one,
        "taken": taken,
        "when": _line(taken)[1],
        "count": len(left),
        "visits": [
            (
                visit.appointment_id,
                known[visit.patient_id].name,
                day_words(visit.day, language) if visit.is_day_visit else moment(visit.starts_at, zone),
            )
            for visit in left
        ],
    }
    return render(request, "desk/settings/leave_taken.html", context)


@page("settings_leave_end", roles=MANAGERS, methods=["POST"])
def end(request: DeskRequest, leave_id: UUID) -> HttpResponse:
    """Withdraw a leave."""
    taken = leave_by_id(request.practice.pk, leave_id)
    if taken is None:
        raise Http404
    change = diary.end_leave(leave_id=leave_id, **_given(request))
    return kept(
        request, change, gettext("Withdrawn. Visits can be booked again."), "desk:settings_leave", taken.practitioner_id
    )


def _clinician(request: DeskRequest, practitioner_id: UUID) -> Named:
    one = next((p for p in every_practitioner(request.practice.pk) if p.id == practitioner_id), None)
    if one is None:
        raise Http404
    return one


def _given(request: DeskRequest) -> dict[str, Any]:
    return {"practice_id": request.practice.pk, "by": request.by, "now": request.now}
