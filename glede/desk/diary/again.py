"""Visits that come again: each date looked at before anything is booked, then booked in one press."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from glede.desk.access import DeskRequest, page
from glede.desk.diary import forms, history
from glede.desk.diary.times import read_slot, read_uuid
from glede.desk.diary.views import service_name
from glede.diary import operations as diary
from glede.diary.availability import Offer
from glede.diary.errors import BadSeries, NoSuchSeries, Refused, UnknownAppointment
from glede.diary.facts import VisitFacts
from glede.diary.operations import NewSeries
from glede.diary.queries import appointment_for
from glede.diary.queries.series import Date, SeriesFacts, Wanted, preview, series_facts
from glede.diary.series import Chosen, Rule, Unit
from glede.kernel.ids import new_id
from glede.kernel.words import short_day_words, time_words
from glede.people import queries as people
from glede.staff.queries import practitioners

AGAINST = {
    "": _("free"),
    "taken": _("taken"),
    "kept": _("kept for what is urgent"),
    "closed": _("we are closed"),
    "outside": _("outside their hours"),
    "away": _("away"),
    "past": _("gone by"),
    "no_such_time": _("the clock skips that hour"),
}


@dataclass(frozen=True)
class Option:
    """One time to choose for a date."""

    value: str
    words: str


@dataclass(frozen=True)
class Line:
    """One date of a series: what stands against it, and what can be chosen."""

    number: int
    words: str
    against: str
    is_free: bool
    options: tuple[Option, ...]


@page("series_new", methods=["GET", "POST"])
def new(request: DeskRequest, appointment_id: UUID) -> HttpResponse:
    """Ask how often, show each date, and book those that were chosen."""
    visit = _visit(request, appointment_id)
    person = people.names(request.practice.pk, [visit.patient_id])[visit.patient_id]
    form = forms.Again(request.POST if request.method == "POST" else request.GET or None, initial=_usual(visit))
    lines: list[Line] = []
    if form.is_valid():
        rule, at = form.rule(visit.day), form.cleaned_data["at"]
        if request.method == "POST":
            return _begin(request, visit, rule, at)
        lines = _lines(
            request, preview(request.practice.pk, _wanted(visit, at), rule, now=request.now), visit.practitioner_id
        )
    context = {
        "page": "diary", "visit": visit, "person": person, "form": form, "lines": lines, "command": new_id(),
        "free": sum(line.is_free for line in lines),
        "service": service_name(visit.service_name, get_language() or "en"),
    }  # fmt: skip
    return render(request, "desk/diary/again.html", context, status=422 if form.errors else 200)


def _visit(request: DeskRequest, appointment_id: UUID) -> VisitFacts:
    try:
        visit = appointment_for(request.practice.pk, appointment_id)
    except UnknownAppointment:
        raise Http404 from None
    request.look_at(visit.patient_id)
    return visit


def _usual(visit: VisitFacts) -> dict[str, Any]:
    return {"every": 1, "unit": Unit.WEEK, "count": 6, "at": visit.wall_time or time(10)}


def _wanted(visit: VisitFacts, at: time) -> Wanted:
    return Wanted(visit.patient_id, visit.service_id, visit.practitioner_id, at)


def _lines(request: DeskRequest, dates: Iterable[Date], practitioner_id: UUID | None) -> list[Line]:
    # With one clinician throughout, their name at each time says nothing new.
    chairs = [] if practitioner_id else practitioners(request.practice.pk)
    names = {chair.id: chair.given_name for chair in chairs}
    return [_line(one, names) for one in dates]


def _line(one: Date, names: dict[UUID, str]) -> Line:
    options = [_option(one.number, offer, names) for offer in one.nearest]
    words = _moment(one.day, one.wall_time)
    if not one.why:
        options.insert(0, Option(f"{one.number}|{one.day.isoformat()}T{one.wall_time:%H:%M}|", words))
    return Line(one.number, words, str(AGAINST[one.why]), not one.why, tuple(options))


def _option(number: int, offer: Offer, names: dict[UUID, str]) -> Option:
    who = names.get(offer.practitioner_id, "") if offer.practitioner_id else ""
    value = f"{number}|{offer.day.isoformat()}T{offer.wall_time:%H:%M}|{offer.practitioner_id or ''}"
    return Option(value, f"{_moment(offer.day, offer.wall_time)} {who}".strip())


def _moment(day: date, at: time) -> str:
    return f"{short_day_words(day, get_language() or 'en')} {time_words(at, 'en', 'staff')}"


def _begin(request: DeskRequest, visit: VisitFacts, rule: Rule, at: time) -> HttpResponse:
    chosen = tuple(_chosen(request.POST.getlist("date"), visit.practitioner_id))
    asked = NewSeries(visit.patient_id, visit.service_id, visit.practitioner_id, rule, at, chosen)
    given: dict[str, Any] = {"practice_id": request.practice.pk, "by": request.by, "now": request.now}
    try:
        series_id = diary.begin_series(new=asked, command_id=read_uuid(request.POST.get("command")), **given)
    except (BadSeries, Refused):
        messages.error(request, gettext("Choose at least one time, and look again at how often."))
        return redirect("desk:series_new", visit.appointment_id)
    _tell(request, diary.book_series(series_id=series_id, **given))
    return redirect("desk:series", series_id)


def _chosen(said: Iterable[str], practitioner_id: UUID | None) -> Iterator[Chosen]:
    for text in said:
        number, _bar, slot = text.partition("|")
        read = read_slot(slot)
        if read is not None and number.isdigit():
            yield Chosen(int(number), read[0], read[1], read[2] or practitioner_id)


def _tell(request: DeskRequest, results: list[Any]) -> None:
    stand, lost = sum(1 for one in results if one.appointment_id), sum(1 for one in results if not one.appointment_id)
    messages.success(request, ngettext("%(n)d visit stands.", "%(n)d visits stand.", stand) % {"n": stand})
    if lost:
        words = ngettext(
            "%(n)d was just taken: choose another time.", "%(n)d were just taken: choose other times.", lost
        )
        messages.error(request, words % {"n": lost})


@page("series")
def shown(request: DeskRequest, series_id: UUID) -> HttpResponse:
    """Show a series: the visits that stand, what is not booked yet, and how to give up the rest."""
    found = _found(request, series_id)
    request.look_at(found.wanted.patient_id)
    language = get_language() or "en"
    visits = [found.visits[number] for number in sorted(found.visits)]
    context = {
        "page": "diary",
        "series": found,
        "person": people.names(request.practice.pk, [found.wanted.patient_id])[found.wanted.patient_id],
        "rule": rule_words(found.rule, found.wanted.wall_time),
        "service": service_name(visits[0].service_name, language) if visits else "",
        "visits": [(visit, _when(visit), history.state_words(visit)) for visit in visits],
        "missing": _lines(request, found.missing, found.wanted.practitioner_id),
        "coming": sum(visit.is_ahead and visit.starts_at > request.now for visit in visits),
        "form": forms.Cancellation(),
        "command": new_id(),
    }
    return render(request, "desk/diary/series.html", context)


def _when(visit: VisitFacts) -> str:
    return (
        _moment(visit.day, visit.wall_time) if visit.wall_time else short_day_words(visit.day, get_language() or "en")
    )


def _found(request: DeskRequest, series_id: UUID) -> SeriesFacts:
    try:
        return series_facts(request.practice.pk, series_id, now=request.now)
    except NoSuchSeries:
        raise Http404 from None


def rule_words(rule: Rule, at: time) -> str:
    """Return a series' rule: "Every 2 weeks at 10:00, 6 times"."""
    n = rule.every
    often = {
        Unit.DAY: ngettext("Every day", "Every %(n)d days", n),
        Unit.WEEK: ngettext("Every week", "Every %(n)d weeks", n),
        Unit.MONTH: ngettext("Every month", "Every %(n)d months", n),
    }[rule.unit] % {"n": n}
    return gettext("%(often)s at %(hour)s, %(count)d times") % {
        "often": often, "hour": time_words(at, "en", "staff"), "count": rule.count,
    }  # fmt: skip


@page("series_book", methods=["POST"])
def go_on(request: DeskRequest, series_id: UUID) -> HttpResponse:
    """Book what is not booked yet, at the times that were kept or at another one that was pressed."""
    found = _found(request, series_id)
    given: dict[str, Any] = {"practice_id": request.practice.pk, "by": request.by, "now": request.now}
    try:
        results = diary.book_series(series_id=series_id, **given) if "date" not in request.POST else []
        for one in _chosen(request.POST.getlist("date"), found.wanted.practitioner_id):
            results = diary.choose_in_series(series_id=series_id, chosen=one, **given)
    except BadSeries:
        messages.error(request, gettext("That visit is booked already."))
    else:
        _tell(request, results)
    return redirect("desk:series", series_id)


@page("series_end", methods=["POST"])
def end(request: DeskRequest, series_id: UUID) -> HttpResponse:
    """Cancel the rest of a series."""
    _found(request, series_id)
    form = forms.Cancellation(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Choose why it is cancelled"))
        return redirect(reverse("desk:series", args=[series_id]))
    cancelled = diary.end_series(
        practice_id=request.practice.pk, series_id=series_id, reason=form.cleaned_data["reason"], by=request.by,
        now=request.now, command_id=read_uuid(request.POST.get("command")),
    )  # fmt: skip
    n = len(cancelled)
    messages.success(request, ngettext("%(n)d visit cancelled.", "%(n)d visits cancelled.", n) % {"n": n})
    return redirect("desk:series", series_id)
