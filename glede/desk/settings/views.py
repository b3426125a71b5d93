"""The settings page, each part saved by itself, and the switch between rehearsal and live."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext

from glede.catalogue import operations as catalogue
from glede.catalogue.queries import services
from glede.catalogue.rules import CannotOffer, ServiceForm
from glede.desk.access import MANAGERS, OWNERS, DeskRequest, page
from glede.desk.address import prove_address
from glede.desk.diary.views import service_name
from glede.desk.settings import forms
from glede.desk.settings.safety import safety_lines
from glede.kernel.contact import phone_words
from glede.kernel.money import money_words
from glede.practices import operations as practices
from glede.practices import queries
from glede.staff import operations as staff
from glede.staff import queries as staff_queries

ABOUT = ("name", "phone", "email", "address", "public_url", "review_link")
PROMISES = ("answer_minutes", "call_days_before", "calls_per_day", "hours_from", "hours_to")


@page("settings", roles=MANAGERS)
def settings(request: DeskRequest) -> HttpResponse:
    """Show what the practice says about itself."""
    return render(request, "desk/settings/page.html", context_of(request))


def context_of(request: DeskRequest, **given: Any) -> dict[str, Any]:
    """Return what the settings page shows; ``given`` are forms with something to put right."""
    practice, language = request.practice, get_language() or "en"
    hours = queries.opening_hours(practice)
    return {
        "page": "settings",
        "about": given.get("about") or forms.About(country=practice.country, initial=_about(practice)),
        "promises": given.get("promises")
        or forms.Promises(initial={name: getattr(practice, name) for name in PROMISES}),
        "hours": given.get("hours") or forms.Hours(spans=hours.spans),
        "closed": queries.closed_days(practice),
        "closed_form": given.get("closed") or forms.ClosedDay(),
        "services": [
            (s, service_name(s.name, language), money_words(s.price, language[:2]) if s.price else "")
            for s in services(practice.pk)
        ],
        "service_form": given.get("service") or forms.Service(),
        "practitioners": staff_queries.practitioners(practice.pk),
        "practitioner_form": given.get("practitioner") or forms.Practitioner(),
        "colleagues": staff_queries.colleagues(practice.pk),
        "is_owner": request.membership.role in OWNERS,
        "safety": safety_lines(practice.zone),
        "roles": dict(forms.ROLES),
    }


def _about(practice: Any) -> dict[str, Any]:
    said = {name: getattr(practice, name) for name in ABOUT}
    return said | {"phone": phone_words(practice.phone, practice.country) if practice.phone else ""}


def _save(request: DeskRequest, changes: dict[str, Any]) -> HttpResponse:
    practices.change_settings(practice_id=request.practice.pk, changes=changes, by=request.by, now=request.now)
    messages.success(request, gettext("Kept."))
    return redirect("desk:settings")


def _again(request: DeskRequest, **form: Any) -> HttpResponse:
    return render(request, "desk/settings/page.html", context_of(request, **form), status=422)


@page("about", roles=MANAGERS, methods=["POST"])
def about(request: DeskRequest) -> HttpResponse:
    """Keep the practice's name, numbers and addresses."""
    form = forms.About(request.POST, country=request.practice.country)
    if not form.is_valid():
        return _again(request, about=form)
    base = form.cleaned_data["public_url"].rstrip("/")
    if base and base != request.practice.proved_url and not request.practice.is_virtual:
        prove_address(request, base)
    return _save(request, form.cleaned_data)


@page("promises", roles=MANAGERS, methods=["POST"])
def promises(request: DeskRequest) -> HttpResponse:
    """Keep what the practice promises."""
    form = forms.Promises(request.POST)
    return _save(request, form.cleaned_data) if form.is_valid() else _again(request, promises=form)


@page("hours", roles=MANAGERS, methods=["POST"])
def hours(request: DeskRequest) -> HttpResponse:
    """Keep the opening hours of the week."""
    form = forms.Hours(request.POST)
    if not form.is_valid():
        return _again(request, hours=form)
    practices.set_opening_hours(
        practice_id=request.practice.pk, spans=form.cleaned_data["spans"], by=request.by, now=request.now
    )
    messages.success(request, gettext("Kept. What is booked stands."))
    return redirect("desk:settings")


@page("close_day", roles=MANAGERS, methods=["POST"])
def close_day(request: DeskRequest) -> HttpResponse:
    """Close a day, or open it again."""
    if request.POST.get("reopen"):
        from glede.desk.diary.times import read_day

        day = read_day(request.POST["reopen"])
        if day is not None:
            practices.reopen_day(practice_id=request.practice.pk, day=day, by=request.by, now=request.now)
        return redirect("desk:settings")
    form = forms.ClosedDay(request.POST)
    if not form.is_valid():
        return _again(request, closed=form)
    given = form.cleaned_data
    practices.close_day(
        practice_id=request.practice.pk, day=given["day"], reason=given["reason"], by=request.by, now=request.now
    )
    return redirect("desk:settings")


@page("service", roles=MANAGERS, methods=["POST"])
def service(request: DeskRequest) -> HttpResponse:
    """Offer a service."""
    form = forms.Service(request.POST)
    if not form.is_valid():
        return _again(request, service=form)
    given = form.cleaned_data
    from django.utils.text import slugify

    new = ServiceForm(
        code=slugify(given["name_en"])[:40] or "service",
        name={"en": given["name_en"], "nb": given["name_nb"]},
        minutes=given["minutes"],
        buffer_minutes=given["buffer_minutes"],
        price_minor_units=int(given["price"] * 100) if given["price"] is not None else None,
        sort=len(services(request.practice.pk)) + 1,
    )
    try:
        catalogue.add_service(practice_id=request.practice.pk, service=new, by=request.by, now=request.now)
    except (catalogue.CodeTaken, CannotOffer):
        form.add_error("name_en", gettext("A service of that name is offered already"))
        return _again(request, service=form)
    messages.success(request, gettext("Kept."))
    return redirect("desk:settings")


@page("price", roles=MANAGERS, methods=["POST"])
def price(request: DeskRequest, service_id: UUID) -> HttpResponse:
    """Change the minutes or the price of a service, or offer it no more."""
    card = next((s for s in services(request.practice.pk) if s.id == service_id), None)
    if card is None:
        raise Http404
    given = {"practice_id": request.practice.pk, "service_id": service_id, "by": request.by, "now": request.now}
    if request.POST.get("end"):
        catalogue.end_service(**given)
        messages.success(request, gettext("Offered no more. What is booked stands."))
        return redirect("desk:settings")
    changed = _changed(card, request.POST)
    if changed is None:
        messages.error(request, gettext("Write the minutes and the price in figures."))
    else:
        catalogue.change_service(service=changed, **given)
        messages.success(request, gettext("Kept."))
    return redirect("desk:settings")


def _changed(card: Any, posted: Any) -> ServiceForm | None:
    standing = ServiceForm(
        card.code, card.name, card.minutes, card.buffer_minutes, card.price.minor_units if card.price else None,
        card.price_to.minor_units if card.price_to else None,
        what_to_bring=card.what_to_bring, for_new=card.for_new, sort=card.sort, external_id=card.external_id,
    )  # fmt: skip
    try:
        minutes = int(posted.get("minutes", ""))
        text = posted.get("price", "").replace(",", ".").replace(" ", "").replace("\u00a0", "")
        minor = int(Decimal(text) * 100) if text else None
    except (ValueError, ArithmeticError):
        return None
    return replace(standing, minutes=minutes, price_minor_units=minor) if 5 <= minutes <= 480 else None


@page("practitioner", roles=MANAGERS, methods=["POST"])
def practitioner(request: DeskRequest) -> HttpResponse:
    """Name somebody patients are booked with, or take no more bookings for them."""
    given = {"practice_id": request.practice.pk, "by": request.by, "now": request.now}
    if request.POST.get("end"):
        from glede.desk.diary.times import read_uuid

        ended = read_uuid(request.POST["end"])
        if ended:
            staff.end_practitioner(practitioner_id=ended, **given)
        return redirect("desk:settings")
    form = forms.Practitioner(request.POST)
    if not form.is_valid():
        return _again(request, practitioner=form)
    asked = form.cleaned_data
    name = f"{asked['given_name']} {asked['family_name']}".strip()
    sort = len(staff_queries.practitioners(request.practice.pk)) + 1
    staff.add_practitioner(new=staff.NewPractitioner(name, asked["given_name"], asked["title"], sort=sort), **given)
    messages.success(request, gettext("Kept."))
    return redirect("desk:settings")
