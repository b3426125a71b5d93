"""Prices, what to bring, and where we are."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from glede.catalogue.queries import services
from glede.kernel.words import time_words, weekday_word
from glede.portal import wording
from glede.portal.diary.presenters import visit_page
from glede.portal.gate import Guest, patient_page, show
from glede.practices.queries import opening_hours

WEEK = range(7)
A_MONDAY_ORDINAL = 1  # date.fromordinal(1) is a Monday


@dataclass(frozen=True, slots=True)
class Offered:
    """One line of the price list."""

    name: str
    minutes: int
    price: str


@patient_page("visit.prices")
def prices(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Show every price, before anybody has to ask."""
    tongue = wording.tongue()
    offered = [
        Offered(s.name_in(tongue), s.minutes, wording.kept(s.price_words(tongue))) for s in services(guest.practice.pk)
    ]
    return show(request, guest, "prices.html", {"services": offered})


@patient_page("visit.bring")
def bring(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Show what to bring."""
    page = visit_page(guest.visit, guest.practice.currency, guest.now)
    return show(
        request, guest, "bring.html", {"page": page, "bring": wording.in_language(dict(guest.visit.what_to_bring))}
    )


@patient_page("visit.place")
def place(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Show where we are and when we are open."""
    context = {"days": _days(guest), "map": quote(f"{guest.practice.name}, {guest.practice.address}")}
    return show(request, guest, "place.html", context)


def _days(guest: Guest) -> list[tuple[str, str]]:
    tongue, found = wording.tongue(), []
    hours = opening_hours(guest.practice)
    for weekday in WEEK:
        spans = [span for span in hours.spans if span.weekday == weekday]
        words = ", ".join(wording.span_words(time_words(s.opens, tongue), time_words(s.closes, tongue)) for s in spans)
        found.append((weekday_word(date.fromordinal(A_MONDAY_ORDINAL + weekday), tongue), words))
    return found
