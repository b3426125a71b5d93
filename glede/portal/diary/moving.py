"""Move a visit: three times, more times, and the old one kept until the new one is taken."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from glede.diary import errors
from glede.diary.availability import Offer
from glede.diary.operations import move_appointment
from glede.portal.diary import offering, presenters
from glede.portal.diary.forms import TimeForm
from glede.portal.gate import Guest, command_of, go, patient_page, show
from glede.ui.nonce import StaleNonce
from glede.ui.presenting import Problem

CONFLICT, UNREADABLE = 409, 422


@patient_page("visit.move", writes=True)
def move(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Offer three times and take one."""
    if not presenters.visit_page(guest.visit, guest.practice.currency, guest.now).may_move:
        return go(guest, "visit", "kept")
    if request.method == "POST":
        return _take(request, guest)
    return _offer(request, guest)


def _take(request: HttpRequest, guest: Guest) -> HttpResponse:
    form = TimeForm(request.POST)
    if not form.is_valid():
        return _offer(request, guest, problem=Problem(_("Choose one of the times"), "times"), status=UNREADABLE)
    slot = form.cleaned_data["slot"]
    try:
        move_appointment(
            practice_id=guest.practice.pk,
            appointment_id=guest.visit.appointment_id,
            to=slot,
            by=guest.by,
            now=guest.now,
            command_id=command_of(request, guest, "move"),
        )
    except StaleNonce:
        return go(guest, "move")
    except (errors.NotMovable, errors.UnknownAppointment):
        return go(guest, "visit", "kept")
    except errors.Refused as refusal:
        problem = Problem(offering.lost_words(slot.wall_time, refusal), "times")
        return _offer(request, guest, offers=offering.others(refusal), problem=problem, status=CONFLICT)
    return go(guest, "visit", "moved")


def _offer(
    request: HttpRequest,
    guest: Guest,
    *,
    offers: Sequence[Offer] = (),
    problem: Problem | None = None,
    status: int = 200,
) -> HttpResponse:
    wanted = offering.wanted_today(guest, minutes=guest.visit.minutes)
    context = {
        "page": presenters.visit_page(guest.visit, guest.practice.currency, guest.now),
        "problems": [problem] if problem else [],
        "nonce": guest.press("move"),
        **offering.times_context(request, guest, wanted, offers),
    }
    return show(request, guest, "move.html", context, status)
