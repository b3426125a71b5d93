"""Thank a colleague in a sentence; a small feed for all, and a line on the colleague's Today until it is read."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from glede.desk.access import DeskRequest, page
from glede.desk.colleagues import forms
from glede.desk.diary.history import moment
from glede.desk.diary.times import read_uuid
from glede.people.queries import names
from glede.staff.queries import colleague_names, colleagues
from glede.team import operations as team
from glede.team.queries import Thanked, last_thanks, unseen_thanks


@dataclass(frozen=True)
class Line:
    """One colleague's thanks, in words; ``person`` is where it is about, ``is_mine`` lets the reader take it back."""

    id: UUID
    who: str
    to: str
    words: str
    at: str
    person: UUID | None
    is_mine: bool


@page("thanks", methods=["GET", "POST"])
def thanks(request: DeskRequest) -> HttpResponse:
    """Show who thanked whom, and let the reader thank somebody."""
    me = request.membership.pk
    others = [one for one in colleagues(request.practice.pk) if one.membership_id != me]
    person_id = read_uuid(request.POST.get("person") or request.GET.get("person"))
    person = names(request.practice.pk, [person_id]).get(person_id) if person_id else None
    form = forms.Thanks(request.POST or None, others=[(str(one.membership_id), one.display_name) for one in others])
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        new = team.NewThanks(UUID(asked["to"]), asked["words"], person_id if person else None)
        team.thank_colleague(thanks=new, **_given(request))
        messages.success(request, gettext("Thanked. They read it on Today."))
        return redirect("desk:thanks")
    if person:
        request.look_at(person.patient_id)
    context = {
        "page": "team",
        "form": form if others else None,
        "person": person,
        "lines": _lines(request, last_thanks(request.practice.pk)),
    }
    return render(request, "desk/colleagues/thanks.html", context, status=422 if form.is_bound else 200)


def _lines(request: DeskRequest, found: list[Thanked]) -> list[Line]:
    called, me = colleague_names(request.practice.pk), request.membership.pk
    return [
        Line(
            one.id, called.get(one.from_id, ""), called.get(one.to_id, ""), one.words,
            moment(one.given_at, request.practice.zone), one.patient_id, me in {one.from_id, one.to_id},
        )
        for one in found
    ]  # fmt: skip


def lines_for_today(request: DeskRequest) -> list[Line]:
    """Return what the reader was thanked for and has not read yet."""
    found = unseen_thanks(request.practice.pk, request.membership.pk)
    return _lines(request, found) if found else []


@page("thanks_seen", methods=["POST"])
def seen(request: DeskRequest) -> HttpResponse:
    """Note that the reader has read their thanks."""
    team.see_thanks(**_given(request))
    return redirect("desk:today")


@page("thanks_withdraw", methods=["POST"])
def withdraw(request: DeskRequest, thanks_id: UUID) -> HttpResponse:
    """Take thanks away, words and all."""
    try:
        team.withdraw_thanks(thanks_id=thanks_id, **_given(request))
    except team.NoSuchThanks as error:
        raise Http404 from error
    messages.success(request, gettext("Taken away."))
    return redirect("desk:thanks")


def _given(request: DeskRequest) -> dict[str, Any]:
    return {"practice_id": request.practice.pk, "by": request.by, "now": request.now}
