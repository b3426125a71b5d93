"""What stands between a practice and going live, and what leaves in the next 24 hours."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext

from glede.desk.access import DeskRequest
from glede.desk.diary.history import moment
from glede.desk.outbox.views import row_words
from glede.outbox import queries as outbox
from glede.outbox.policy import is_live_allowed
from glede.outbox.words import CHANNELS
from glede.people import queries as people

DAY = timedelta(hours=24)


def obstacles(practice: Any) -> list[str]:
    """Return, in sentences, what must be put right before anything may leave."""
    found = []
    if practice.is_virtual or practice.ticked_at:
        found.append(gettext("This practice has a clock that is moved by hand. It stays in rehearsal for good."))
    if not is_live_allowed(practice.country):
        found.append(gettext("We have no rules for messages in this country yet, so nothing may leave here."))
    if not settings.GLEDE_SMTP_URL:
        found.append(gettext("No mail server is named. Set GLEDE_SMTP_URL and start Glede again."))
    if not practice.email:
        found.append(gettext("Patients need an address to answer to. Write it in the settings."))
    if not practice.phone:
        found.append(gettext("Every message carries your phone number. Write it in the settings."))
    return found


def next_day(request: DeskRequest) -> list[tuple[str, str, str, str, Any]]:
    """Return by name what leaves in the next 24 hours: when, who, what, how."""
    found = outbox.board(request.practice.pk, since=request.now, until=request.now + DAY, now=request.now)
    lines = [line for line in found.lines if line.fate in {"will_go", "held"}]
    names = people.names(request.practice.pk, {line.patient_id for line in lines})
    called = row_words(request.practice.pk)
    request.look_at(*names)
    return [
        (
            moment(line.at, request.practice.zone),
            names[line.patient_id].name if line.patient_id in names else "",
            called.get(line.row, line.row),
            str(CHANNELS.get(line.channel, line.channel)),
            line.message_id,
        )
        for line in lines
    ]
