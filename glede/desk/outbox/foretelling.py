"""What the rules say of a message before its hour, in words."""

from datetime import datetime

from django.utils.translation import gettext

from glede.desk.diary.history import moment
from glede.kernel.clock import day_of, wall
from glede.kernel.words import time_words
from glede.outbox.foresight import Foresight
from glede.outbox.words import reason_words


def foretold(told: Foresight, due_at: datetime, zone: str) -> str:
    """Return in a few words what will become of a message that does not simply go; "" where it does."""
    if told.is_denied:
        return denied(told)
    return held_till(told.until, due_at, zone) if told.until else ""


def denied(told: Foresight) -> str:
    """Return that a message will not go, why, and whether a colleague rings instead."""
    reason = "; ".join(reason_words(code) for code in told.reasons)
    if told.becomes_call:
        return gettext("will become a call: %(reason)s") % {"reason": reason}
    return gettext("will not go: %(reason)s") % {"reason": reason}


def held_till(until: datetime, due_at: datetime, zone: str) -> str:
    """Return till when a message is held: the hour alone where it is the hour of its own day."""
    is_same_day = day_of(until, zone) == day_of(due_at, zone)
    hour = time_words(wall(until, zone).time(), "en", "staff") if is_same_day else moment(until, zone)
    return gettext("held till %(hour)s") % {"hour": hour}
