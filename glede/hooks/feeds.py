"""Where a colleague's own calendar fetches their day: a secret in the address, times in the answer, no name.

A wrong secret, a closed one and that of somebody who left are one and the same answer.
"""

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from glede.diary.calendar_file import FEED_TYPE, CalendarEntry, calendar_feed
from glede.diary.queries import own_visits
from glede.kernel.clock import day_of
from glede.kernel.ids import link_hash
from glede.practices.queries import practice_now
from glede.staff.queries import membership_behind

UNKNOWN = 404
DAYS = 15
"""Today and two weeks: what one plans an evening or a week by. Our own choice."""


@require_safe
@never_cache
def own_day(request: HttpRequest, secret: str) -> HttpResponse:
    """Answer with when a colleague sees patients, from today on for two weeks."""
    membership = membership_behind(link_hash(secret))
    if membership is None:
        return HttpResponse("", status=UNKNOWN, content_type="text/plain")
    practice = membership.practice
    now = practice_now(practice)
    found = own_visits(practice.pk, membership.pk, from_=day_of(now, practice.zone), days=DAYS)
    with translation.override(membership.user.language):
        word = pgettext("a colleague’s calendar", "Visit")
    entries = [
        CalendarEntry(one.appointment_id, one.sequence, one.starts_at, one.ends_at, now, word,
                      is_cancelled=one.is_cancelled)
        for one in found
    ]  # fmt: skip
    response = HttpResponse(calendar_feed(practice.name, entries), content_type=FEED_TYPE)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
