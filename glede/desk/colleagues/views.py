"""Who works here, whom a place is kept for, and leaving: promises handed over by name first."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from glede.desk.access import MANAGERS, OWNERS, DeskRequest, page
from glede.desk.colleagues import forms
from glede.desk.diary.times import read_uuid
from glede.desk.settings.forms import ROLES
from glede.desk.settings.hours import kept
from glede.kernel.ref import Ref
from glede.ledger.operations import act
from glede.promises.operations import hand_promise
from glede.promises.queries import owned_by
from glede.staff import operations as staff
from glede.staff import queries

GROUP = 4  # letters of a code that stand together on paper


@page("colleagues", roles=MANAGERS)
def colleagues(request: DeskRequest) -> HttpResponse:
    """Show who works here and whom a place is kept for."""
    return _show(request)


def _show(request: DeskRequest, form: forms.Invitation | None = None) -> HttpResponse:
    context = {
        "page": "settings",
        "colleagues": queries.colleagues(request.practice.pk),
        "roles": ROLES,
        "is_owner": request.membership.role in OWNERS,
        "invitations": queries.invitations(request.practice.pk, now=request.now),
        "form": form or forms.Invitation(),
    }
    return render(request, "desk/colleagues/page.html", context, status=422 if form else 200)


@page("invite", roles=OWNERS, methods=["POST"])
def invite(request: DeskRequest) -> HttpResponse:
    """Keep a place, and show the paper with its code, once."""
    form = forms.Invitation(request.POST)
    if not form.is_valid():
        return _show(request, form)
    asked = form.cleaned_data
    invited = staff.invite_colleague(
        practice_id=request.practice.pk, display_name=asked["display_name"], role=staff.Role(asked["role"]),
        by=request.by, now=request.now,
    )  # fmt: skip
    context = {
        "page": "settings",
        "name": asked["display_name"],
        "role": asked["role"],
        "code": "-".join(invited.code[n : n + GROUP] for n in range(0, len(invited.code), GROUP)),
        "address": request.build_absolute_uri(reverse("desk:join")),
        "ends_at": invited.ends_at,
    }
    return render(request, "desk/colleagues/paper.html", context)


@page("withdraw_invitation", roles=OWNERS, methods=["POST"])
def withdraw(request: DeskRequest, invitation_id: UUID) -> HttpResponse:
    """Let an invitation stand no longer."""
    if invitation_id not in {one.id for one in queries.invitations(request.practice.pk, now=request.now)}:
        raise Http404
    staff.withdraw_invitation(
        practice_id=request.practice.pk, invitation_id=invitation_id, by=request.by, now=request.now
    )
    messages.success(request, gettext("The code opens nothing any more."))
    return redirect("desk:colleagues")


@page("colleague_role", roles=OWNERS, methods=["POST"])
def role(request: DeskRequest, membership_id: UUID) -> HttpResponse:
    """Give a colleague another role."""
    asked = request.POST.get("role", "")
    if asked not in dict(ROLES) or membership_id not in _here(request):
        raise Http404
    try:
        change = staff.change_role(
            practice_id=request.practice.pk, membership_id=membership_id, role=staff.Role(asked), by=request.by,
            now=request.now,
        )  # fmt: skip
    except staff.LastOwner:
        messages.error(request, _last_owner())
        return redirect("desk:colleagues")
    return kept(request, change, gettext("Kept. It holds from their next press on."), "desk:colleagues")


@page("colleague_leaving", roles=OWNERS, methods=["GET", "POST"])
def leaving(request: DeskRequest, membership_id: UUID) -> HttpResponse:
    """Ask who keeps a colleague's promises, hand them over, and take the place away: all or nothing."""
    here = _here(request)
    if membership_id not in here:
        raise Http404
    owed = owned_by(request.practice.pk, membership_id)
    if request.method != "POST":
        others = [one for one in here.values() if one.membership_id != membership_id]
        context = {"page": "settings", "one": here[membership_id], "owed": len(owed), "others": others}
        return render(request, "desk/colleagues/leaving.html", context)
    to = read_uuid(request.POST.get("to"))
    given: dict[str, Any] = {"practice_id": request.practice.pk, "by": request.by, "now": request.now}
    note = gettext("%(name)s has left") % {"name": here[membership_id].display_name}
    try:
        with act(**given) as going:
            membership, owners = Ref("membership", membership_id), Ref("owners", request.practice.pk)
            going.lock(membership, owners, *(Ref("promise", promise.id) for promise in owed))
            for promise in owed:
                keeper = to if to in here and to != membership_id else None
                hand_promise(promise_id=promise.id, owner_id=keeper, note=note, **given)
            staff.end_membership(membership_id=membership_id, **given)
    except staff.LastOwner:
        messages.error(request, _last_owner())
    else:
        messages.success(request, gettext("%(name)s is out now.") % {"name": here[membership_id].display_name})
    return redirect("desk:colleagues")


def _here(request: DeskRequest) -> dict[UUID, queries.Colleague]:
    return {one.membership_id: one for one in queries.colleagues(request.practice.pk)}


def _last_owner() -> str:
    return gettext("A practice always has an owner. Make somebody else an owner first.")
