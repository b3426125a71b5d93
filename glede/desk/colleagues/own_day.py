"""A colleague's own calendar: an address that tells it when they see patients, shown once, closed at will."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from glede.desk.access import DeskRequest, page
from glede.desk.diary.history import moment
from glede.practices.queries import public_base
from glede.staff import operations as staff
from glede.staff import queries


@page("own_day")
def own_day(request: DeskRequest) -> HttpResponse:
    """Show whether the reader's own calendar may fetch their day, and since when."""
    return _show(request)


def _show(request: DeskRequest, address: str = "") -> HttpResponse:
    practice, me = request.practice, request.membership.pk
    since = queries.day_feed_since(practice.pk, me)
    context = {
        "page": "own_day",
        "since": moment(since, practice.zone) if since else "",
        "address": address,
        "is_near": not public_base(practice),
        "sees_patients": queries.sees_patients(practice.pk, me),
    }
    return render(request, "desk/colleagues/own_day.html", context)


@page("own_day_address", methods=["POST"])
def address(request: DeskRequest) -> HttpResponse:
    """Make an address for the reader's own calendar and show it, this once; the one before is dead."""
    secret = staff.open_day_feed(
        practice_id=request.practice.pk, membership_id=request.membership.pk, by=request.by, now=request.now
    )
    path = reverse("hooks:own_day", args=[secret])
    base = public_base(request.practice)
    return _show(request, f"{base}{path}" if base else request.build_absolute_uri(path))


@page("own_day_close", methods=["POST"])
def close(request: DeskRequest) -> HttpResponse:
    """Let the reader's own calendar fetch nothing any more."""
    staff.close_day_feed(
        practice_id=request.practice.pk, membership_id=request.membership.pk, by=request.by, now=request.now
    )
    messages.success(request, gettext("Closed. A calendar that asks is told nothing."))
    return redirect("desk:own_day")
