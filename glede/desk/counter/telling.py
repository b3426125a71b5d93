"""What to say aloud: the history of a booking in sentences that blame nobody."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from glede.diary.facts import VisitFacts
from glede.diary.queries import history_of
from glede.kernel.clock import day_of, wall
from glede.kernel.contact import masked
from glede.kernel.words import day_words, time_words
from glede.outbox.queries import contacts_written_to, of_subject
from glede.people.queries import owners_of

SAID = {
    "booked": _("It was booked %(on)s, %(how)s, for %(to)s."),
    "imported": _("It came over %(on)s from our earlier system, for %(to)s."),
    "confirmed": _("A yes came %(on)s, %(how)s."),
    "moved": _("It was moved %(on)s, %(how)s, from %(from)s to %(to)s."),
    "cancelled": _("It was cancelled %(on)s, %(how)s."),
    "reinstated": _("It was brought back %(on)s, %(how)s, for %(to)s."),
    "entered_in_error": _("It was struck out %(on)s, %(how)s, as a mistake of ours."),
}
HOW = {
    "patient": _("with the link in our message"),
    "staff": _("here at the desk"),
    "import": _("by the list from our earlier system"),
    "system": _("by our system"),
}
OURS = {
    "practitioner_away": _("because whoever was to see you was away"),
    "practice_closed": _("because we were closed"),
    "equipment": _("because something of ours did not work"),
    "mistake": _("by a mistake of ours"),
    "list": _("because our earlier system said so"),
}
TOLD = {
    "email": _("We wrote about it by e-mail to %(to)s, %(on)s at %(at)s."),
    "sms": _("We wrote about it by text to the number ending %(to)s, %(on)s at %(at)s."),
}
LEFT = frozenset({"sent", "arrived", "answered"})


def aloud(practice: Any, visit: VisitFacts, *, now: datetime) -> list[str]:
    """Return what happened to a visit and what we wrote of it, oldest first, in sentences to say to who came."""
    zone = practice.zone
    told = [
        (line.at, words)
        for line in history_of(practice.pk, visit.appointment_id)
        if (words := _change(line, zone, day_of(now, zone)))
    ]
    told += _messages(practice.pk, visit.appointment_id, zone, now)
    return [words for _at, words in sorted(told, key=lambda one: one[0])]


def when(at: datetime | None, zone: str, today: date, *, has_time: bool = True) -> str:
    """Return a moment to say aloud: "Thursday 26 November at 10:00", or "today at 10:00"."""
    if at is None:
        return ""
    there, language = wall(at, zone), get_language() or "en"
    day = gettext("today") if there.date() == today else day_words(there.date(), language)
    if not has_time:
        return day
    hour = time_words(there.time(), language, "staff")
    return gettext("%(day)s at %(hour)s") % {"day": day, "hour": hour}


def on_day(at: datetime, zone: str, today: date) -> str:
    """Return the day of something that happened, as part of a sentence: "on Monday 23 November", or "today"."""
    day = when(at, zone, today, has_time=False)
    return day if wall(at, zone).date() == today else gettext("on %(day)s") % {"day": day}


def _change(line: Any, zone: str, today: date) -> str:
    words = SAID.get(str(line.change))
    if words is None:
        return ""
    how = OURS.get(line.reason) if line.by.role != "patient" else None
    return str(words) % {
        "on": on_day(line.at, zone, today),
        "how": how or HOW.get(line.by.role, HOW["system"]),
        "from": when(line.from_start, zone, today),
        "to": when(line.to_start, zone, today),
    }


def _messages(practice_id: UUID, appointment_id: UUID, zone: str, now: datetime) -> Iterable[tuple[datetime, str]]:
    sent = [line for line in of_subject(practice_id, "appointment", appointment_id, now=now) if line.fate in LEFT]
    contacts = contacts_written_to(practice_id, [line.message_id for line in sent])
    owners = owners_of(practice_id, contacts.values())
    for line in sent:
        _whose, address = owners.get(contacts.get(line.message_id, line.message_id), (None, ""))
        if line.sent_at and line.channel in TOLD and address:
            told = {"to": masked(address), "on": on_day(line.sent_at, zone, day_of(now, zone))}
            hour = time_words(wall(line.sent_at, zone).time(), get_language() or "en", "staff")
            yield line.sent_at, str(TOLD[line.channel]) % {**told, "at": hour}
