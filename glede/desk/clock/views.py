"""Buttons that only the demonstration has."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, ngettext

from glede.demonstration import operations as demonstration
from glede.desk.access import DeskRequest, page
from glede.desk.diary.history import moment
from glede.desk.start.views import INSTEAD_OF, take_a_seat
from glede.staff import queries as staff


@page("clock", methods=["POST"])
def move(request: DeskRequest) -> HttpResponse:
    """Move the demonstration's clock: ``action`` is next, hour or day."""
    if not request.practice.is_demo:
        raise Http404
    moved = demonstration.move_clock(practice_id=request.practice.pk, by_=request.POST.get("action", "next"))
    messages.success(request, what_happened(moved, request.practice.zone))
    return redirect(_where(request))


def what_happened(moved: demonstration.Moved, zone: str) -> str:
    """Return what the clock shows now, and what happened on the way: "Wed 18 Nov 15:00. 2 messages went."."""
    told = [gettext("It is %(moment)s.") % {"moment": moment(moved.to, zone)}]
    sent, owed = moved.report.rehearsed, moved.report.promises
    if sent:
        told.append(ngettext("%(n)d message went (rehearsed).", "%(n)d messages went (rehearsed).", sent) % {"n": sent})
    if owed:
        told.append(ngettext("%(n)d new promise.", "%(n)d new promises.", owed) % {"n": owed})
    return " ".join(told)


def _where(request: DeskRequest) -> str:
    """Return the page on which the button stood; only ever a path of ours."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse("desk:today")


@page("clock", methods=["POST"])
def reset(request: DeskRequest) -> HttpResponse:
    """Begin the demonstration again, as it was: a new one is made, then this one is put away."""
    if not request.practice.is_demo:
        raise Http404
    demonstration.ask_for_demonstration(instead_of=request.practice.pk)
    request.session[INSTEAD_OF] = str(request.practice.pk)
    return redirect("desk:look_around")


@page("clock", methods=["POST"])
def take_seat(request: DeskRequest) -> HttpResponse:
    """Sit down as another colleague of the demonstration."""
    if not request.practice.is_demo:
        raise Http404
    try:
        user = staff.user_of(request.practice.pk, UUID(request.POST.get("seat", "")))
    except (ValueError, LookupError):
        raise Http404 from None
    take_a_seat(request, request.practice.pk, user)
    return redirect("desk:today")
