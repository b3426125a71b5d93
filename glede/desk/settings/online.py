"""Booking online: whether strangers may, what they are offered, and the address for the website and the door."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from glede.catalogue.queries import Online, online_of, services
from glede.desk.access import MANAGERS, DeskRequest, page
from glede.desk.settings.hours import kept
from glede.diary.queries.sources import came_by
from glede.diary.rules import Source
from glede.practices import operations as practices
from glede.practices.operations import SERVICES_AT_MOST, OfferedOnline, OnlineBooking
from glede.practices.queries import public_base

COUNTED = timedelta(days=30)
NOTICES = ((60, _("1 hour")), (120, _("2 hours")), (240, _("4 hours")), (1440, _("1 day")), (2880, _("2 days")))
AHEAD = ((14, _("2 weeks")), (30, _("30 days")), (60, _("60 days")), (90, _("90 days")), (180, _("half a year")))


class BookingOnline(forms.Form):
    """How strangers book: six places for services in order, each with the words they choose by."""

    is_open = forms.BooleanField(label=_("Strangers may book on our page"), required=False)
    name = forms.CharField(
        label=_("The address ends in"), max_length=50, required=False,
        help_text=_("Small letters and hyphens. Addresses you used before keep leading to you."),
    )  # fmt: skip
    notice = forms.TypedChoiceField(label=_("Nothing sooner than in"), choices=NOTICES, coerce=int)
    ahead = forms.TypedChoiceField(label=_("Nothing later than in"), choices=AHEAD, coerce=int)

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(1, SERVICES_AT_MOST + 1):
            place = {"n": n}
            self.fields[f"service_{n}"] = forms.ChoiceField(
                label=gettext("Place %(n)d") % place, choices=[("", gettext("nothing")), *offered], required=False
            )
            self.fields[f"reason_nb_{n}"] = forms.CharField(
                label=gettext("Place %(n)d, in Norwegian") % place, max_length=60, required=False
            )
            self.fields[f"reason_en_{n}"] = forms.CharField(
                label=gettext("Place %(n)d, in English") % place, max_length=60, required=False
            )

    @property
    def own(self) -> list[forms.BoundField]:
        """The fields that are not a place."""
        return [self[name] for name in ("is_open", "name", "notice", "ahead")]

    @property
    def places(self) -> list[list[forms.BoundField]]:
        """The fields of each place."""
        return [
            [self[f"{name}_{n}"] for name in ("service", "reason_nb", "reason_en")]
            for n in range(1, SERVICES_AT_MOST + 1)
        ]

    def clean_name(self) -> str:
        """Return the end of the address as it can stand in one."""
        return practices.kebab(self.cleaned_data["name"])

    def chosen(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield (service, its words by language) of the places that are taken."""
        for n in range(1, SERVICES_AT_MOST + 1):
            service = self.cleaned_data[f"service_{n}"]
            if service:
                yield service, {tongue: self.cleaned_data[f"reason_{tongue}_{n}"].strip() for tongue in ("nb", "en")}


@page("settings_online", roles=MANAGERS, methods=["GET", "POST"])
def online(request: DeskRequest) -> HttpResponse:
    """Show and keep how strangers book."""
    language, cards = get_language() or "en", {str(card.id): card for card in services(request.practice.pk)}
    offered = [(key, card.name_in(language)) for key, card in cards.items()]
    standing = online_of(request.practice)
    form = BookingOnline(request.POST or None, offered=offered, initial=_initial(standing))
    if request.method == "POST" and form.is_valid():
        asked = OnlineBooking(
            is_open=form.cleaned_data["is_open"],
            services=[
                OfferedOnline(UUID(key), {t: words[t] or cards[key].name_in(t) for t in words})
                for key, words in form.chosen()
            ],
            name=form.cleaned_data["name"],
            notice_minutes=form.cleaned_data["notice"],
            days_ahead=form.cleaned_data["ahead"],
        )
        try:
            change = practices.change_online_booking(
                practice_id=request.practice.pk, online=asked, by=request.by, now=request.now
            )
        except practices.AddressTaken:
            form.add_error("name", gettext("Another practice has this address. Choose another."))
        except practices.CannotBookOnline:
            form.add_error("service_1", gettext("Choose at least one service, and each only once"))
        else:
            return kept(request, change, gettext("Kept."), "desk:settings_online")
    return _show(request, form, standing)


def _show(request: DeskRequest, form: BookingOnline, standing: Online) -> HttpResponse:
    came = came_by(request.practice.pk, since=request.now - COUNTED)
    context = {
        "page": "settings",
        "form": form,
        "is_open": standing.is_open,
        "address": _address(request),
        "total": sum(came.values()),
        "strangers": came.get(Source.ONLINE, 0),
        "by_link": came.get(Source.LINK, 0),
    }
    return render(request, "desk/settings/online.html", context, status=422 if form.is_bound else 200)


@page("settings_online_sign", roles=MANAGERS)
def sign(request: DeskRequest) -> HttpResponse:
    """Show a sign to print: the address in big letters."""
    address = _address(request)
    # A line may end after a dot, a stroke or a slash, and nowhere within a word.
    parts = re.findall(r"[^./-]*[./-]*", address)
    return render(request, "desk/settings/online_sign.html", {"page": "settings", "address": address, "parts": parts})


def _address(request: DeskRequest) -> str:
    name = request.practice.booking_name
    base = public_base(request.practice) or request.build_absolute_uri("/").rstrip("/")
    return f"{base}/book/{name}/" if name else ""


def _initial(standing: Online) -> dict[str, Any]:
    practice = standing.practice
    said: dict[str, Any] = {
        "is_open": practice.books_online, "name": practice.booking_name, "notice": practice.online_notice_minutes,
        "ahead": practice.online_days_ahead,
    }  # fmt: skip
    for n, reason in enumerate(standing.reasons, 1):
        said |= {f"service_{n}": str(reason.card.id)}
        said |= {f"reason_{tongue}_{n}": words for tongue, words in reason.words.items()}
    return said
