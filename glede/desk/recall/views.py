"""Close a visit: the card that opens when a clinician presses Done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext

from glede.desk import matters
from glede.desk.access import DeskRequest, page
from glede.desk.diary.times import read_uuid
from glede.desk.people.moments import open_day
from glede.desk.people.someday import day_in
from glede.desk.recall import choosing, forms, words
from glede.desk.today.keeping import named
from glede.diary import queries as diary
from glede.diary.errors import UnknownAppointment
from glede.diary.rules import State
from glede.kernel.clock import day_of
from glede.kernel.ids import new_id
from glede.kernel.words import short_day_words
from glede.people import queries as people
from glede.recall import errors
from glede.recall.operations import close_visit, take_back_closing
from glede.recall.queries import closed_among, closing_of, next_visit_of
from glede.recall.rules import DROPS_LAST
from glede.recall.values import Leaving
from glede.staff import queries as staff
from glede.ui import undo


@dataclass(frozen=True)
class Done:
    """The visit that is closed, its person, and what is usual for them."""

    visit: Any
    card: Any
    usual: Any


def _done(request: DeskRequest, appointment_id: UUID) -> Done:
    try:
        visit = diary.appointment_for(request.practice.pk, appointment_id)
    except UnknownAppointment:
        raise Http404 from None
    card = people.patient_card(request.practice.pk, visit.patient_id)
    if card is None or visit.state != State.DONE:
        raise Http404
    request.look_at(card.person.patient_id)
    return Done(visit, card, choosing.usual(request, card.person.patient_id, card.person.birth_date))


@page("close_visit", methods=["GET", "POST"])
def close(request: DeskRequest, appointment_id: UUID) -> HttpResponse:
    """Show what can be left at the end of a visit, or write it down, all at once."""
    done = _done(request, appointment_id)
    if request.method != "POST":
        return _shown(request, done, forms.Closing())
    form = forms.Closing(request.POST)
    leaving = _leaving(request, done, form)
    if leaving is None:
        return _shown(request, done, form, status=422)
    try:
        closing = close_visit(
            practice_id=request.practice.pk, appointment_id=appointment_id, leaving=leaving, by=request.by,
            now=request.now, command_id=read_uuid(request.POST.get("command")),
        )  # fmt: skip
    except errors.AlreadyClosed:
        messages.success(request, str(words.REFUSALS["closed"]))
        return redirect("desk:close_visit", appointment_id)
    except errors.Refused as refusal:
        form.add_error("why" if isinstance(refusal, errors.WhyMissing) else "months", words.REFUSALS[refusal.code])
        return _shown(request, done, form, status=422)
    undo.offer(request, _told(request, done, leaving, closing), reverse("desk:reopen_visit", args=[closing.pk]))
    return redirect(_back(request, appointment_id))


def _leaving(request: DeskRequest, done: Done, form: forms.Closing) -> Leaving | None:
    """Return what was written down; None where it cannot be read, with the reason in the form."""
    if not form.is_valid():
        return None
    given = form.cleaned_data
    meant = named(given["to"], staff.colleagues(request.practice.pk)) if given["to"] else None
    if given["to"] and meant is None:
        form.add_error("to", gettext("Nobody, or more than one, is called that. Write more of the name."))
        return None
    if given["what_matters"] and meant is None:
        form.add_error("to", gettext("Write who takes over."))
        return None
    return Leaving(
        form.plan(done.usual, done.visit.service_id),
        given["drops"],
        given["follow_up"],
        _comes_back(request, given["follow_up"]),
        meant.membership_id if meant else None,
        given["what_matters"],
    )


def _comes_back(request: DeskRequest, line: str) -> date | None:
    """Return the day on which a follow-up comes back: the one in its words, else the next open one."""
    if not line:
        return None
    today = day_of(request.now, request.practice.zone)
    understood = day_in(line, today)
    return open_day(request.practice, understood.day if understood else today + timedelta(days=1))


def _told(request: DeskRequest, done: Done, leaving: Leaving, closing: Any) -> str:
    """Say what was written down, in one line."""
    zone, found = request.practice.zone, [gettext("Closed.")]
    if leaving.plan is not None:
        due = next_visit_of(request.practice.pk, done.visit.patient_id)
        found += [f"{words.due_words(due, words.service_words(done.visit.service_name), '')}."] if due else []
    if closing.held_until:
        found.append(gettext("Messages wait until %(hour)s.") % {"hour": words.hour_words(closing.held_until, zone)})
    if leaving.follow_up_on:
        day = short_day_words(leaving.follow_up_on, get_language() or "en")
        found.append(gettext("It comes back to you on %(day)s.") % {"day": day})
    if leaving.hand_to:
        names = staff.colleague_names(request.practice.pk)
        found.append(gettext("Handed over to %(name)s.") % {"name": names.get(leaving.hand_to, "")})
    return " ".join(found)


def _shown(request: DeskRequest, done: Done, form: forms.Closing, *, status: int = 200) -> HttpResponse:
    practice, closed = request.practice, closing_of(request.practice.pk, done.visit.appointment_id)
    due = next_visit_of(practice.pk, done.card.person.patient_id)
    context = {
        "page": "today",
        "visit": done.visit,
        "person": done.card.person,
        "matters": matters.of(done.card, practice, day_of(request.now, practice.zone)),
        "closed": closed,
        "held": words.held_words(closed.held_until, request.now, practice.zone) if closed else "",
        "due": words.due_words(due, words.service_words(done.visit.service_name), "") if due else "",
        "until": words.hour_words(request.now + DROPS_LAST, practice.zone),
        "colleagues": [c for c in staff.colleagues(practice.pk) if c.membership_id != request.membership.pk],
        "command": request.POST.get("command") or new_id(),
        "leave": _back(request, done.visit.appointment_id),
        "back": request.GET.get("back", ""),
        **choosing.choices(request, done.usual, form),
    }
    return render(request, "desk/recall/close.html", context, status=status)


@page("reopen_visit", methods=["POST"])
def take_back(request: DeskRequest, closing_id: UUID) -> HttpResponse:
    """Take back how a visit was closed."""
    try:
        closing = take_back_closing(
            practice_id=request.practice.pk, closing_id=closing_id, by=request.by, now=request.now
        )
    except errors.NoSuchClosing:
        raise Http404 from None
    messages.success(request, gettext("Taken back. The notes stay."))
    return redirect("desk:close_visit", closing.appointment_id)


def after_done(request: DeskRequest, appointment_id: UUID, back: str) -> str:
    """Return where Done leads: to the closing for whoever sees patients, else back to where it was pressed."""
    if not staff.sees_patients(request.practice.pk, request.membership.pk):
        return back
    own_page = reverse("desk:visit", args=[appointment_id])
    asked = f"?{urlencode({'back': 'visit'})}" if back.partition("?")[0].endswith(own_page) else ""
    return reverse("desk:close_visit", args=[appointment_id]) + asked


def _back(request: DeskRequest, appointment_id: UUID) -> str:
    if request.GET.get("back") == "visit":
        return reverse("desk:visit", args=[appointment_id])
    return reverse("desk:today")


def to_close(request: DeskRequest, visits: Iterable[Any]) -> list[Any]:
    """Return the reader's own visits of the day that are done and not closed yet; they go with the day."""
    own = {
        one.id for one in staff.every_practitioner(request.practice.pk) if one.membership_id == request.membership.pk
    }
    done = [visit for visit in visits if str(visit.state) == State.DONE and visit.practitioner_id in own]
    closed = closed_among(request.practice.pk, [visit.appointment_id for visit in done]) if done else set()
    return [visit for visit in done if visit.appointment_id not in closed]
