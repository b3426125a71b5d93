"""The times somebody known is offered by their link: with whom they know first, then others."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from glede.diary import availability, errors
from glede.diary.availability import Offer, Part
from glede.diary.queries import slots
from glede.diary.requests import TimesWanted
from glede.kernel.clock import day_of
from glede.kernel.words import time_words
from glede.portal import wording
from glede.portal.diary import choosing
from glede.portal.diary.choosing import DAYS, NOTICE, POOL, Chip
from glede.portal.gate import Guest
from glede.staff.queries import practitioners


def times_context(
    request: HttpRequest, guest: Guest, wanted: TimesWanted, offers: Sequence[Offer] = ()
) -> dict[str, Any]:
    """Return what a page of times shows: three, or those of some days, as the address asks; ``offers`` go before.

    ``wanted`` says which service and how long; the days and the person come from the address and the visit.
    """
    shown, is_anyone = request.GET.get("show", ""), request.GET.get("with") == "anyone"
    is_by_day = shown == "more" and not offers
    asked = replace(wanted, days=DAYS, limit=POOL, notice=NOTICE)
    if is_by_day:
        first = choosing.first_day(request, guest.now, guest.practice.zone)
        found = choosing.by_half_hours(_free(guest, replace(asked, from_day=first), is_anyone=is_anyone))
    else:
        parts = frozenset({Part(shown)} if shown in set(Part) else Part)
        found = list(offers) or list(
            availability.three_times(_free(guest, replace(asked, parts=parts), is_anyone=is_anyone))
        )
    names = {chair.id: chair.display_name for chair in practitioners(guest.practice.pk)}
    return {
        "times": list(choosing.times(found, names)),
        "is_by_day": is_by_day,
        "chips": _chips(guest, shown, is_anyone=is_anyone, last=found[-1].day if is_by_day and found else None),
    }


def wanted_today(guest: Guest, **fields: Any) -> TimesWanted:
    """Return the wish for times from today on, for the visit's service."""
    today = day_of(guest.now, guest.practice.zone)
    return TimesWanted(from_day=today, days=DAYS, service_id=guest.visit.service_id, **fields)


def others(refusal: errors.Refused) -> Sequence[Offer]:
    """Return the free times a refusal names instead, where it names any."""
    return refusal.alternatives if isinstance(refusal, errors.NotFree) else ()


def lost_words(hour: time, refusal: errors.Refused) -> str:
    """Return why a chosen time cannot be had: somebody took it, or it is offered no more."""
    is_taken = isinstance(refusal, errors.NotFree)
    if not is_taken or isinstance(refusal, errors.Away | errors.KeptForUrgent):
        return _("That time cannot be taken any more. These are free.")
    said = {"hour": time_words(hour, wording.tongue())}
    return _("Someone took %(hour)s a moment ago. These are free.") % said


def _free(guest: Guest, wanted: TimesWanted, *, is_anyone: bool) -> list[Offer]:
    """Return free times: with the person they know, unless anyone will do or that one has left."""
    if guest.visit.practitioner_id and not is_anyone:
        theirs = replace(wanted, practitioner_id=guest.visit.practitioner_id)
        try:
            return slots(guest.practice.pk, theirs, now=guest.now)
        except errors.UnknownPractitioner:
            pass
    return slots(guest.practice.pk, wanted, now=guest.now)


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
