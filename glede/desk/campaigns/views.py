"""The pages of campaigns: all of them, a new one as it is written, and one from its list to its end."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from glede.desk.access import OWNERS, DeskRequest, page
from glede.desk.campaigns import choosing, forms, telling
from glede.desk.diary.history import moment
from glede.desk.diary.times import read_uuid
from glede.desk.outbox.letters import showing_letters
from glede.kernel.clock import at_wall
from glede.outbox import campaigns
from glede.outbox import operations as outbox
from glede.ui import undo

ASKED_MOST = 5_000
"""So many people are asked about before it begins: a page that is waited for."""


@page("campaigns", roles=OWNERS)
def board(request: DeskRequest) -> HttpResponse:
    """Show every campaign and where it stands."""
    practice, now = request.practice, request.now
    lines = [
        {"line": one, "made": moment(one.made_at, practice.zone), **telling.state(one, practice, now)}
        for one in campaigns.listed(practice.pk)
    ]
    return render(request, "desk/campaigns/board.html", {"page": "outbox", "lines": lines})


@page("campaign_new", roles=OWNERS, methods=["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Write one: try the words as they would be read, or keep it with its list. Nothing is sent from here."""
    lists = choosing.lists_of(request)
    form = forms.Campaign(request.POST or None, lists=lists, initial=_like(request))
    is_tried = "try" in request.POST
    if request.method == "POST" and not is_tried and form.is_valid():
        kept = _keep(request, form)
        if kept is not None:
            return redirect("desk:campaign", kept)
    context = {
        "page": "outbox",
        "form": form,
        "has_lists": bool(lists),
        "shown": telling.samples(request.practice, form.words()),
        "faults": list(form.faults().values()),
    }
    refused = form.is_bound and not is_tried and not form.is_valid()
    return showing_letters(render(request, "desk/campaigns/new.html", context, status=422 if refused else 200))


def _like(request: DeskRequest) -> dict[str, Any]:
    """Return the words of an earlier one, to begin with."""
    wanted = read_uuid(request.GET.get("like"))
    line = campaigns.line_of(request.practice.pk, wanted) if wanted else None
    if line is None:
        return {}
    words = {f"{part}_{tongue}": said for tongue, told in line.words.items() for part, said in told.items()}
    return {"name": line.name, "purpose": line.purpose, **words}


def _keep(request: DeskRequest, form: forms.Campaign) -> UUID | None:
    """Keep it with its list; None where it cannot be kept, which then stands in the form."""
    said = form.cleaned_data
    people, strangers = choosing.people_of(request, said)
    made = outbox.NewCampaign(said["name"], said["purpose"], form.words(), people)
    try:
        kept = outbox.make_campaign(practice_id=request.practice.pk, new=made, by=request.by, now=request.now)
    except outbox.UnusableCampaign as error:
        form.add_error(*forms.told_of(error))
        return None
    words = gettext("Kept. Nothing is sent until you begin it.")
    if strangers:
        words += " " + ngettext("%(n)d number is nobody’s here.", "%(n)d numbers are nobody’s here.", strangers) % {
            "n": strangers
        }
    messages.success(request, words)
    return kept.pk


@page("campaign", roles=OWNERS)
def campaign(request: DeskRequest, campaign_id: UUID) -> HttpResponse:
    """Show one: before it begins who gets it and who does not; then what became of it."""
    hour = forms.Hour(request.GET if request.GET.get("day") or request.GET.get("hour") else None)
    return _show(request, campaign_id, hour)


@page("campaign_begin", roles=OWNERS, methods=["POST"])
def begin(request: DeskRequest, campaign_id: UUID) -> HttpResponse:
    """Let it go, now or at an hour."""
    hour = forms.Hour(request.POST)
    if not hour.is_valid():
        return _show(request, campaign_id, hour, status=422)
    given: dict[str, Any] = {"practice_id": request.practice.pk, "by": request.by, "now": request.now}
    try:
        outbox.start_campaign(campaign_id=campaign_id, due_at=_due(request, hour), **given)
    except outbox.NoSuchCampaign:
        raise Http404 from None
    except outbox.NotInThisState:
        messages.error(request, gettext("It has begun already, or was stopped."))
    except outbox.UnusableCampaign as error:
        messages.error(request, forms.told_of(error)[1])
    else:
        undo.offer(request, gettext("It begins."), reverse("desk:campaign_stop", args=[campaign_id]))
    return redirect("desk:campaign", campaign_id)


@page("campaign_stop", roles=OWNERS, methods=["POST"])
def stop(request: DeskRequest, campaign_id: UUID) -> HttpResponse:
    """Stop it for good; where nothing has left, it is taken back whole."""
    line = _found(request, campaign_id)
    outbox.stop_campaign(practice_id=request.practice.pk, campaign_id=campaign_id, by=request.by, now=request.now)
    if line.left:
        messages.success(request, gettext("Stopped. What has left has left; nothing more goes."))
    else:
        messages.success(request, gettext("Taken back: nothing of it has left."))
    return redirect("desk:campaign", campaign_id)


def _show(request: DeskRequest, campaign_id: UUID, hour: forms.Hour, status: int = 200) -> HttpResponse:
    line = _found(request, campaign_id)
    context: dict[str, Any] = {
        "page": "outbox",
        "line": line,
        "purpose": telling.purpose(line),
        "shown": telling.samples(request.practice, line.words),
        "hour": hour,
        "selling_week": telling.hours(request),
        **telling.state(line, request.practice, request.now),
    }
    if line.started_at is None and line.stopped_at is None:
        due = _due(request, hour) if hour.is_bound and hour.is_valid() else None
        context |= _foreseen(request, line, due)
    else:
        context |= telling.fared(request, line)
    return showing_letters(render(request, "desk/campaigns/campaign.html", context, status=status))


def _foreseen(request: DeskRequest, line: campaigns.Line, due: datetime | None) -> dict[str, Any]:
    try:
        seen = outbox.show_campaign(
            practice_id=request.practice.pk, campaign_id=line.id, due_at=due, most=ASKED_MOST, now=request.now
        )
    except outbox.UnusableCampaign as error:
        return {"hindered": forms.told_of(error)[1]}
    return telling.foreseen(request, line, seen)


def _found(request: DeskRequest, campaign_id: UUID) -> campaigns.Line:
    line = campaigns.line_of(request.practice.pk, campaign_id)
    if line is None:
        raise Http404
    return line


def _due(request: DeskRequest, hour: forms.Hour) -> datetime | None:
    said = hour.cleaned_data
    return at_wall(said["day"], said["hour"], request.practice.zone) if said.get("day") else None
