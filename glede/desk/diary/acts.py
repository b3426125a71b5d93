"""What a colleague does with a visit: at the door, in the diary, on the phone."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from glede.desk.access import DeskRequest, page
from glede.desk.diary import forms, views
from glede.desk.diary.times import read_uuid
from glede.desk.recall.views import after_done
from glede.diary import operations as diary
from glede.diary.errors import Refused, TimeTaken, UnknownAppointment
from glede.ui import undo

REFUSALS = {
    "time_taken": _("Somebody took that time a moment ago. These are free:"),
    "outside_hours": _("Nobody works at that time. These are free:"),
    "away": _("The clinician is away then. These are free:"),
    "kept_for_urgent": _("That time is kept for what is urgent. These are free:"),
    "already_past": _("That time has gone by."),
    "too_early": _("That can be said when the day of the visit has come."),
    "not_by_patients": _("Only a colleague does that."),
    "no_such_time": _("The clock skips that hour on that day. Choose another."),
}


def refusal_words(refusal: Refused) -> str:
    """Return in words why the diary refused."""
    return str(REFUSALS.get(refusal.code, _("The visit has changed meanwhile. Look at it again.")))


Then = Callable[[DeskRequest, UUID, str], str]


def _act(
    operation: Callable[..., Any], done: Any, *, opposite: str = "", then: Then | None = None
) -> Callable[..., HttpResponse]:
    """Return a view that does one thing to a visit and goes back to where it was pressed; ``opposite`` undoes it.

    ``then`` says where it leads instead, from where it was pressed.
    """

    @page(operation.__name__, methods=["POST"])
    def view(request: DeskRequest, appointment_id: UUID) -> HttpResponse:
        try:
            operation(
                practice_id=request.practice.pk,
                appointment_id=appointment_id,
                by=request.by,
                now=request.now,
                command_id=read_uuid(request.POST.get("command")),
            )
        except UnknownAppointment:
            return render(request, "ui/error.html", status=404)
        except Refused as refusal:
            messages.error(request, refusal_words(refusal))
        else:
            _tell(request, str(done), opposite, appointment_id)
            if then is not None:
                return redirect(then(request, appointment_id, back_to(request, appointment_id)))
        return redirect(back_to(request, appointment_id))

    return view


def _tell(request: DeskRequest, done: str, opposite: str, appointment_id: UUID) -> None:
    if opposite:
        undo.offer(request, done, reverse(f"desk:{opposite}", args=[appointment_id]))
    else:
        messages.success(request, done)


arrive = _act(diary.arrive_appointment, _("Here."), opposite="visit_not_yet")
start = _act(diary.start_appointment, _("Shown in."), opposite="visit_not_yet")
not_yet = _act(diary.take_back_step, _("Taken back."))
finish = _act(diary.finish_appointment, _("Done."), then=after_done)
confirm = _act(diary.confirm_appointment, _("Confirmed."))
miss = _act(diary.miss_appointment, _("Noted: did not come."), opposite="visit_reinstate")
reinstate = _act(diary.reinstate_appointment, _("Brought back."))
strike_out = _act(diary.strike_out_appointment, _("Taken back. It stays in the history."))


@page("late", methods=["POST"])
def late(request: DeskRequest, appointment_id: UUID) -> HttpResponse:
    """Note how many minutes late somebody comes."""
    minutes = request.POST.get("minutes", "10")
    try:
        diary.tell_running_late(
            practice_id=request.practice.pk,
            appointment_id=appointment_id,
            minutes=int(minutes) if minutes.isdecimal() and len(minutes) < 4 else 10,
            by=request.by,
            now=request.now,
        )
        messages.success(request, gettext("Noted."))
    except Refused as refusal:
        messages.error(request, refusal_words(refusal))
    return redirect("desk:visit", appointment_id)


@page("cancel", methods=["POST"])
def cancel(request: DeskRequest, appointment_id: UUID) -> HttpResponse:
    """Cancel a visit, with the reason."""
    form = forms.Cancellation(request.POST)
    if not form.is_valid():
        return render(request, "desk/diary/visit.html", views.context_of(request, appointment_id, form), status=422)
    try:
        diary.cancel_appointment(
            practice_id=request.practice.pk,
            appointment_id=appointment_id,
            reason=form.cleaned_data["reason"],
            words=form.cleaned_data["words"],
            by=request.by,
            now=request.now,
            command_id=read_uuid(request.POST.get("command")),
        )
    except Refused as refusal:
        messages.error(request, refusal_words(refusal))
    else:
        undo.offer(
            request,
            gettext("Cancelled. The patient is told in 3 minutes."),
            reverse("desk:visit_reinstate", args=[appointment_id]),
        )
    return redirect("desk:visit", appointment_id)


def back_to(request: DeskRequest, appointment_id: UUID) -> str:
    """Return the page on which something was pressed; the visit's own where no page of ours says so."""
    from django.utils.http import url_has_allowed_host_and_scheme

    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return came_from
    return reverse("desk:visit", args=[appointment_id])


__all__ = [
    "REFUSALS",
    "TimeTaken",
    "arrive",
    "back_to",
    "cancel",
    "confirm",
    "finish",
    "late",
    "miss",
    "reinstate",
    "start",
    "strike_out",
]
