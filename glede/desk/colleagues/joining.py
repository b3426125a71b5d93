"""Somebody with a paper in their hand takes the place it keeps."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from glede.desk.colleagues import forms
from glede.desk.middleware import SESSION_KEY
from glede.desk.start.views import BACKEND
from glede.kernel.actor import SYSTEM
from glede.kernel.ids import link_hash, read_link_code
from glede.practices.queries import practice_by_id, practice_now
from glede.staff import operations as staff
from glede.staff import queries

TRIES, TRIES_FOR = 20, 3600  # wrong codes from one address in an hour; our own choice


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, code: str = "") -> HttpResponse:
    """Ask for the code on the paper; with it, for an address and a password; then sit down."""
    if not code:
        return _ask_code(request)
    invited = _invited(request, code)
    if invited is None:
        return _ask_code(request, gettext("This code opens nothing: it was used, taken back, or its week is over."))
    practice = practice_by_id(invited.practice_id)
    form = forms.Newcomer(request.POST or None, initial={"display_name": invited.display_name})
    if request.method == "POST" and form.is_valid():
        membership = _accept(invited, form, practice_now(practice))
        if membership is not None:
            login(request, membership.user, backend=BACKEND)
            request.session[SESSION_KEY] = str(practice.pk)
            messages.success(request, gettext("Welcome to %(practice)s.") % {"practice": practice.name})
            return redirect("desk:today")
    context = {"form": form, "practice": practice, "role": invited.role}
    return render(request, "desk/colleagues/join.html", context, status=422 if form.errors else 200)


def _ask_code(request: HttpRequest, problem: str = "") -> HttpResponse:
    form = forms.Code(request.POST or None)
    if not problem and request.method == "POST" and form.is_valid():
        code = read_link_code(form.cleaned_data["code"])
        if code:
            return redirect("desk:join_code", code)
        form.add_error("code", gettext("A code has 13 letters and digits. Look at the paper again."))
    if problem:
        form = forms.Code()
    context = {"form": form, "problem": problem}
    return render(request, "desk/colleagues/code.html", context, status=404 if problem else 422 if form.errors else 200)


def _invited(request: HttpRequest, code: str) -> queries.Invited | None:
    """Return the invitation of a code. Whoever tries too many that open nothing is not listened to for an hour."""
    key = f"join:{request.META.get('REMOTE_ADDR', '')}"
    read = read_link_code(code)
    if read is None or cache.get(key, 0) >= TRIES:
        return None
    invited = queries.invitation_by_code(link_hash(read))
    if invited is not None and invited.ends_at > practice_now(practice_by_id(invited.practice_id)):
        return invited
    cache.add(key, 0, TRIES_FOR)
    cache.incr(key)
    return None


def _accept(invited: queries.Invited, form: forms.Newcomer, now: datetime) -> Any:
    asked = form.cleaned_data
    new = staff.Newcomer(asked["email"], asked["password"], asked["display_name"], get_language() or "en")
    try:
        return staff.accept_invitation(
            practice_id=invited.practice_id, invitation_id=invited.id, new=new, by=SYSTEM, now=now
        )
    except staff.WrongPassword:
        form.add_error("password", gettext("You sign in with this address already. Write the password you have there."))
    except staff.AlreadyHere:
        form.add_error("email", gettext("Somebody with this address works here already"))
    except staff.NoSuchInvitation:
        form.add_error(None, gettext("This code opens nothing: it was used, taken back, or its week is over."))
    return None
