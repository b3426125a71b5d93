"""Move a visit: to a pressed time, to where it was dropped in the diary; and back again within ten seconds."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from glede.desk.access import DeskRequest, page
from glede.desk.diary import times
from glede.desk.diary.acts import back_to, refusal_words
from glede.desk.diary.history import moment
from glede.desk.diary.views import context_of
from glede.diary import operations as diary
from glede.diary.errors import Refused, TimeTaken, UnknownAppointment
from glede.diary.queries import appointment_for
from glede.diary.requests import Slot
from glede.ui import undo

OURS = "practitioner_away"  # the reason of a move that is our wish; the patient's is "time"


@page("move", methods=["GET", "POST"])
def move(request: DeskRequest, appointment_id: UUID) -> HttpResponse:
    """Offer times for a visit; a pressed time moves it, the old one kept until the new one is theirs."""
    context = context_of(request, appointment_id)
    if request.method == "POST":
        return _move(request, appointment_id, context)
    return _offer_move(request, context)


def _offer_move(
    request: DeskRequest, context: dict[str, Any], taken: str = "", instead: times.Search | None = None
) -> HttpResponse:
    visit = context["visit"]
    context["search"] = instead or times.search(request, visit.service_id, minutes=visit.minutes)
    context["taken"] = taken
    return render(request, "desk/diary/move.html", context, status=409 if taken else 200)


def _move(request: DeskRequest, appointment_id: UUID, context: dict[str, Any]) -> HttpResponse:
    slot = times.read_slot(request.POST.get("slot", ""))
    if slot is None:
        raise Http404
    before = appointment_for(request.practice.pk, appointment_id)
    reason = OURS if request.POST.get("wish") == "practice" else "time"
    try:
        visit = diary.move_appointment(
            practice_id=request.practice.pk,
            appointment_id=appointment_id,
            to=Slot(day=slot[0], wall_time=slot[1], practitioner_id=slot[2], is_urgent=times.is_urgent(request)),
            reason=reason,
            by=request.by,
            now=request.now,
            command_id=times.read_uuid(request.POST.get("command")),
        )
    except Refused as refusal:
        if request.POST.get("back"):
            return redirect(_asking_again(request, appointment_id, refusal.code))
        return _offer_move(request, context, refusal_words(refusal), times.after(request, slot, refusal))
    if before.wall_time and (before.starts_at, before.practitioner_id) != (visit.starts_at, visit.practitioner_id):
        words = gettext("%(name)s to %(moment)s, told in 3 minutes") % {
            "name": context["person"].name,
            "moment": moment(visit.starts_at, request.practice.zone),
        }
        was = f"{before.day.isoformat()}T{before.wall_time:%H:%M}|{before.practitioner_id or ''}"
        asked = urlencode({"slot": was, "reason": reason})
        undo.offer(request, words, f"{reverse('desk:unmove', args=[appointment_id])}?{asked}")
    return redirect(_after(request, visit))


def _after(request: DeskRequest, visit: Any) -> str:
    """Return where a moved visit is seen from where it was moved."""
    back, day = request.POST.get("back"), visit.day.isoformat()
    if back == "day":
        return reverse("desk:diary_day", args=[day])
    if back == "week":
        return f"{reverse('desk:diary_week', args=[day])}?with={request.POST.get('with', '')}"
    return reverse("desk:visit", args=[visit.pk])


def _asking_again(request: DeskRequest, appointment_id: UUID, code: str) -> str:
    """Return the day on which the time was wished for, with what is free near it."""
    lost = request.POST.get("slot", "")
    asked = {"move": str(appointment_id), "lost": lost, "why": code}
    if request.POST.get("wish"):
        asked["wish"] = request.POST["wish"]
    return f"{reverse('desk:diary_day', args=[lost[:10]])}?{urlencode(asked)}"


@page("unmove", methods=["POST"])
def unmove(request: DeskRequest, appointment_id: UUID) -> HttpResponse:
    """Take a move back: the visit returns to where it was, if that is still free."""
    slot = times.read_slot(request.GET.get("slot", ""))
    if slot is None:
        raise Http404
    # Where it stood before it may stand again, kept or not.
    to = Slot(day=slot[0], wall_time=slot[1], practitioner_id=slot[2], is_urgent=True)
    reason = request.GET.get("reason", "")
    try:
        diary.move_appointment(
            practice_id=request.practice.pk, appointment_id=appointment_id, to=to, by=request.by, now=request.now,
            reason=reason if reason in {OURS, "time"} else "",
        )  # fmt: skip
        messages.success(request, gettext("Back where it was."))
    except Refused as refusal:
        messages.error(request, refusal_words(refusal))
    return redirect(back_to(request, appointment_id))


@page("swap", methods=["POST"])
def swap(request: DeskRequest, appointment_id: UUID) -> HttpResponse:
    """Let a visit and the one that was pressed change places, and offer to take it back."""
    other = times.read_uuid(request.POST.get("slot") or request.GET.get("with"))
    if other is None:
        raise Http404
    try:
        visit = diary.swap_appointments(
            practice_id=request.practice.pk,
            appointment_id=appointment_id,
            other_id=other,
            by=request.by,
            now=request.now,
            command_id=times.read_uuid(request.POST.get("command")),
        )
    except UnknownAppointment:
        raise Http404 from None
    except TimeTaken:
        messages.error(request, gettext("One of them does not fit where the other is. Both stay where they are."))
        return redirect(back_to(request, appointment_id))
    except Refused as refusal:
        messages.error(request, refusal_words(refusal))
        return redirect(back_to(request, appointment_id))
    if request.GET.get("with"):
        messages.success(request, gettext("Back where they were."))
        return redirect(back_to(request, appointment_id))
    words = gettext("They changed places, told in 3 minutes")
    undo.offer(request, words, f"{reverse('desk:swap', args=[appointment_id])}?with={other}")
    return redirect("desk:diary_day", visit.day.isoformat())
