"""Who sees patients: names as patients read them, titles, own hours; and the way to who signs in."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext

from glede.desk.access import MANAGERS, DeskRequest, page
from glede.desk.settings import forms
from glede.desk.settings.hours import kept
from glede.desk.settings.told import week_words
from glede.diary.operations import change_clinician, set_working_hours
from glede.diary.queries.coming import count_coming
from glede.diary.queries.leaves import LeaveTaken, leaves
from glede.diary.queries.own_time import own_hours
from glede.kernel.clock import day_of
from glede.ledger.operations import act
from glede.staff import operations as staff
from glede.staff.queries import Named, colleague_names, colleagues, every_practitioner


@page("settings_people", roles=MANAGERS)
def people(request: DeskRequest) -> HttpResponse:
    """Show who sees patients, now and before."""
    language, own = get_language() or "en", own_hours(request.practice.pk)
    every = every_practitioner(request.practice.pk)
    context = {
        "page": "settings",
        "here": [
            (one, week_words(own.get(one.id, ()), language)[:7] if own.get(one.id) else [])
            for one in every
            if not one.is_ended
        ],
        "ended": [one for one in every if one.is_ended],
        "colleagues": len(colleagues(request.practice.pk)),
    }
    return render(request, "desk/settings/people.html", context)


@page("settings_person_new", roles=MANAGERS, methods=["GET", "POST"])
def add(request: DeskRequest) -> HttpResponse:
    """Name somebody patients are booked with."""
    form = forms.Practitioner(request.POST or None, colleagues=_who_signs_in(request))
    hours = forms.Hours(request.POST or None)
    if request.method == "POST" and form.is_valid() and hours.is_valid():
        sort = len(every_practitioner(request.practice.pk)) + 1
        with act(request.practice.pk, by=request.by, now=request.now):
            named = staff.NewPractitioner(**_named(form.cleaned_data), sort=sort)
            row = staff.add_practitioner(new=named, **_given(request))
            set_working_hours(practitioner_id=row.pk, spans=hours.cleaned_data["spans"], **_given(request))
        return redirect("desk:settings_people")
    return _show(request, form, hours, None)


@page("settings_person", roles=MANAGERS, methods=["GET", "POST"])
def person(request: DeskRequest, practitioner_id: UUID) -> HttpResponse:
    """Show one clinician and keep what is changed of them."""
    one = _one(request, practitioner_id)
    initial = {"display_name": one.display_name, "given_name": one.given_name, "title": one.title}
    initial["membership_id"] = str(one.membership_id or "")
    form = forms.Practitioner(request.POST or None, initial=initial, colleagues=_who_signs_in(request, one))
    hours = forms.Hours(request.POST or None, spans=own_hours(request.practice.pk).get(one.id, ()))
    if request.method == "POST" and not one.is_ended and form.is_valid() and hours.is_valid():
        change = change_clinician(
            practitioner_id=one.id, changes=_named(form.cleaned_data), spans=hours.cleaned_data["spans"],
            **_given(request),
        )  # fmt: skip
        return kept(request, change, gettext("Kept. What is booked stands."), "desk:settings_people")
    return _show(request, form, hours, one)


def _named(asked: dict[str, Any]) -> dict[str, Any]:
    given_name = asked["given_name"] or asked["display_name"].split()[0]
    kept_as_said = {name: asked[name] for name in ("display_name", "title", "membership_id")}
    return kept_as_said | {"given_name": given_name}


def _who_signs_in(request: DeskRequest, one: Named | None = None) -> list[tuple[str, str]]:
    """Return the colleagues to choose from; whoever has left stays where they are chosen."""
    here = {each.membership_id: each.display_name for each in colleagues(request.practice.pk)}
    if one and one.membership_id and one.membership_id not in here:
        here[one.membership_id] = colleague_names(request.practice.pk).get(one.membership_id, "")
    return [(str(key), name) for key, name in here.items()]


def _show(request: DeskRequest, form: forms.Practitioner, hours: forms.Hours, one: Named | None) -> HttpResponse:
    context = {
        "page": "settings",
        "form": form,
        "hours": hours,
        "one": one,
        "leaves": sum(taken.practitioner_id == one.id for taken in _leaves(request)) if one else 0,
        "coming": count_coming(request.practice.pk, now=request.now, practitioner_id=one.id) if one else 0,
    }
    return render(request, "desk/settings/person.html", context, status=422 if form.is_bound else 200)


def _leaves(request: DeskRequest) -> list[LeaveTaken]:
    return leaves(request.practice.pk, from_=day_of(request.now, request.practice.zone))


@page("settings_person_end", roles=MANAGERS, methods=["POST"])
def end(request: DeskRequest, practitioner_id: UUID) -> HttpResponse:
    """Take no more bookings for a clinician."""
    _one(request, practitioner_id)
    change = staff.end_practitioner(practitioner_id=practitioner_id, **_given(request))
    return kept(request, change, gettext("No more bookings. What is booked stands."), "desk:settings_people")


@page("settings_person_back", roles=MANAGERS, methods=["POST"])
def bring_back(request: DeskRequest, practitioner_id: UUID) -> HttpResponse:
    """Take bookings for a clinician again."""
    _one(request, practitioner_id)
    change = staff.bring_back_practitioner(practitioner_id=practitioner_id, **_given(request))
    return kept(request, change, gettext("Bookings are taken again."), "desk:settings_people")


def _one(request: DeskRequest, practitioner_id: UUID) -> Named:
    one = next((p for p in every_practitioner(request.practice.pk) if p.id == practitioner_id), None)
    if one is None:
        raise Http404
    return one


def _given(request: DeskRequest) -> dict[str, Any]:
    return {"practice_id": request.practice.pk, "by": request.by, "now": request.now}
