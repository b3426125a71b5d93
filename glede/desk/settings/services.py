"""What the practice offers: each service on a page of its own, in both languages, with its price in words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import get_language, gettext

from glede.catalogue import operations as catalogue
from glede.catalogue.queries import services
from glede.catalogue.rules import CannotOffer, ServiceCard, ServiceForm
from glede.desk.access import MANAGERS, DeskRequest, page
from glede.desk.settings import forms
from glede.desk.settings.hours import kept
from glede.diary.queries.coming import count_coming
from glede.diary.queries.facilities import facilities

MINOR = 100


@page("services")
def offered(request: DeskRequest) -> HttpResponse:
    """Show what is offered, with prices; managers open a service to change it."""
    language = get_language() or "en"
    every = services(request.practice.pk, including_ended=True)
    lines = [(card, card.name_in(language), card.price_words(language[:2]), card.bring_in(language)) for card in every]
    context = {
        "page": "settings",
        "may_change": request.membership.role in MANAGERS,
        "offered": [line for line in lines if not line[0].is_ended],
        "ended": [line for line in lines if line[0].is_ended],
    }
    return render(request, "desk/settings/services.html", context)


@page("service_new", roles=MANAGERS, methods=["GET", "POST"])
def add(request: DeskRequest) -> HttpResponse:
    """Offer a new service."""
    offered_now = services(request.practice.pk)
    words = _words_to_ask_for(request)
    form = forms.Service(
        request.POST or None, initial={"sort": len(offered_now) + 1}, words=words, others=_others(request)
    )
    if request.method == "POST" and form.is_valid():
        code = slugify(form.cleaned_data["name_en"] or form.cleaned_data["name_nb"])[:40] or "service"
        try:
            catalogue.add_service(service=_said(form.cleaned_data, code, {}), **_given(request))
        except (catalogue.CodeTaken, CannotOffer):
            form.add_error("name_en", gettext("A service of that name is offered already"))
        else:
            return redirect("desk:settings_services")
    return _show(request, form, None)


@page("service", roles=MANAGERS, methods=["GET", "POST"])
def service(request: DeskRequest, service_id: UUID) -> HttpResponse:
    """Show one service and keep what is changed of it."""
    card = _card(request, service_id)
    words = _words_to_ask_for(request, card.asks_for)
    form = forms.Service(request.POST or None, initial=_initial(card), words=words, others=_others(request, card.code))
    if request.method == "POST" and form.is_valid() and not card.is_ended:
        said = replace(_said(form.cleaned_data, card.code, card.name), external_id=card.external_id)
        try:
            change = catalogue.change_service(service_id=service_id, service=said, **_given(request))
        except CannotOffer:
            form.add_error("minutes", gettext("Write the minutes and the price in figures."))
        else:
            return kept(request, change, gettext("Kept. What is booked keeps its time."), "desk:settings_services")
    return _show(request, form, card)


def _words_to_ask_for(request: DeskRequest, asked_now: Sequence[str] = ()) -> list[str]:
    """Return what a service can ask for: what a room or a device serves as, and what this one asks for already."""
    return sorted({one.serves_as for one in facilities(request.practice.pk)} | set(asked_now))


def _others(request: DeskRequest, but: str = "") -> list[tuple[str, str]]:
    """Return what can follow a service: every other one on offer, by its code."""
    language = get_language() or "en"
    return [(one.code, one.name_in(language)) for one in services(request.practice.pk) if one.code != but]


def _show(request: DeskRequest, form: forms.Service, card: ServiceCard | None) -> HttpResponse:
    language = get_language() or "en"
    context = {
        "page": "settings",
        "form": form,
        "card": card,
        "name": card.name_in(language) if card else "",
        "price": card.price_words(language[:2]) if card else "",
        "coming": count_coming(request.practice.pk, now=request.now, service_id=card.id) if card else 0,
    }
    return render(request, "desk/settings/service.html", context, status=422 if form.is_bound else 200)


@page("service_end", roles=MANAGERS, methods=["POST"])
def end(request: DeskRequest, service_id: UUID) -> HttpResponse:
    """Offer a service no more."""
    if _card(request, service_id).is_ended:
        return redirect("desk:settings_services")
    change = catalogue.end_service(service_id=service_id, **_given(request))
    return kept(request, change, gettext("Offered no more. What is booked stands."), "desk:settings_services")


@page("service_back", roles=MANAGERS, methods=["POST"])
def bring_back(request: DeskRequest, service_id: UUID) -> HttpResponse:
    """Offer an ended service again."""
    if not _card(request, service_id).is_ended:
        return redirect("desk:settings_services")
    try:
        change = catalogue.bring_back_service(service_id=service_id, **_given(request))
    except catalogue.CodeTaken:
        form = forms.Service({}, initial={})
        form.add_error(None, gettext("Another service has its name now. Rename that one first, or add this one anew."))
        return _show(request, form, _card(request, service_id))
    return kept(request, change, gettext("Offered again."), "desk:settings_services")


def _card(request: DeskRequest, service_id: UUID) -> ServiceCard:
    card = next((s for s in services(request.practice.pk, including_ended=True) if s.id == service_id), None)
    if card is None:
        raise Http404
    return card


def _initial(card: ServiceCard) -> dict[str, Any]:
    return {
        "name_nb": card.name.get("nb", ""), "name_en": card.name.get("en", ""), "minutes": card.minutes,
        "buffer_minutes": card.buffer_minutes, "price": _major(card.price), "price_to": _major(card.price_to),
        "bring_nb": card.what_to_bring.get("nb", ""), "bring_en": card.what_to_bring.get("en", ""),
        "for_new": card.for_new, "sort": card.sort, "asks_for": card.asks_for,
        "followed_by": card.followed_by, "follow_within": card.follow_within,
        **{f"more_{word}": more for word, more in card.more_minutes.items()},
    }  # fmt: skip


def _major(price: Any) -> Decimal | None:
    if price is None:
        return None
    whole, rest = divmod(price.minor_units, MINOR)
    return Decimal(f"{whole}.{rest:02d}") if rest else Decimal(whole)


def _said(asked: Mapping[str, Any], code: str, others: Mapping[str, str]) -> ServiceForm:
    """Return the service as the form says it; names in a third language stay as they are."""
    return ServiceForm(
        code=code,
        name=_both(asked["name_nb"], asked["name_en"], others),
        minutes=asked["minutes"],
        buffer_minutes=asked["buffer_minutes"],
        price_minor_units=_minor(asked["price"]),
        price_to_minor_units=_minor(asked["price_to"]),
        for_new=asked["for_new"],
        what_to_bring=_both(asked["bring_nb"], asked["bring_en"], {}),
        sort=asked["sort"],
        more_minutes=asked["more_minutes"],
        asks_for=asked["asks_for"],
        followed_by=asked["followed_by"],
        follow_within=(asked["follow_within"] or 0) if asked["followed_by"] else 0,
    )


def _both(nb: str, en: str, others: Mapping[str, str]) -> dict[str, str]:
    rest = {tongue: words for tongue, words in others.items() if tongue not in {"nb", "en"}}
    return rest | {tongue: words for tongue, words in (("en", en), ("nb", nb)) if words}


def _minor(price: Decimal | None) -> int | None:
    return None if price is None else int(price * MINOR)


def _given(request: DeskRequest) -> dict[str, Any]:
    return {"practice_id": request.practice.pk, "by": request.by, "now": request.now}
