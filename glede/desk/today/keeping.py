"""What a colleague does with what they owe: hand it over, step away and come back, say that it is not urgent."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from glede.desk.access import DeskRequest, page
from glede.desk.diary.times import read_uuid
from glede.inbox import operations as inbox
from glede.promises import operations as promises
from glede.promises import queries as owed_queries
from glede.staff.queries import Colleague, colleagues
from glede.ui import undo


def named(words: str, among: Iterable[Colleague]) -> Colleague | None:
    """Return the one colleague whose name has a word that begins with ``words``; None where none or several have."""
    begun = words.strip().casefold()
    everybody = list(among)
    whole = [c for c in everybody if c.display_name.casefold() == begun]
    found = whole or [
        c for c in everybody
        if begun and any(word.startswith(begun) for word in c.display_name.casefold().replace("-", " ").split())
    ]  # fmt: skip
    return found[0] if len(found) == 1 else None


@page("hand_promise", methods=["POST"])
def hand(request: DeskRequest, promise_id: UUID) -> HttpResponse:
    """Hand a promise to a colleague, with a note: by a button, or by the first letters of a name."""
    here = {c.membership_id: c for c in colleagues(request.practice.pk)}
    written = request.POST.get("to", "").strip()
    owner = read_uuid(request.POST.get("owner", request.GET.get("owner", "")))
    if written and owner is None:
        meant = named(written, here.values())
        if meant is None:
            messages.error(request, gettext("Nobody, or more than one, is called that. Write more of the name."))
            return redirect(f"{reverse('desk:today')}?{urlencode({'open': promise_id, 'do': 'hand'})}#card")
        owner = meant.membership_id
    if owner is not None and owner not in here:
        raise Http404
    before = owed_queries.promise_for(request.practice.pk, promise_id)
    if before is None:
        raise Http404
    try:
        promises.hand_promise(
            practice_id=request.practice.pk, promise_id=promise_id, owner_id=owner,
            note=request.POST.get("note", "").strip()[:500], by=request.by, now=request.now,
        )  # fmt: skip
    except promises.NoSuchPromise:
        messages.success(request, gettext("It was done already."))
        return redirect("desk:today")
    if request.GET:
        messages.success(request, gettext("Handed back."))
    else:
        back = f"{reverse('desk:hand_promise', args=[promise_id])}?{urlencode({'owner': before.owner_id or ''})}"
        undo.offer(request, _handed(here[owner] if owner else None), back)
    return redirect("desk:today")


def _handed(keeper: Colleague | None) -> str:
    if keeper is None:
        return gettext("Handed over: it is everybody's.")
    return gettext("Handed over to %(name)s.") % {"name": keeper.display_name}


@page("away", methods=["POST"])
def away(request: DeskRequest) -> HttpResponse:
    """Leave the desk: what is owed within the hour is everybody's."""
    n = promises.step_away(practice_id=request.practice.pk, by=request.by, now=request.now)
    words = ngettext(
        "You are away. %(n)d promise is everybody's now.", "You are away. %(n)d promises are everybody's now.", n
    )
    undo.offer(request, words % {"n": n} if n else gettext("You are away."), reverse("desk:back"))
    return redirect("desk:today")


@page("back", methods=["POST"])
def back(request: DeskRequest) -> HttpResponse:
    """Come back to the desk."""
    promises.step_back(practice_id=request.practice.pk, by=request.by, now=request.now)
    messages.success(request, gettext("You are here again."))
    return redirect("desk:today")


@page("lower_urgency", methods=["POST"])
def lower(request: DeskRequest, conversation_id: UUID) -> HttpResponse:
    """Say that words which were raised are not urgent, and why."""
    number = request.POST.get("assesses_to", "")
    return _lowered(
        request, inbox.lower_urgency, conversation_id=conversation_id,
        assesses_to=int(number) if number.isdecimal() and len(number) < 9 else 0,
        command_id=read_uuid(request.POST.get("command", "")),
    )  # fmt: skip


@page("lower_stray", methods=["POST"])
def lower_stray(request: DeskRequest, stray_id: UUID) -> HttpResponse:
    """Say that a stranger's words which were raised are not urgent, and why."""
    return _lowered(request, inbox.calm_stray, stray_id=stray_id)


def _lowered(request: DeskRequest, lower: Callable[..., Any], **what: Any) -> HttpResponse:
    reason = request.POST.get("reason", "")[:500]
    try:
        lower(practice_id=request.practice.pk, reason=reason, by=request.by, now=request.now, **what)
    except inbox.NoSuchConversation:
        raise Http404 from None
    except inbox.NotAClinician:
        messages.error(
            request, gettext("Only somebody who sees patients says that it is not urgent. Ring, or ask them.")
        )
    except inbox.NothingSaid:
        messages.error(request, gettext("Write why it is not urgent."))
    except inbox.NothingOpen:
        messages.success(request, gettext("It was done already."))
    else:
        messages.success(
            request,
            gettext("Not urgent, seen by %(name)s. They still wait for an answer.")
            % {"name": request.membership.display_name},
        )
    return redirect("desk:today")
