"""What stands between a practice and going live, and what leaves in the next 24 hours."""

from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext

from glede.channels.mailapi.accounts import has_account
from glede.desk.diary.history import moment
from glede.desk.outbox.views import row_words
from glede.journeys.forecast import forecast
from glede.outbox.policy import is_live_allowed
from glede.outbox.words import CHANNELS
from glede.people import queries as people

DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Leaving:
    """One message of the next 24 hours: when it leaves, to whom, what, how, and its exact words."""

    at: datetime
    when: str
    patient_id: UUID
    who: str
    row: str
    what: str
    how: str
    subject_line: str
    text: str


def obstacles(practice: Any) -> list[str]:
    """Return, in sentences, what must be put right before anything may leave."""
    found = []
    if practice.is_virtual or practice.ticked_at:
        found.append(gettext("This practice has a clock that is moved by hand. It stays in rehearsal for good."))
    if not is_live_allowed(practice.country):
        found.append(gettext("We have no rules for messages in this country yet, so nothing may leave here."))
    if not settings.GLEDE_SMTP_URL and not has_account(practice.pk):
        found.append(gettext("Mail has no way out. Set up e-mail under Settings, or set GLEDE_SMTP_URL."))
    if not practice.email:
        found.append(gettext("Patients need an address to answer to. Write it in the settings."))
    if not practice.phone:
        found.append(gettext("Every message carries your phone number. Write it in the settings."))
    return found


def next_day(practice: Any, now: datetime) -> list[Leaving]:
    """Return by name what leaves in the next 24 hours if nothing changes; in rehearsal, if the switch came now."""
    asked = practice
    if not practice.is_live:
        asked = copy(practice)
        asked.mode, asked.live_since = "live", now
    found = forecast(asked, since=now, until=now + DAY, now=now)
    leaving = [touch for touch in found.touches if touch.act == "message" and not touch.assumes]
    names = people.names(practice.pk, {touch.person_id for touch in leaving})
    called = row_words(practice.pk)
    return [
        Leaving(
            touch.at,
            moment(touch.at, practice.zone),
            touch.person_id,
            names[touch.person_id].name if touch.person_id in names else "",
            touch.row,
            called.get(touch.row, touch.row),
            str(CHANNELS.get(touch.channel, touch.channel)),
            touch.subject_line,
            touch.text,
        )
        for touch in leaving
    ]
