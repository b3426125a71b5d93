"""Move a visit: three times, more times, and the old one kept until the new one is taken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from glede.diary import errors
from glede.diary.availability import Choice, Offer, Part
from glede.diary.operations import move_appointment
from glede.diary.queries import free_times, three_times
from glede.diary.rules import PATIENT_DAYS_AHEAD
from glede.kernel.clock import day_of
from glede.kernel.words import day_words, time_words
from glede.portal import wording
from glede.portal.diary import presenters
from glede.portal.diary.forms import TimeForm, slot_value
from glede.portal.gate import Guest, command_of, go, patient_page, show
from glede.staff.queries import practitioners
from glede.ui.nonce import StaleNonce
from glede.ui.presenting import Problem

NOTICE = timedelta(hours=1)
MORE_DAYS = 7
MORE_TIMES = 40
CONFLICT, UNREADABLE = 409, 422


@dataclass(frozen=True, slots=True)
class OfferedTime:
    """A free time as a card shows it."""

    value: str
    day: str
    hour: str
    who: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """Another set of times, one press away."""

    label: str
    query: str


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
    except (errors.TimeTaken, errors.OutsideHours) as taken:
        hour = time_words(slot.wall_time, wording.tongue())
        words = _("Someone took %(hour)s a moment ago. These are free.") % {"hour": hour}
        return _offer(request, guest, offers=taken.alternatives, problem=Problem(words, "times"), status=CONFLICT)
    except (errors.NotMovable, errors.UnknownAppointment):
        return go(guest, "visit", "kept")
    except errors.Refused:
        words = _("That time cannot be taken any more. These are free.")
        return _offer(request, guest, problem=Problem(words, "times"), status=CONFLICT)
    return go(guest, "visit", "moved")


def _offer(
    request: HttpRequest,
    guest: Guest,
    *,
    offers: Sequence[Offer] = (),
    problem: Problem | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = request.GET.get("show", "")
    choice = three_times(guest.practice.pk, guest.visit.service_id, now=guest.now + NOTICE)
    found = list(offers) or (_more(request, guest) if shown == "more" else _chosen(choice, guest, shown))
    names = {chair.id: chair.display_name for chair in practitioners(guest.practice.pk)}
    context = {
        "page": presenters.visit_page(guest.visit, guest.practice.currency, guest.now),
        "times": list(_times(found, names)),
        "chips": [] if offers else _chips(choice, guest, shown),
        "problems": [problem] if problem else [],
        "later": (_from(request, guest) + timedelta(days=MORE_DAYS)).isoformat() if shown == "more" else "",
        "nonce": guest.press("move"),
    }
    return show(request, guest, "move.html", context, status)


def _chosen(choice: Choice, guest: Guest, shown: str) -> Sequence[Offer]:
    if shown in set(Part):
        return choice.by_part[Part(shown)]
    if shown == "with" and guest.visit.practitioner_id:
        return choice.by_practitioner.get(guest.visit.practitioner_id, ())
    return choice.soonest


def _more(request: HttpRequest, guest: Guest) -> list[Offer]:
    return free_times(
        guest.practice.pk,
        guest.visit.service_id,
        from_=_from(request, guest),
        days=MORE_DAYS,
        now=guest.now + NOTICE,
        limit=MORE_TIMES,
    )


def _from(request: HttpRequest, guest: Guest) -> date:
    today = day_of(guest.now, guest.practice.zone)
    try:
        asked = date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        return today
    return min(max(asked, today), today + timedelta(days=PATIENT_DAYS_AHEAD))


def _times(offers: Iterable[Offer], names: dict[object, str]) -> Iterable[OfferedTime]:
    tongue = wording.tongue()
    for place, offer in enumerate(offers):
        yield OfferedTime(
            slot_value(offer),
            day_words(offer.day, tongue),
            time_words(offer.wall_time, tongue),
            names.get(offer.practitioner_id, ""),
            is_chosen=place == 0,
        )


def _chips(choice: Choice, guest: Guest, shown: str) -> list[Chip]:
    visit = guest.visit
    chips = [Chip(_("Mornings"), "morning")] if choice.by_part.get(Part.MORNING) else []
    if visit.practitioner_id and choice.by_practitioner.get(visit.practitioner_id):
        chips.append(Chip(_("With %(name)s") % {"name": visit.practitioner_given_name}, "with"))
    if choice.by_part.get(Part.EVENING):
        chips.append(Chip(_("After 4pm"), "evening"))
    chips.append(Chip(_("More times"), "more"))
    return [chip for chip in chips if chip.query != shown]
