"""The settings at a glance, what the practice says of itself, and what it promises."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from glede.catalogue.queries import services
from glede.desk.access import MANAGERS, OWNERS, DeskRequest, page
from glede.desk.address import prove_address
from glede.desk.diary.history import moment
from glede.desk.settings import forms
from glede.desk.settings.hours import kept
from glede.desk.settings.safety import safety_lines
from glede.desk.settings.told import minutes_words, week_words
from glede.diary.queries.leaves import urgent_times
from glede.inbox.rules import CALM, answer_due
from glede.kernel.clock import at_wall, day_of
from glede.kernel.contact import phone_words
from glede.practices import operations as practices
from glede.practices import queries
from glede.staff.queries import colleagues, practitioners

ABOUT = ("name", "phone", "email", "address", "region", "public_url", "review_link")
PROMISES = ("call_days_before", "calls_per_day", "hours_from", "hours_to")
SHORT_BEFORE_CLOSING = timedelta(minutes=30)
NOON = time(12)


@page("settings", roles=MANAGERS)
def settings(request: DeskRequest) -> HttpResponse:
    """Show what the practice says about itself, each part as a sentence with its own page."""
    practice, language = request.practice, get_language() or "en"
    opening, today = queries.opening_hours(practice), day_of(request.now, practice.zone)
    offered = services(practice.pk)
    context = {
        "page": "settings",
        "phone": phone_words(practice.phone, practice.country) if practice.phone else "",
        "week": week_words(opening.spans, language),
        "others": len(queries.exceptions(practice, from_=today)),
        "services": [card.name_in(language) for card in offered],
        "priced": sum(card.price is not None for card in offered),
        "practitioners": [one.display_name for one in practitioners(practice.pk)],
        "colleagues": len(colleagues(practice.pk)),
        "answer": minutes_words(practice.answer_minutes),
        "is_owner": request.membership.role in OWNERS,
        "safety": safety_lines(practice.zone),
        "urgent": len(urgent_times(practice.pk)),
    }
    return render(request, "desk/settings/page.html", context)


@page("settings_about", roles=MANAGERS, methods=["GET", "POST"])
def about(request: DeskRequest) -> HttpResponse:
    """Show and keep the practice's name, numbers and addresses."""
    practice = request.practice
    form = forms.About(request.POST or None, country=practice.country, initial=_about(practice))
    if request.method != "POST" or not form.is_valid():
        return _form(request, "about", form)
    base = form.cleaned_data["public_url"].rstrip("/")
    if base and base != practice.proved_url and not practice.is_virtual:
        prove_address(request, base)
    return _save(request, form.cleaned_data)


def _about(practice: Any) -> dict[str, Any]:
    said = {name: getattr(practice, name) for name in ABOUT}
    return said | {"phone": phone_words(practice.phone, practice.country) if practice.phone else ""}


@page("settings_promises", roles=MANAGERS, methods=["GET", "POST"])
def promises(request: DeskRequest) -> HttpResponse:
    """Show and keep what the practice promises, with what it comes to."""
    practice = request.practice
    hours, minutes = divmod(practice.answer_minutes, 60)
    standing = {name: getattr(practice, name) for name in PROMISES}
    form = forms.Promises(request.POST or None, initial=standing | {"answer_hours": hours, "answer_minutes": minutes})
    if request.method == "POST" and form.is_valid():
        return _save(request, form.cleaned_data)
    return _form(request, "promises", form, effects=_effects(request))


@dataclass(frozen=True)
class Effect:
    """When a message comes, and by when it is answered."""

    comes: str
    due: str


def _effects(request: DeskRequest) -> list[Effect]:
    """Return by when messages are answered that come now, shortly before closing, and on the next closed day."""
    practice = request.practice
    opening = queries.opening_hours(practice)
    found = []
    for comes in _moments(opening, request.now, practice.zone):
        due = answer_due(comes, opening, practice.answer_minutes, CALM)
        found.append(Effect(moment(comes, practice.zone), moment(due, practice.zone)))
    return found


def _moments(opening: Any, now: datetime, zone: str) -> list[datetime]:
    today = day_of(now, zone)
    days = [today + timedelta(days=n) for n in range(1, 15)]
    last = next(
        (day for day, after in pairwise(days) if opening.is_open_day(day) and not opening.is_open_day(after)),
        None,
    )
    if last is None:
        return [now]
    closes = opening.day_end(last)
    return [now, closes - SHORT_BEFORE_CLOSING, at_wall(last + timedelta(days=1), NOON, zone)]


def _save(request: DeskRequest, changes: dict[str, Any]) -> HttpResponse:
    change = practices.change_settings(practice_id=request.practice.pk, changes=changes, by=request.by, now=request.now)
    return kept(request, change, gettext("Kept."), "desk:settings")


def _form(request: DeskRequest, name: str, form: Any, **more: Any) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, f"desk/settings/{name}.html", {"page": "settings", "form": form, **more}, status=status)
