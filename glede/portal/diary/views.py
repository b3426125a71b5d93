"""The visit: see it, confirm it, say that you are late or here, cancel it."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from glede.diary import errors
from glede.diary.operations import (
    arrive_appointment,
    cancel_appointment,
    confirm_appointment,
    tell_running_late,
)
from glede.diary.queries import cancellation_note
from glede.diary.rules import LinkState, Reason
from glede.inbox.operations import ask_for_call
from glede.people.queries import before_visit, preference_of
from glede.portal import wording
from glede.portal.diary import forms, presenters
from glede.portal.diary.calendars import follow_address
from glede.portal.gate import Guest, command_of, go, patient_page, show
from glede.ui.nonce import StaleNonce

ACTS = {"confirm": "confirmed", "arrive": "here", "late": "late", "cancel": "cancelled", "call_back": "call"}


def press(guest: Guest, act: str, do: Callable[[], object]) -> HttpResponse:
    """Do what a button asks and go to the visit's page; a refusal shows the visit as it now is."""
    try:
        do()
    except errors.Refused:
        return go(guest, "visit", "kept")
    return go(guest, "visit", ACTS[act])


@patient_page("visit")
def visit(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Show the home of the link: what the visit is about at this moment."""
    page = presenters.visit_page(guest.visit, guest.practice.currency, guest.now, done=request.GET.get("done", ""))
    context = {
        "page": page,
        "confirm": guest.press("confirm"),
        "arrive": guest.press("arrive"),
        "call_back": guest.press("call_back"),
        "again": presenters.may_book_again(guest.visit, guest.now),
        "follow": follow_address(request, guest),
        "asks": page.is_ahead and bool(_questions(guest)),
        "preparation": preference_of(guest.practice.pk, guest.visit.patient_id).preparation_by_text,
    }
    return show(request, guest, presenters.TEMPLATES[page.stage], context)


def _questions(guest: Guest) -> Sequence[object]:
    return before_visit(guest.practice.pk, guest.reach.patient_id, guest.visit.appointment_id).questions


@patient_page("visit.confirm", reads=False, writes=True)
def confirmation(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Confirm the visit."""
    return _simple(request, guest, "confirm", confirm_appointment)


@patient_page("visit.arrive", reads=False, writes=True)
def arrival(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Say "I am here"."""
    return _simple(request, guest, "arrive", arrive_appointment)


def _simple(request: HttpRequest, guest: Guest, act: str, operation: Callable[..., object]) -> HttpResponse:
    try:
        command = command_of(request, guest, act)
    except StaleNonce:
        return go(guest, "visit")
    return press(guest, act, lambda: operation(**_whose(guest), command_id=command))


def _whose(guest: Guest) -> dict[str, Any]:
    return {
        "practice_id": guest.practice.pk,
        "appointment_id": guest.visit.appointment_id,
        "by": guest.by,
        "now": guest.now,
    }


@patient_page("visit.late", writes=True)
def lateness(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Ask how late, and tell the practice."""
    form = forms.LateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            command = command_of(request, guest, "late")
        except StaleNonce:
            return go(guest, "lateness")
        minutes = form.cleaned_data["minutes"]
        return press(guest, "late", lambda: tell_running_late(**_whose(guest), minutes=minutes, command_id=command))
    return show(request, guest, "late.html", {"form": form, "nonce": guest.press("late")}, 422 if form.errors else 200)


@patient_page("visit.cancel", writes=True)
def cancellation(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Tell the practice's rule first, ask nothing, cancel."""
    if request.method == "POST":
        try:
            command = command_of(request, guest, "cancel")
        except StaleNonce:
            return go(guest, "cancellation")
        return press(
            guest,
            "cancel",
            lambda: cancel_appointment(**_whose(guest), reason=Reason.NONE_GIVEN, command_id=command),
        )
    if guest.visit.link_state(guest.now) == LinkState.CANCELLED:
        return go(guest, "visit", "kept")
    note = cancellation_note(guest.practice.pk, guest.visit, language=wording.tongue(), now=guest.now)
    page = presenters.visit_page(guest.visit, guest.practice.currency, guest.now)
    context = {
        "page": page,
        "note": note,
        "until": wording.moment_words(note.until, guest.visit.zone, guest.now) if note.until else "",
        "nonce": guest.press("cancel"),
        "call_back": guest.press("call_back"),
    }
    return show(request, guest, "cancel.html", context)


@patient_page("visit.call_back", reads=False, writes=True)
def call_back(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Ask to be rung."""
    try:
        command = command_of(request, guest, "call_back")
    except StaleNonce:
        return go(guest, "visit")
    whose = _whose(guest)
    return press(
        guest,
        "call_back",
        lambda: ask_for_call(**whose, patient_id=guest.visit.patient_id, command_id=command),
    )
