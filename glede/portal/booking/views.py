"""Book without being known: a reason, a time that is then held, a name and a number, a look over it all."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from glede.catalogue.queries import Reason
from glede.catalogue.rules import MoreTime, ServiceCard
from glede.diary import availability, errors
from glede.diary.availability import Offer, Part
from glede.diary.operations import book_held, hold_time
from glede.diary.operations.holding import STRANGERS, secret_of
from glede.diary.queries import appointment_for, slots
from glede.diary.queries.holds import Held, held_time
from glede.diary.queries.visits import cancellation_note
from glede.diary.requests import Slot, TimesWanted, TimeToHold
from glede.kernel.actor import STRANGER
from glede.kernel.clock import at_wall, day_of
from glede.kernel.words import day_words, time_words
from glede.portal import wording
from glede.portal.booking.forms import WhoForm
from glede.portal.booking.gate import Stranger, booking_page
from glede.portal.diary import choosing
from glede.portal.diary.choosing import DAYS, POOL, Chip
from glede.portal.diary.forms import TimeForm
from glede.portal.gate import SEE_OTHER
from glede.portal.throttle import Caller
from glede.staff.queries import practitioners
from glede.ui.nonce import StaleNonce
from glede.ui.presenting import Problem

CONFLICT, UNREADABLE, TOO_MANY = 409, 422, 429


@booking_page(writes=True)
def reasons(stranger: Stranger) -> HttpResponse:
    """Ask what for; a POST shows the same with what was written before."""
    lines = [(stranger.url("times", one.card.code), *_told(one)) for one in stranger.online.reasons]
    return stranger.show("reasons.html", {"lines": lines, "again": True})


def _told(reason: Reason) -> tuple[str, int, str]:
    """Return the words of a reason, how long it takes somebody new, and what it costs."""
    tongue = wording.tongue()
    return reason.words_in(tongue), _minutes(reason.card), wording.kept(reason.card.price_words(tongue))


def _minutes(card: ServiceCard) -> int:
    return card.minutes + card.more_minutes.get(MoreTime.FIRST, 0)


@booking_page(writes=True)
def times(stranger: Stranger, service: str) -> HttpResponse:
    """Offer three times; a pressed one is held."""
    reason = stranger.reason(service)
    if stranger.request.method != "POST" or "again" in stranger.request.POST:
        return _offer(stranger, reason)
    form = TimeForm(stranger.request.POST)
    if not form.is_valid():
        return _offer(stranger, reason, problem=_("Choose one of the times"), status=UNREADABLE)
    try:
        command = stranger.command("hold")
    except StaleNonce:
        return _offer(stranger, reason)
    return _hold(stranger, reason, form.cleaned_data["slot"], command)


def _hold(stranger: Stranger, reason: Reason, slot: Slot, command: UUID) -> HttpResponse:
    at = slot.wall_time or time()
    if not Caller.of(stranger.request).may("hold"):
        return _offer(stranger, reason, problem=_too_many(), status=TOO_MANY)
    if not _is_offered(stranger, slot.day, at):
        return _lost(stranger, reason, errors.OutsideHours(), at)
    wanted = TimeToHold(
        day=slot.day, wall_time=at, service_id=reason.card.id, practitioner_id=slot.practitioner_id,
        instead_of=stranger.kept.get("held", ""),
    )  # fmt: skip
    try:
        hold = hold_time(
            practice_id=stranger.practice.pk, request=wanted, by=STRANGER, now=stranger.now, command_id=command
        )
    except errors.TooManyHeld:
        return _offer(stranger, reason, problem=_too_many(), status=TOO_MANY)
    except errors.Refused as refusal:
        return _lost(stranger, reason, refusal, at)
    return _check(stranger, secret_of(hold)) if "name" in stranger.kept else _go(_on(stranger, secret_of(hold)))


def _on(stranger: Stranger, secret: str) -> str:
    """Return where somebody says who they are; a campaign that brought them goes along."""
    came = stranger.kept.get("came", "")
    return stranger.url("who", secret) + (f"?{urlencode({'came': came})}" if came else "")


def _last_day(stranger: Stranger) -> date:
    return day_of(stranger.now, stranger.practice.zone) + timedelta(days=stranger.online.days_ahead)


def _is_offered(stranger: Stranger, day: date, at: time) -> bool:
    """Return whether the practice's own limits allow strangers that time: not too soon, not too far ahead."""
    soonest = stranger.now + stranger.online.notice
    return day <= _last_day(stranger) and at_wall(day, at, stranger.practice.zone) >= soonest


def _too_many() -> str:
    return _("Many people are booking right now. Try again in a few minutes, or ring us.")


def _lost(stranger: Stranger, reason: Reason, refusal: errors.Refused, at: time) -> HttpResponse:
    hour = time_words(at, wording.tongue())
    words = _("That time cannot be taken any more. These are free. Everything you wrote is kept.")
    if isinstance(refusal, errors.TimeTaken):
        said = _("Someone took %(hour)s a moment ago. These are free. Everything you wrote is kept.")
        words = said % {"hour": hour}
    return _offer(
        stranger, reason, offers=getattr(refusal, "alternatives", ()), problem=words, status=CONFLICT
    )  # fmt: skip


def _offer(
    stranger: Stranger, reason: Reason, *, offers: Sequence[Offer] = (), problem: str = "", status: int = 200
) -> HttpResponse:
    asked = stranger.request.GET
    shown, who = asked.get("show", ""), _practitioner(stranger, asked.get("with", ""))
    is_by_day = not offers and (shown == "more" or "again" in stranger.request.POST)
    found = list(offers) or _found(stranger, reason, shown, who, is_by_day=is_by_day)
    names = {chair.id: chair.display_name for chair in practitioners(stranger.practice.pk)}
    last = found[-1].day if is_by_day and found else None
    context = {
        "about": _told(reason),
        "times": list(choosing.times(found, names)),
        "is_by_day": is_by_day,
        # A chip is a link, and a link would lose what was written.
        "chips": [] if stranger.kept.get("name") else _chips(stranger, found, shown, who, last),
        "problems": [Problem(problem, "times")] if problem else [],
        "nonce": stranger.press("hold"),
        "times_url": stranger.url("times", reason.card.code),
        "wish_url": stranger.url("wish", reason.card.code),
        "again": True,
    }
    return stranger.show("times.html", context, status)


def _found(stranger: Stranger, reason: Reason, shown: str, who: UUID | None, *, is_by_day: bool) -> list[Offer]:
    today = choosing.first_day(stranger.request, stranger.now, stranger.practice.zone)
    if not is_by_day:
        today = day_of(stranger.now, stranger.practice.zone)
    last = _last_day(stranger)
    today = min(today, last)
    parts = frozenset({Part(shown)} if shown in set(Part) else Part)
    wanted = TimesWanted(
        from_day=today, days=min(DAYS, (last - today).days + 1), service_id=reason.card.id, practitioner_id=who,
        more_time=STRANGERS, limit=POOL,
        parts=parts, notice=stranger.online.notice,
    )  # fmt: skip
    free = slots(stranger.practice.pk, wanted, now=stranger.now)
    return choosing.by_half_hours(free) if is_by_day else list(availability.three_times(free))


def _practitioner(stranger: Stranger, asked: str) -> UUID | None:
    return next((one.id for one in practitioners(stranger.practice.pk) if str(one.id) == asked), None)


def _chips(stranger: Stranger, found: Sequence[Offer], shown: str, who: UUID | None, last: date | None) -> list[Chip]:
    held = f"&{stranger.carried}" if stranger.carried else ""
    chips = [Chip(_("Mornings"), "show=morning"), Chip(_("After 4pm"), "show=evening")]
    first = next((offer.practitioner_id for offer in found if offer.practitioner_id), None)
    people = {one.id: one.given_name or one.display_name for one in practitioners(stranger.practice.pk)}
    if who is not None:
        chips.append(Chip(_("With anyone"), "show="))
    elif first in people and len(people) > 1:
        chips.append(Chip(_("With %(name)s") % {"name": people[first]}, f"with={first}"))
    if last is not None:
        chips.append(Chip(_("Later days"), f"show=more&from={(last + timedelta(days=1)).isoformat()}"))
    else:
        chips.append(Chip(_("More times"), "show=more"))
    return [Chip(chip.label, chip.query + held) for chip in chips if chip.query != f"show={shown}" or not shown]


@booking_page(writes=True)
def who(stranger: Stranger, secret: str) -> HttpResponse:
    """Ask for a name and a number; with both, show everything once more."""
    held = _held(stranger, secret)
    if held.appointment_id is not None:
        return _to_visit(stranger, held.appointment_id)
    if stranger.request.method != "POST" or "again" in stranger.request.POST:
        return _ask(stranger, secret, WhoForm(country=stranger.practice.country, initial=stranger.kept))
    return _check(stranger, secret)


def _ask(stranger: Stranger, secret: str, form: WhoForm) -> HttpResponse:
    held = _held(stranger, secret)
    reason = stranger.reason(service_id=held.service_id)
    context = {
        "form": form,
        "when": _when(held),
        "times_url": stranger.url("times", reason.card.code),
        "secret": secret,
        "left": held.minutes_left(stranger.now),
        "again": not form.is_bound,
    }
    return stranger.show("who.html", context, UNREADABLE if form.is_bound else 200)


def _check(stranger: Stranger, secret: str) -> HttpResponse:
    form = _form(stranger)
    if not form.is_valid():
        return _ask(stranger, secret, form)
    held = _held(stranger, secret)
    reason = stranger.reason(service_id=held.service_id)
    note = cancellation_note(stranger.practice.pk, held, language=wording.tongue(), now=stranger.now)
    context = {
        "held": held,
        "secret": secret,
        "day": day_words(held.day, wording.tongue()),
        "when": _when(held),
        "what": reason.words_in(wording.tongue()),
        "minutes": held.minutes,
        "price": wording.kept(reason.card.price_words(wording.tongue())),
        "left": held.minutes_left(stranger.now),
        "note": note,
        "until": wording.moment_words(note.until, held.zone, stranger.now) if note.until else "",
        "nonce": stranger.press(f"book.{secret}"),
        "who_url": stranger.url("who", secret),
        "times_url": stranger.url("times", reason.card.code),
        "book_url": stranger.url("book", secret),
        "kept": {**stranger.kept, **form.cleaned_data, "held": secret},
    }
    return stranger.show("check.html", context)


@booking_page(writes=True, reads=False)
def book(stranger: Stranger, secret: str) -> HttpResponse:
    """Book the time that is held."""
    held, form = _held(stranger, secret), _form(stranger)
    if held.appointment_id is not None:
        return _to_visit(stranger, held.appointment_id)
    try:
        command = stranger.command(f"book.{secret}")
    except StaleNonce:
        return _check(stranger, secret)
    if not form.is_valid():
        return _ask(stranger, secret, form)
    try:
        visit = book_held(
            practice_id=stranger.practice.pk, secret=secret, person=form.person(stranger.kept.get("came", "")),
            by=STRANGER, now=stranger.now, command_id=command,
        )  # fmt: skip
    except errors.Refused as refusal:
        return _lost(stranger, stranger.reason(service_id=held.service_id), refusal, held.wall_time)
    return _to_visit(stranger, visit.pk)


def _form(stranger: Stranger) -> WhoForm:
    return WhoForm(stranger.request.POST, country=stranger.practice.country, language=wording.tongue())


def _held(stranger: Stranger, secret: str) -> Held:
    try:
        return held_time(stranger.practice.pk, secret)
    except errors.UnknownHold as error:
        Caller.of(stranger.request).was_wrong()
        raise Http404 from error


def _when(held: Held) -> str:
    tongue = wording.tongue()
    return wording.join_when(day_words(held.day, tongue), time_words(held.wall_time, tongue))


def _to_visit(stranger: Stranger, appointment_id: UUID) -> HttpResponse:
    code = appointment_for(stranger.practice.pk, appointment_id).link_code
    return _go(f"{reverse('portal:visit', args=[code])}?done=booked")


def _go(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.status_code = SEE_OTHER
    return response
