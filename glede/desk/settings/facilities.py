"""Rooms and devices: which there are, what they serve as, and which services take them."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext

from glede.catalogue.queries import services
from glede.desk.access import MANAGERS, DeskRequest, page
from glede.desk.settings import forms
from glede.diary import operations as diary
from glede.diary.errors import NameTaken, NoSuchFacility
from glede.diary.queries import facilities as book


@page("facilities", roles=MANAGERS, methods=["GET", "POST"])
def facilities(request: DeskRequest) -> HttpResponse:
    """Show the rooms and devices, and take one more."""
    form = forms.Facility(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            diary.add_facility(practice_id=request.practice.pk, by=request.by, now=request.now, **form.cleaned_data)
        except NameTaken:
            form.add_error("name", gettext("Another one has that name"))
        else:
            return redirect("desk:settings_facilities")
    return _show(request, form)


def _show(request: DeskRequest, form: forms.Facility) -> HttpResponse:
    language = get_language() or "en"
    taken = {
        word: [card.name_in(language) for card in services(request.practice.pk) if word in card.asks_for]
        for word in {one.serves_as for one in book.facilities(request.practice.pk)}
    }
    every = book.facilities(request.practice.pk, including_ended=True)
    context = {
        "page": "settings",
        "form": form,
        "here": [(one, ", ".join(taken[one.serves_as])) for one in every if not one.is_ended],
        "ended": [one for one in every if one.is_ended],
    }
    return render(request, "desk/settings/facilities.html", context, status=422 if form.is_bound else 200)


@page("facility_end", roles=MANAGERS, methods=["POST"])
def end(request: DeskRequest, facility_id: UUID) -> HttpResponse:
    """Have a room or a device no more."""
    try:
        diary.end_facility(practice_id=request.practice.pk, facility_id=facility_id, by=request.by, now=request.now)
    except NoSuchFacility as error:
        raise Http404 from error
    messages.success(request, gettext("No visit takes it any more. Those booked keep it."))
    return redirect("desk:settings_facilities")


@page("facility_back", roles=MANAGERS, methods=["POST"])
def bring_back(request: DeskRequest, facility_id: UUID) -> HttpResponse:
    """Have it again."""
    given = {"practice_id": request.practice.pk, "by": request.by, "now": request.now}
    try:
        diary.bring_back_facility(facility_id=facility_id, **given)
    except NoSuchFacility as error:
        raise Http404 from error
    except NameTaken:
        messages.error(request, gettext("Another one has its name now."))
    return redirect("desk:settings_facilities")
