"""The hours: the week, the dates that differ, the public holidays; whom a change leaves without an open door."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext

from glede.desk.access import MANAGERS, DeskRequest, page
from glede.desk.diary.history import moment
from glede.desk.settings import forms
from glede.desk.settings.told import dates_words, hours_words, week_words
from glede.diary.operations import settle_days
from glede.diary.queries.coming import Outside, days_changed, outside
from glede.kernel.clock import day_of
from glede.kernel.periods import WeeklyHours
from glede.kernel.words import day_words
from glede.ledger.operations import act
from glede.people.queries import names
from glede.practices import operations as practices
from glede.practices import public_holidays, queries
from glede.practices.queries import OtherHours
from glede.ui import undo

AHEAD = timedelta(days=365)


@dataclass(frozen=True)
class Line:
    """A date or a span of dates with hours of its own, in words."""

    id: UUID
    when: str
    hours: str
    reason: str


@dataclass(frozen=True)
class Year:
    """The public holidays of a year: which of them are not taken yet."""

    year: int
    open: list[str]


@page("hours")
def hours(request: DeskRequest) -> HttpResponse:
    """Show when the practice is open; managers change it here."""
    return _show(request)


def _show(request: DeskRequest, **given: Any) -> HttpResponse:
    practice, today = request.practice, day_of(request.now, request.practice.zone)
    opening, language = queries.opening_hours(practice), get_language() or "en"
    standing = queries.exceptions(practice, from_=today, until=today + AHEAD)
    context = {
        "page": "settings",
        "may_change": request.membership.role in MANAGERS,
        "week": week_words(opening.spans, language),
        "form": given.get("form") or forms.Hours(spans=opening.spans),
        "exception_form": given.get("exception") or forms.OtherHours(),
        "lines": [
            Line(one.id, dates_words(one.first_on, one.last_on, language), hours_words(one.hours), _reason(one))
            for one in standing
        ],
        "is_known": public_holidays.is_known(practice.country),
        "years": _years(practice, today, opening, language),
    }
    return render(request, "desk/settings/hours.html", context, status=422 if given else 200)


def _reason(one: OtherHours) -> str:
    language = get_language() or "en"
    return one.reason or one.name.get(language[:2]) or one.name.get("en", "")


def _years(practice: Any, today: date, opening: WeeklyHours, language: str) -> list[Year]:
    if not public_holidays.is_known(practice.country):
        return []
    taken = _dates(queries.exceptions(practice, from_=today))
    found = []
    for year in (today.year, today.year + 1):
        coming = [h for h in public_holidays.holidays_of(practice.country, practice.region, year) if h.day >= today]
        left = [
            f"{day_words(h.day, language)}: {h.name.get(language[:2]) or h.name['en']}"
            for h in coming
            if h.day not in taken and opening.is_open_day(h.day)
        ]
        found.append(Year(year, left))
    return [one for one in found if one.open]


def _dates(standing: Collection[OtherHours]) -> set[date]:
    return {one.first_on + timedelta(days=n) for one in standing for n in range((one.last_on - one.first_on).days + 1)}


@page("week", roles=MANAGERS, methods=["POST"])
def week(request: DeskRequest) -> HttpResponse:
    """Keep the opening hours of the week; visits that would then stand before a closed door are shown first."""
    form = forms.Hours(request.POST)
    if not form.is_valid():
        return _show(request, form=form)
    spans, before = form.cleaned_data["spans"], queries.opening_hours(request.practice)
    after = replace(before, spans=tuple(spans))
    days = days_changed(request.practice.pk, before, after, now=request.now)
    return _unless_booked(
        request, days, after, lambda: practices.set_opening_hours(spans=spans, **_given(request))
    )  # fmt: skip


@page("exception", roles=MANAGERS, methods=["POST"])
def exception(request: DeskRequest) -> HttpResponse:
    """Let other hours hold on some dates; visits that would then stand before a closed door are shown first."""
    form = forms.OtherHours(request.POST)
    if not form.is_valid():
        return _show(request, exception=form)
    asked = form.cleaned_data
    new = practices.NewException(asked["first_on"], asked["last_on"], tuple(asked["hours"]), asked["reason"])
    opening = queries.opening_hours(request.practice)
    days = _span(new.first_on, new.last_on)
    after = queries.with_exception(opening, new.first_on, new.last_on, new.hours)
    return _unless_booked(request, days, after, lambda: practices.add_exception(new=new, **_given(request)))


@page("holidays", roles=MANAGERS, methods=["POST"])
def holidays(request: DeskRequest) -> HttpResponse:
    """Take the public holidays of a year: closed on each on which nothing else was said."""
    try:
        year, practice = int(request.POST.get("year", "")), request.practice
        found = public_holidays.holidays_of(practice.country, practice.region, year)
    except (ValueError, public_holidays.UnknownCountry) as error:
        raise Http404 from error
    taken, after = _dates(queries.exceptions(practice, from_=date(year, 1, 1))), queries.opening_hours(practice)
    days = [one.day for one in found if one.day not in taken and after.is_open_day(one.day)]
    for day in days:
        after = queries.with_exception(after, day, day, ())
    return _unless_booked(request, days, after, lambda: practices.take_holidays(year=year, **_given(request)))


def _unless_booked(request: DeskRequest, days: Collection[date], after: WeeklyHours, do: Any) -> HttpResponse:
    """Do it where no visit is left outside the hours, or where the colleague has seen whose; else show whose."""
    left = outside(request.practice.pk, days, after, now=request.now)
    if left and not request.POST.get("seen"):
        return _booked(request, left)
    with act(request.practice.pk, by=request.by, now=request.now):
        change = do()
        settle_days(days=days, **_given(request))
    return kept(request, change, gettext("Kept. No visit was moved or cancelled."), "desk:settings_hours")


def _booked(request: DeskRequest, left: list[Outside]) -> HttpResponse:
    known = names(request.practice.pk, {visit.patient_id for visit in left})
    request.look_at(*known)
    asked: Mapping[str, Any] = request.POST
    context = {
        "page": "settings",
        "count": len(left),
        "visits": [
            (visit.appointment_id, known[visit.patient_id].name, _when(visit, request.practice.zone)) for visit in left
        ],
        "asked": [(key, value) for key, value in asked.items() if key != "csrfmiddlewaretoken"],
        "action": request.path,
    }
    return render(request, "desk/settings/booked.html", context)


def _when(visit: Outside, zone: str) -> str:
    return day_words(visit.day, get_language() or "en") if visit.is_day_visit else moment(visit.starts_at, zone)


@page("exception_end", roles=MANAGERS, methods=["POST"])
def end_exception(request: DeskRequest, exception_id: UUID) -> HttpResponse:
    """Let the usual hours hold again."""
    standing = {one.id: one for one in queries.exceptions(request.practice, from_=date.min)}
    if exception_id not in standing:
        raise Http404
    one = standing[exception_id]
    with act(request.practice.pk, by=request.by, now=request.now):
        change = practices.end_exception(exception_id=exception_id, **_given(request))
        settle_days(days=_span(one.first_on, one.last_on), **_given(request))
    return kept(request, change, gettext("Kept. The usual hours hold again."), "desk:settings_hours")


def _span(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _given(request: DeskRequest) -> dict[str, Any]:
    return {"practice_id": request.practice.pk, "by": request.by, "now": request.now}


def kept(request: DeskRequest, change: UUID | None, words: str, to: str, *args: Any) -> HttpResponse:
    """Go to the page ``to`` and offer to undo what was just saved; where nothing differs, say so."""
    if change is None:
        messages.success(request, gettext("That is how it stood already."))
    else:
        undo.offer(request, words, reverse("desk:settings_undo", args=[change]))
    return redirect(to, *args)
