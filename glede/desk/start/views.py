"""The first page, on the machine itself until an owner exists."""

import ipaddress
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods

from glede.demonstration import operations as demonstration
from glede.desk.middleware import SESSION_KEY
from glede.desk.start import forms
from glede.kernel import clock
from glede.kernel.actor import SYSTEM
from glede.practices import operations as practices
from glede.staff import first_code
from glede.staff import operations as staff
from glede.staff import queries as staff_queries

ADMITTED = "admitted"
# The demonstration that was asked to be made anew: the one to wait past.
INSTEAD_OF = "instead_of"
ASK_AGAIN_SECONDS = 2
BACKEND = "django.contrib.auth.backends.ModelBackend"


def until_an_owner_exists(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Show ``view`` on the machine itself only, and only while no practice has an owner."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if staff_queries.owner_exists():
            return redirect("desk:today" if request.user.is_authenticated else "account_login")
        if not is_loopback(request):
            return render(request, "desk/start/elsewhere.html", status=403)
        return view(request, *args, **kwargs)

    return guarded


def is_loopback(request: HttpRequest) -> bool:
    """Return True where the browser runs on this machine."""
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


@require_http_methods(["GET", "HEAD", "POST"])
@until_an_owner_exists
def start(request: HttpRequest) -> HttpResponse:
    """Ask for the code; then show the two ways in."""
    if request.session.get(ADMITTED):
        return render(request, "desk/start/ways.html")
    form = forms.Code(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.session[ADMITTED] = True
        return redirect("desk:start")
    return render(request, "desk/start/code.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@until_an_owner_exists
def look_around(request: HttpRequest) -> HttpResponse:
    """Sit down at the desk of the demonstration; while its year is being lived, say how far it is."""
    if not request.session.get(ADMITTED):
        return redirect("desk:start")
    ready = demonstration.sit_down()
    if ready is None or str(ready[0].pk) == request.session.get(INSTEAD_OF):
        if request.method == "POST":
            demonstration.ask_for_demonstration()
            return redirect("desk:look_around")
        return one_moment(request)
    practice, user = ready
    take_a_seat(request, practice.pk, user)
    return redirect("desk:today")


def one_moment(request: HttpRequest) -> HttpResponse:
    """Say which month of the made-up year is being lived; the browser asks again by itself."""
    practice = demonstration.being_made()
    lived = demonstration.lived(practice) if practice else 0.0
    month = date_format(practice.virtual_now, "F Y") if practice and practice.virtual_now else ""
    response = render(request, "desk/start/moment.html", {"month": month, "steps": 1 + min(9, int(lived * 10))})
    response["Refresh"] = f"{ASK_AGAIN_SECONDS}; url={reverse('desk:look_around')}"
    return response


def take_a_seat(request: HttpRequest, practice_id: UUID, user: Any) -> None:
    """Sign ``user`` in at the practice; whoever was admitted by the code stays so."""
    login(request, user, backend=BACKEND)
    request.session[ADMITTED] = True
    request.session[SESSION_KEY] = str(practice_id)


@require_http_methods(["GET", "HEAD", "POST"])
@until_an_owner_exists
def start_practice(request: HttpRequest) -> HttpResponse:
    """Start a practice with its owner, in rehearsal."""
    if not request.session.get(ADMITTED):
        return redirect("desk:start")
    form = forms.StartPractice(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "desk/start/practice.html", {"form": form}, status=422 if form.errors else 200)
    membership = found(form.cleaned_data)
    login(request, membership.user, backend=BACKEND)
    request.session[SESSION_KEY] = str(membership.practice_id)
    return redirect("desk:today")


def found(asked: dict[str, Any]) -> Any:
    """Start the practice that was asked for and return its owner's membership."""
    now = clock.now()
    new = practices.NewPractice(
        asked["name"], asked["country"], asked["language"], asked["zone"], details={"phone": asked["phone"]}
    )
    practice = practices.start_practice(new, by=SYSTEM, now=now)
    owner = staff.NewColleague(
        asked["email"], asked["owner_name"], staff.Role.OWNER, asked["password"], asked["language"]
    )
    membership = staff.add_colleague(practice_id=practice.pk, new=owner, by=SYSTEM, now=now)
    first_code.spend(settings.GLEDE_HOME)
    return membership
