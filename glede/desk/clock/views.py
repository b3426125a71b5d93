"""Buttons that only the demonstration has."""

from uuid import UUID

from django.contrib.auth import login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from glede.demonstration import operations as demonstration
from glede.desk.access import DeskRequest, page
from glede.desk.middleware import SESSION_KEY
from glede.desk.start.views import ADMITTED, BACKEND
from glede.kernel import clock
from glede.staff import queries as staff


@page("clock", methods=["POST"])
def move(request: DeskRequest) -> HttpResponse:
    """Move the demonstration's clock: ``action`` is next, hour or day."""
    if not request.practice.is_demo:
        raise Http404
    demonstration.move_clock(practice_id=request.practice.pk, by_=request.POST.get("action", "next"))
    return redirect("desk:today")


@page("clock", methods=["POST"])
def reset(request: DeskRequest) -> HttpResponse:
    """Begin the demonstration again, as it was."""
    if not request.practice.is_demo:
        raise Http404
    demonstration.reset_demonstration(now=clock.now())
    practice, user = demonstration.open_demonstration(now=clock.now())
    admitted = request.session.get(ADMITTED)
    login(request, user, backend=BACKEND)
    request.session[SESSION_KEY] = str(practice.pk)
    request.session[ADMITTED] = admitted
    return redirect("desk:today")


@page("clock", methods=["POST"])
def take_seat(request: DeskRequest) -> HttpResponse:
    """Sit down as another colleague of the demonstration."""
    if not request.practice.is_demo:
        raise Http404
    try:
        user = staff.user_of(request.practice.pk, UUID(request.POST.get("seat", "")))
    except (ValueError, LookupError):
        raise Http404 from None
    practice_id, admitted = str(request.practice.pk), request.session.get(ADMITTED)
    login(request, user, backend=BACKEND)
    request.session[SESSION_KEY] = practice_id
    request.session[ADMITTED] = admitted
    return redirect("desk:today")
