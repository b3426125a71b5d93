"""Move a visit: three times, more times, and the old one kept until the new one is taken."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from glede.diary import availability, errors
from glede.diary.availability import Offer, Part
from glede.diary.operations import move_appointment
from glede.diary.queries import slots
from glede.diary.requests import TimesWanted
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
DAYS = 28
DAYS_A_PAGE = 3
HALF = 30
POOL = 2_000
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
        if isinstance(taken, errors.Away | errors.KeptForUrgent):
            words = _("That time cannot be taken any more. These are free.")
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
    shown, is_anyone = request.GET.get("show", ""), request.GET.get("with") == "anyone"
    is_by_day = shown == "more" and not offers
    found = list(offers) or (_by_day(request, guest) if is_by_day else _three(guest, shown, is_anyone=is_anyone))
    names = {chair.id: chair.display_name for chair in practitioners(guest.practice.pk)}
    context = {
        "page": presenters.visit_page(guest.visit, guest.practice.currency, guest.now),
        "times": list(_times(found, names)),
        "is_by_day": is_by_day,
        "chips": _chips(guest, shown, is_anyone=is_anyone, last=found[-1].day if is_by_day and found else None),
        "problems": [problem] if problem else [],
        "nonce": guest.press("move"),
    }
    return show(request, guest, "move.html", context, status)


def _three(guest: Guest, shown: str, *, is_anyone: bool) -> Sequence[Offer]:
    parts = (Part(shown),) if shown in set(Part) else tuple(Part)
    today = day_of(guest.now, guest.practice.zone)
    return availability.three_times(_free(guest, today, DAYS, parts=parts, is_anyone=is_anyone))


def _by_day(request: HttpRequest, guest: Guest) -> list[Offer]:
    """Return the times of the next days that have any, one for each half hour."""
    chosen: dict[tuple[date, int, bool], Offer] = {}
    days: set[date] = set()
    for offer in _free(guest, _from(request, guest), DAYS):
        days.add(offer.day)
        if len(days) > DAYS_A_PAGE:
            break
        chosen.setdefault((offer.day, offer.wall_time.hour, offer.wall_time.minute >= HALF), offer)
    return list(chosen.values())


def _free(
    guest: Guest, from_: date, days: int, *, parts: tuple[Part, ...] = tuple(Part), is_anyone: bool = False
) -> list[Offer]:
    """Return free times: with the person they were to meet, unless anyone will do or that one has left."""
    practice_id, now = guest.practice.pk, guest.now
    anybodys = TimesWanted(
        from_day=from_, days=days, service_id=guest.visit.service_id, minutes=guest.visit.minutes, limit=POOL,
        parts=frozenset(parts), notice=NOTICE,
    )  # fmt: skip
    if guest.visit.practitioner_id and not is_anyone:
        try:
            return slots(practice_id, replace(anybodys, practitioner_id=guest.visit.practitioner_id), now=now)
        except errors.UnknownPractitioner:
            pass
    return slots(practice_id, anybodys, now=now)


def _from(request: HttpRequest, guest: Guest) -> date:
    today = day_of(guest.now, guest.practice.zone)
    try:
        asked = date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        return today
    return min(max(asked, today), today + timedelta(days=PATIENT_DAYS_AHEAD))


def _times(offers: Iterable[Offer], names: Mapping[UUID, str]) -> Iterable[OfferedTime]:
    tongue = wording.tongue()
    for place, offer in enumerate(offers):
        yield OfferedTime(
            slot_value(offer),
            day_words(offer.day, tongue),
            time_words(offer.wall_time, tongue),
            names.get(offer.practitioner_id, "") if offer.practitioner_id else "",
            is_chosen=place == 0,
        )


def _chips(guest: Guest, shown: str, *, is_anyone: bool, last: date | None) -> list[Chip]:
    chips = [Chip(_("Mornings"), "show=morning"), Chip(_("After 4pm"), "show=evening")]
    if guest.visit.practitioner_id and not is_anyone:
        chips.append(Chip(_("With anyone"), "with=anyone"))
    elif guest.visit.practitioner_id:
        chips.append(Chip(_("With %(name)s") % {"name": guest.visit.practitioner_given_name}, ""))
    if last is not None:
        chips.append(Chip(_("Later days"), f"show=more&from={(last + timedelta(days=1)).isoformat()}"))
    else:
        chips.append(Chip(_("More times"), "show=more"))
    return [chip for chip in chips if chip.query != f"show={shown}"]
