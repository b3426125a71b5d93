"""The visit in the patient's own calendar: a file, or an address it follows. Neutral words: calendars are shared."""

from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from glede.diary.calendar_file import CONTENT_TYPE, FEED_TYPE, CalendarEntry, calendar_feed, calendar_file
from glede.diary.errors import UnknownAppointment
from glede.diary.following import follow_token, is_followed, read_follow_token
from glede.diary.queries import appointment_for
from glede.diary.rules import LinkState
from glede.kernel import clock
from glede.ledger.operations import log_accesses
from glede.portal.gate import Guest, find_guest, link_ended, patient_page, private
from glede.portal.throttle import Caller
from glede.practices.queries import NoSuchPractice, practice_by_id, public_base
from glede.ui import errors, look

NOTED_FOR: Final = timedelta(days=1)
"""A calendar asks many times a day; one line a day says so in the log of who looked."""


@patient_page("visit.calendar")
def calendar(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Give the visit as a calendar file."""
    base = public_base(guest.practice)
    entry = _entry(guest, url=f"{base}{guest.url('visit')}" if base else "")
    response = HttpResponse(calendar_file(entry), content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = 'attachment; filename="visit.ics"'
    response.headers["Content-Language"] = get_language() or ""
    return response


def _entry(guest: Guest, *, url: str = "") -> CalendarEntry:
    facts = guest.visit
    return CalendarEntry(
        appointment_id=facts.appointment_id,
        sequence=facts.version,
        starts_at=facts.starts_at,
        ends_at=facts.whole_ends_at,
        stamped_at=guest.now,
        summary=guest.practice.name,
        place=guest.practice.address,
        url=url,
        description="" if url else _("See, move or cancel: use the link in your message."),
        is_cancelled=facts.link_state(guest.now) == LinkState.CANCELLED,
        whole_day=facts.day if facts.is_day_visit else None,
    )


def follow_address(request: HttpRequest, guest: Guest) -> str:
    """Return the address a calendar follows the visit by, as calendars open it."""
    token = follow_token(guest.practice.pk, guest.visit.appointment_id, guest.visit.link_code)
    base = public_base(guest.practice) or request.build_absolute_uri("/").rstrip("/")
    return urlsplit(base + reverse("portal:followed", args=[token]))._replace(scheme="webcal").geturl()


@require_safe
@never_cache
def followed(request: HttpRequest, token: str) -> HttpResponse:
    """Give the visit to a calendar that asks again and again. The visit's link stands nowhere in it."""
    caller = Caller.of(request)
    if not caller.may("read"):
        return errors.too_many(request)
    guest, is_ours = _guest(token)
    if guest is None:
        # A calendar goes on asking long after the link has ended: that is no guess.
        if not is_ours:
            caller.was_wrong()
        return private(link_ended(request, None))
    log_accesses(
        guest.practice.pk, by=guest.by, patient_ids=[guest.reach.patient_id], page="visit.followed", now=guest.now,
        noted_since=clock.now() - NOTED_FOR,
    )  # fmt: skip
    with look.speak(request, guest.reach.language):
        text = calendar_feed(guest.practice.name, [_entry(guest)])
    return private(HttpResponse(text, content_type=FEED_TYPE))


def _guest(token: str) -> tuple[Guest | None, bool]:
    """Return whose visit a token follows while its link stands, and whether it is of a visit of ours."""
    asked = read_follow_token(token)
    if asked is None:
        return None, False
    try:
        facts = appointment_for(practice_by_id(asked[0]).pk, asked[1])
    except (NoSuchPractice, UnknownAppointment):
        return None, False
    if not is_followed(token, *asked, facts.link_code):
        return None, True
    return find_guest(facts.link_code)[0], True
