"""Book another visit by a link: the same service, with whom they know, and nothing to write."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from glede.diary import errors
from glede.diary.availability import Offer
from glede.diary.operations import book_appointment
from glede.diary.queries import appointment_for
from glede.diary.requests import Booking
from glede.diary.rules import Source
from glede.portal.diary import offering, presenters
from glede.portal.diary.forms import TimeForm
from glede.portal.gate import SEE_OTHER, Guest, command_of, go, patient_page, show
from glede.ui.nonce import StaleNonce
from glede.ui.presenting import Problem

CONFLICT, UNREADABLE = 409, 422


@patient_page("visit.again", writes=True)
def again(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Offer times for another visit and book one."""
    if not presenters.may_book_again(guest.visit, guest.now):
        return go(guest, "visit", "kept")
    if request.method == "POST":
        return _take(request, guest)
    return _offer(request, guest)


def _take(request: HttpRequest, guest: Guest) -> HttpResponse:
    form = TimeForm(request.POST)
    if not form.is_valid():
        return _offer(request, guest, problem=_("Choose one of the times"), status=UNREADABLE)
    slot = form.cleaned_data["slot"]
    asked = Booking(
        patient_id=guest.visit.patient_id, day=slot.day, wall_time=slot.wall_time, service_id=guest.visit.service_id,
        practitioner_id=slot.practitioner_id, source=Source.LINK,
    )  # fmt: skip
    try:
        booked = book_appointment(
            practice_id=guest.practice.pk,
            request=asked,
            by=guest.by,
            now=guest.now,
            command_id=command_of(request, guest, "again"),
        )
    except StaleNonce:
        return go(guest, "again")
    except errors.Refused as refusal:
        offers, words = offering.others(refusal), offering.lost_words(slot.wall_time, refusal)
        return _offer(request, guest, offers=offers, problem=words, status=CONFLICT)
    code = appointment_for(guest.practice.pk, booked.pk).link_code
    response = HttpResponseRedirect(f"{reverse('portal:visit', args=[code])}?done=booked")
    response.status_code = SEE_OTHER
    return response


def _offer(
    request: HttpRequest, guest: Guest, *, offers: Sequence[Offer] = (), problem: str = "", status: int = 200
) -> HttpResponse:
    wanted = offering.wanted_today(guest, patient_id=guest.visit.patient_id)
    try:
        times = offering.times_context(request, guest, wanted, offers)
    except errors.Refused:
        # The service is offered no more: nothing is free, and the page says how to write to the practice.
        times = {"times": [], "chips": []}
    context = {
        "page": presenters.visit_page(guest.visit, guest.practice.currency, guest.now),
        "problems": [Problem(problem, "times")] if problem else [],
        "nonce": guest.press("again"),
        **times,
    }
    return show(request, guest, "again.html", context, status)
