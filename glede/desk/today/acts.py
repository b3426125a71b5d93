"""What a colleague does from Today: answer, call, hand over, done."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from glede.desk.access import DeskRequest, page
from glede.desk.calls import rings
from glede.desk.today import offering
from glede.inbox import operations as inbox
from glede.inbox.closing import NotClosable
from glede.inbox.queries import conversation_for, unanswered
from glede.journeys.operations import calling
from glede.people.queries import names, reach
from glede.practices.queries import opening_hours
from glede.promises import operations as promises
from glede.promises import queries as owed_queries
from glede.ui import undo
from glede.ui.urgency import clock_words

TRY_AGAIN_MINUTES = 60
CLOSABLE_WORDS = {
    "red_flag": _("These words may be urgent. Ring, then close it with what was said."),
    "note_missing": _("Write in one line what was said."),
    "unknown_reason": _("Choose why no reply is needed."),
}


@page("reply", methods=["POST"])
def reply(request: DeskRequest, conversation_id: UUID) -> HttpResponse:
    """Send an answer and open the next that waits."""
    try:
        inbox.reply(
            practice_id=request.practice.pk,
            conversation_id=conversation_id,
            words=request.POST.get("words", ""),
            answers_to=_number(request.POST.get("answers_to")),
            by=request.by,
            now=request.now,
            command_id=_uuid(request.POST.get("command")),
            only_if_open=True,
        )
    except inbox.NothingOpen:
        return _second(request, conversation_id)
    except inbox.NothingSaid:
        messages.error(request, gettext("Write an answer first."))
        return redirect(_back(request))
    except inbox.CannotUse:
        messages.error(request, gettext("Not sent: they cannot use what we would write. Tell them another way."))
        return redirect(_back(request))
    except inbox.TooLong:
        messages.error(request, gettext("This answer is too long. Shorten it, or send it in two."))
        return redirect(_back(request))
    except inbox.NoSuchConversation:
        raise Http404 from None
    messages.success(request, gettext("Sent."))
    return redirect(_next(request, conversation_id))


def _second(request: DeskRequest, conversation_id: UUID) -> HttpResponse:
    """Tell who comes second what the first did. Nothing was sent; the words stand on the person's page."""
    talk = conversation_for(request.practice.pk, conversation_id)
    if talk is None:
        raise Http404
    inbox.save_draft(
        practice_id=request.practice.pk,
        conversation_id=conversation_id,
        words=request.POST.get("words", ""),
        by=request.by,
        now=request.now,
    )
    done = next((one for one in reversed(talk.pieces) if one.kind != "said"), None)
    told = gettext("Somebody answered before you. Yours was not sent: it stands here.")
    if done is not None:
        at = clock_words(done.at, request.now, request.practice.zone)
        told = gettext("%(who)s answered before you, %(at)s. Yours was not sent: it stands here.")
        told %= {"who": done.who or gettext("A colleague"), "at": at}
    messages.success(request, told)
    return redirect("desk:person", talk.patient_id)


@page("draft", methods=["POST"])
def draft(request: DeskRequest, conversation_id: UUID) -> HttpResponse:
    """Keep what is being written."""
    offered = offering.words_for(request, conversation_id) if request.POST.get("insert") else ""
    words = "\n".join(filter(None, (request.POST.get("words", ""), offered)))
    try:
        inbox.save_draft(
            practice_id=request.practice.pk,
            conversation_id=conversation_id,
            words=words,
            by=request.by,
            now=request.now,
        )
    except inbox.NoSuchConversation:
        return JsonResponse({"saved": False}, status=404)
    if request.POST.get("insert"):
        return redirect(_back(request))
    return JsonResponse({"saved": True})


@page("no_reply", methods=["POST"])
def no_reply(request: DeskRequest, conversation_id: UUID) -> HttpResponse:
    """Close a conversation that needs no written answer, with the reason."""
    try:
        closure = inbox.close_without_reply(
            practice_id=request.practice.pk,
            conversation_id=conversation_id,
            reason=request.POST.get("reason", ""),
            note=request.POST.get("note", ""),
            by=request.by,
            now=request.now,
            command_id=_uuid(request.POST.get("command")),
        )
    except NotClosable as refusal:
        messages.error(request, str(CLOSABLE_WORDS[refusal.code]))
        return redirect(_back(request))
    except inbox.NothingOpen:
        messages.success(request, gettext("It was answered already."))
    except inbox.NoSuchConversation:
        raise Http404 from None
    else:
        undo.offer(request, gettext("Closed: no reply needed."), reverse("desk:reopen", args=[closure.pk]))
    # The cursor stands in no field of the next card: there z would be a letter.
    return redirect(_next(request, conversation_id, does="look"))


@page("reopen", methods=["POST"])
def reopen(request: DeskRequest, closure_id: UUID) -> HttpResponse:
    """Take back that no reply was needed: they wait again, by the same hour."""
    try:
        inbox.take_back_closing(
            practice_id=request.practice.pk, closure_id=closure_id, by=request.by, now=request.now
        )  # fmt: skip
    except inbox.NoSuchConversation:
        raise Http404 from None
    except inbox.NothingOpen:
        messages.success(request, gettext("It was answered already."))
    else:
        messages.success(request, gettext("Open again. They wait for an answer."))
    return redirect("desk:today")


@page("call_outcome", methods=["POST"])
def call_outcome(request: DeskRequest, promise_id: UUID) -> HttpResponse:
    """Write down what came of a call, or that something is done."""
    outcome, note = request.POST.get("outcome", ""), request.POST.get("note", "").strip()
    owed = owed_queries.promise_for(request.practice.pk, promise_id)
    if owed is None or owed.closed_at is not None:
        messages.success(request, gettext("It was done already."))
        return redirect("desk:today")
    if outcome == "not_reached":
        _not_reached(request, owed, note)
        return redirect("desk:today")
    _reached(request, owed, note)
    if outcome == "wants_to_move":
        return redirect("desk:move", owed.subject.id)
    messages.success(request, gettext("Kept: %(who)s.") % {"who": _name(request, owed)})
    return redirect("desk:today")


def _is_row_call(owed: Any) -> bool:
    return owed.subject.kind == "appointment" and "row" in owed.detail and owed.kind == "call"


def _reached(request: DeskRequest, owed: Any, note: str) -> None:
    given = {
        "practice_id": request.practice.pk,
        "promise_id": owed.id,
        "by": request.by,
        "now": request.now,
        "note": note,
    }
    if _is_row_call(owed):
        calling.note_call(outcome="reached", **given)
    else:
        promises.keep_promise(evidence=owed.subject, reason="reached", **given)


def _not_reached(request: DeskRequest, owed: Any, note: str) -> None:
    given = {
        "practice_id": request.practice.pk,
        "promise_id": owed.id,
        "by": request.by,
        "now": request.now,
        "note": note,
    }
    if _is_row_call(owed):
        calling.note_call(outcome="not_reached", **given)
    still = owed_queries.promise_for(request.practice.pk, owed.id)
    if still is None or still.closed_at is not None:
        messages.success(request, gettext("Not reached twice: a message goes instead."))
        return
    due = _good_hour(request, owed)
    promises.postpone_promise(due_at=due, **given)
    moment = clock_words(due, request.now, request.practice.zone)
    messages.success(request, gettext("We ask you again at %(moment)s.") % {"moment": moment})


def _good_hour(request: DeskRequest, owed: Any) -> datetime:
    """Return when to ring again: in an hour of open time, or in the next open hour that suits the person."""
    hours = opening_hours(request.practice)
    due = hours.add_open_minutes(request.now, TRY_AGAIN_MINUTES)
    reached = reach(request.practice.pk, [owed.patient_id]).get(owed.patient_id) if owed.patient_id else None
    suits = rings.Suits(reached.hours_from, reached.hours_to, frozenset(reached.days)) if reached else rings.Suits()
    return rings.good_hour(due, suits, hours)


def _name(request: DeskRequest, owed: Any) -> str:
    known = names(request.practice.pk, [owed.patient_id]) if owed.patient_id else {}
    return known[owed.patient_id].name if owed.patient_id in known else gettext("done")


def _next(request: DeskRequest, conversation_id: UUID, does: str = "") -> str:
    back = request.POST.get("back", "")
    if back == "person":
        page_of = conversation_for(request.practice.pk, conversation_id)
        if page_of is not None:
            return reverse("desk:person", args=[page_of.patient_id])
    waiting = [u for u in unanswered(request.practice.pk) if u.owed and u.conversation_id != conversation_id]
    if not waiting or waiting[0].owed is None:
        return reverse("desk:today")
    asked = {"open": waiting[0].owed.id} | ({"do": does} if does else {})
    return f"{reverse('desk:today')}?{urlencode(asked)}#card"


def _back(request: DeskRequest) -> str:
    """Return the page the form stood on; only ever a path of ours."""
    from django.utils.http import url_has_allowed_host_and_scheme

    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return came_from
    return reverse("desk:today")


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0
