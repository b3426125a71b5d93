"""What a colleague writes down about a person, and the message they write to them."""

from typing import Any, Literal
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext

from glede.desk.access import DeskRequest, page
from glede.desk.diary.times import read_uuid
from glede.desk.people import forms, noting
from glede.desk.people.moments import open_day
from glede.desk.people.someday import Understood
from glede.desk.people.views import context_of
from glede.inbox import operations as inbox
from glede.kernel.clock import day_of
from glede.kernel.ref import Ref
from glede.kernel.words import short_day_words
from glede.people import operations as people
from glede.people import queries as people_queries
from glede.people.operations.contacts import ContactEnded
from glede.people.operations.patients import NoSuchPatient
from glede.people.operations.words import DayHasPassed, NoSuchNeed
from glede.people.rules.reaching import by_kind
from glede.people.values import ContactForm, Said, Wishes
from glede.promises.operations import withdraw_promise
from glede.promises.queries import open_about, promise_for
from glede.ui import undo


def _given(request: DeskRequest, patient_id: UUID) -> dict[str, Any]:
    return {"practice_id": request.practice.pk, "patient_id": patient_id, "by": request.by, "now": request.now}


def _again(request: DeskRequest, patient_id: UUID, **form: Any) -> HttpResponse:
    return render(request, "desk/people/person.html", context_of(request, patient_id, **form), status=422)


@page("note", methods=["POST"])
def note(request: DeskRequest, patient_id: UUID) -> HttpResponse:
    """Keep a note; with a day it is promised to the one who wrote it. A day nobody has seen yet is shown first."""
    form = forms.Note(request.POST)
    if not form.is_valid():
        return _again(request, patient_id, note=form)
    words, on = form.cleaned_data["words"], form.cleaned_data["on"]
    heard = noting.heard(request, words)
    understood = None if on else heard.chosen(request.POST.get("day", ""))
    if not on and heard.is_unseen(request.POST.get("day", "")):
        return _again(request, patient_id, note=form, heard=heard)
    try:
        kept = people.write_note(
            words=words,
            on=open_day(request.practice, understood.day) if understood else on,
            **_given(request, patient_id),
        )
    except DayHasPassed:
        form.add_error("on", gettext("Choose a day that is still to come"))
        return _again(request, patient_id, note=form)
    except NoSuchPatient:
        raise Http404 from None
    _tell_kept(request, kept, understood)
    return redirect("desk:person", patient_id)


def _tell_kept(request: DeskRequest, kept: Any, understood: Understood | None) -> None:
    """Say that a note is kept and when it comes back; a day that was only understood can be taken back."""
    if kept.on is None:
        messages.success(request, gettext("Kept."))
        return
    told = {"day": short_day_words(kept.on, get_language() or "en"), "words": understood.words if understood else ""}
    if understood is None:
        messages.success(request, gettext("Kept. It comes back to you on %(day)s.") % told)
        return
    words = gettext("Kept. “%(words)s”: it comes back to you on %(day)s.") % told
    about = open_about(request.practice.pk, Ref("patient", kept.patient_id))
    owed = next(one for one in about if one.cause == f"note:{kept.pk}")
    undo.offer(request, words, reverse("desk:note_undated", args=[owed.id]))


@page("note_undated", methods=["POST"])
def note_undated(request: DeskRequest, promise_id: UUID) -> HttpResponse:
    """Take back the day that was understood from a note; the note stays."""
    owed = promise_for(request.practice.pk, promise_id)
    if owed is None or owed.kind != "follow_up" or owed.patient_id is None or "note" not in owed.detail:
        raise Http404
    if owed.closed_at is None:
        withdraw_promise(
            practice_id=request.practice.pk, promise_id=owed.id, reason="not_meant", by=request.by, now=request.now
        )
    messages.success(request, gettext("The note stays, without a day."))
    return redirect("desk:person", owed.patient_id)


@page("details", methods=["POST"])
def details(request: DeskRequest, patient_id: UUID) -> HttpResponse:
    """Put right who somebody is and where letters go; what stood there before stays in the history."""
    form = forms.Details(request.POST, today=day_of(request.now, request.practice.zone))
    if not form.is_valid():
        return _again(request, patient_id, details=form)
    try:
        changed = people.change_patient(fields=form.cleaned_data, **_given(request, patient_id))
    except NoSuchPatient:
        raise Http404 from None
    messages.success(request, gettext("Kept.") if changed else gettext("Nothing was changed."))
    return redirect("desk:person", patient_id)


@page("channel", methods=["POST"])
def channel(request: DeskRequest, patient_id: UUID) -> HttpResponse:
    """Put one way first by which the person wants to be reached. Nobody is messaged for it."""
    wanted = request.POST.get("channel", "")
    reached = people_queries.reach(request.practice.pk, [patient_id]).get(patient_id)
    if reached is None or wanted not in dict(forms.CHANNELS):
        raise Http404
    known = [way for way in reached.channels if way in dict(forms.CHANNELS)]
    order = tuple(dict.fromkeys([wanted, *known]))
    people.set_preference(wishes=Wishes(channels=order), **_given(request, patient_id))
    messages.success(request, gettext("Kept. Nobody is messaged for it."))
    return redirect("desk:person", patient_id)


@page("need", methods=["POST"])
def need(request: DeskRequest, patient_id: UUID) -> HttpResponse:
    """Keep one line of what matters to the person."""
    form = forms.Need(request.POST)
    if not form.is_valid():
        return _again(request, patient_id, need=form)
    try:
        people.note_need(
            kind=form.cleaned_data["kind"], words=form.cleaned_data["words"], **_given(request, patient_id)
        )
    except NoSuchPatient:
        raise Http404 from None
    messages.success(request, gettext("Kept."))
    return redirect("desk:person", patient_id)


@page("end_need", methods=["POST"])
def end_need(request: DeskRequest, patient_id: UUID, need_id: UUID) -> HttpResponse:
    """Say that a line no longer holds."""
    try:
        people.end_need(practice_id=request.practice.pk, need_id=need_id, by=request.by, now=request.now)
    except NoSuchNeed:
        raise Http404 from None
    messages.success(request, gettext("It stays in the history."))
    return redirect("desk:person", patient_id)


@page("contact", methods=["POST"])
def contact(request: DeskRequest, patient_id: UUID) -> HttpResponse:
    """Keep a number or an address. Nobody is messaged for it."""
    form = forms.Contact(request.POST, country=request.practice.country)
    if not form.is_valid():
        return _again(request, patient_id, contact=form)
    new = ContactForm(form.cleaned_data["kind"], form.cleaned_data["value"])
    try:
        people.add_contact(contact=new, **_given(request, patient_id))
    except NoSuchPatient:
        raise Http404 from None
    messages.success(request, gettext("Kept. Nobody is messaged for it."))
    return redirect("desk:person", patient_id)


@page("end_contact", methods=["POST"])
def end_contact(request: DeskRequest, patient_id: UUID, contact_id: UUID) -> HttpResponse:
    """Use a number or an address no more."""
    try:
        people.detach_contact(practice_id=request.practice.pk, contact_id=contact_id, by=request.by, now=request.now)
        messages.success(request, gettext("Used no more. Asking for the right one stands on Today."))
    except ContactEnded:
        messages.success(request, gettext("It was ended already."))
    return redirect("desk:person", patient_id)


@page("wishes", methods=["POST"])
def wishes(request: DeskRequest, patient_id: UUID) -> HttpResponse:
    """Keep how the person wants to be reached. Nobody is messaged for it."""
    form = forms.Wishes(request.POST)
    if not form.is_valid():
        return _again(request, patient_id, wishes=form)
    asked = form.cleaned_data
    hours = (asked["hours_from"], asked["hours_to"]) if asked["hours_from"] else "any"
    ranked = tuple(dict.fromkeys(c for c in (asked["first"], asked["then"]) if c))
    wished = Wishes(
        channels=ranked,
        channels_for=by_kind({kind: asked[f"for_{kind}"] for kind in forms.KINDS}, ranked),
        days=tuple(int(day) for day in asked["days"]),
        hours=hours,  # type: ignore[arg-type]
        pause_until=asked["pause_until"] or "none",
        quiet_all=asked["quiet_all"],
        preparation_by_text=asked["preparation_by_text"],
        language=asked["language"],
        style=asked["style"] or None,
    )
    try:
        people.set_preference(wishes=wished, **_given(request, patient_id))
    except NoSuchPatient:
        raise Http404 from None
    messages.success(request, gettext("Kept. Nobody is messaged for it."))
    return redirect("desk:person", patient_id)


@page("refusal", methods=["POST"])
def refuse(request: DeskRequest, patient_id: UUID) -> HttpResponse:
    """Write down that the person said stop, by phone or at the desk."""
    scope: Literal["marketing", "all"] = "all" if request.POST.get("scope") == "all" else "marketing"
    try:
        words = {"all": gettext("They want no messages at all"), "marketing": gettext("They want no offers")}[scope]
        said = Said(words, "person/1", (get_language() or "en")[:2])
        people.opt_out(channel=None, scope=scope, how="in_person", said=said, **_given(request, patient_id))
    except NoSuchPatient:
        raise Http404 from None
    messages.success(request, gettext("Stopped at once. What was not in flight does not leave."))
    return redirect("desk:person", patient_id)


@page("write", methods=["POST"])
def write(request: DeskRequest, patient_id: UUID) -> HttpResponse:
    """Write to a person: answers what they asked, or begins the conversation."""
    words = request.POST.get("words", "")
    number = request.POST.get("answers_to", "")
    try:
        conversation_id = inbox.start_conversation(**_given(request, patient_id))
        inbox.reply(
            practice_id=request.practice.pk,
            conversation_id=conversation_id,
            words=words,
            answers_to=int(number) if number.isdecimal() and len(number) < 9 else 0,
            by=request.by,
            now=request.now,
            command_id=read_uuid(request.POST.get("command")),
        )
    except (inbox.NobodyThere, NoSuchPatient):
        raise Http404 from None
    except inbox.NothingSaid:
        messages.error(request, gettext("Write something first."))
    except inbox.CannotUse:
        messages.error(request, gettext("Not sent: they cannot use what we would write. Tell them another way."))
    except inbox.TooLong:
        messages.error(request, gettext("This is too long. Shorten it, or send it in two."))
    else:
        messages.success(request, gettext("Sent."))
    return redirect("desk:person", patient_id)
