"""The history of a visit as sentences to say aloud: who, when, what the patient was told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from glede.desk.access import DeskRequest
from glede.diary import queries as diary
from glede.diary.names import SQUEEZES
from glede.diary.rules import URGENT_VISIT
from glede.kernel.clock import wall
from glede.kernel.words import short_day_words, time_words
from glede.outbox import queries as outbox
from glede.staff.queries import colleague_names

STATES = {
    "booked": _("Booked"),
    "confirmed": _("Confirmed"),
    "arrived": _("Here"),
    "with": _("With us"),
    "done": _("Done"),
    "missed": _("Did not come"),
    "cancelled": _("Cancelled"),
    "entered_in_error": _("Entered by mistake"),
}
SENTENCES = {
    "booked": _("%(who)s booked it for %(to)s"),
    "imported": _("It came with the list for %(to)s"),
    "confirmed": _("%(who)s said yes"),
    "moved": _("%(who)s moved it from %(from)s to %(to)s"),
    "cancelled": _("%(who)s cancelled it"),
    "reinstated": _("%(who)s brought it back for %(to)s"),
    "running_late": _("%(who)s said: %(minutes)s minutes late"),
    "delayed": _("%(who)s noted that we run late: it begins about %(minutes)s minutes later"),
    "arrived": _("%(patient)s came"),
    "started": _("The visit began"),
    "taken_back": _("%(who)s took that back: it was not so yet"),
    "done": _("The visit was done"),
    "missed": _("%(patient)s did not come"),
    "entered_in_error": _("%(who)s struck it out as a mistake"),
}
REASONS = {
    "time": _("the time did not suit"),
    "unwell": _("unwell"),
    "not_needed": _("not needed any more"),
    "cost": _("the price"),
    "elsewhere": _("somewhere else"),
    "practitioner_away": _("the person they were to meet is away"),
    "practice_closed": _("the practice is closed"),
    "equipment": _("something does not work"),
    "mistake": _("booked by mistake"),
    "list": _("the list said so"),
}
CAME = {
    "link": _("online, from their link"),
    "online": _("online, on our page"),
    "walk_in": _("came in without an appointment"),
}
SENT = {"sent", "arrived", "answered", "rehearsed"}


@dataclass(frozen=True)
class Line:
    """One thing that happened."""

    at: datetime
    when: str
    words: str
    kind: str
    note: str = ""


def state_words(facts: Any) -> str:
    """Return the state of a visit in plain words."""
    return str(STATES.get(str(facts.state), facts.state))


def of(request: DeskRequest, facts: Any, person: Any) -> list[Line]:
    """Return everything that happened to a visit and was sent about it, oldest first."""
    zone = request.practice.zone
    names = colleague_names(request.practice.pk)
    came = CAME.get(facts.source, "")
    lines = [
        _change(line, names, person, zone, str(came))
        for line in diary.history_of(request.practice.pk, facts.appointment_id)
    ]
    sent = outbox.of_subject(request.practice.pk, "appointment", facts.appointment_id, now=request.now)
    lines += [_message(line, zone) for line in sent if line.fate in SENT]
    return sorted(lines, key=lambda line: line.at)


def _change(line: Any, names: dict[Any, str], person: Any, zone: str, came: str = "") -> Line:
    given = person.given_name or person.name
    who = {"patient": given, "import": gettext("The list"), "system": "Glede"}.get(line.by.role)
    words = SENTENCES.get(str(line.change), str(line.change)) % {
        "who": who or names.get(line.by.id) or gettext("A colleague"),
        "patient": given,
        "from": moment(line.from_start, zone),
        "to": moment(line.to_start, zone),
        "minutes": line.minutes or "",
    }
    reason = str(REASONS.get(line.reason) or squeezed(line.reason)) if line.reason else ""
    quoted = gettext("“%(words)s”") % {"words": line.words} if line.words else ""
    how = came if str(line.change) == "booked" else ""
    note = " ".join(part for part in (how, reason, quoted) if part)
    return Line(line.at, moment(line.at, zone), words, "did", note)


def squeezed(reason: str) -> str:
    """Return why somebody was squeezed in or booked as urgent, in words; "" where they were not."""
    if reason == URGENT_VISIT:
        return gettext("urgent: it cannot wait")
    return gettext("squeezed in: %(why)s") % {"why": SQUEEZES[reason]} if reason in SQUEEZES else ""


def _message(line: Any, zone: str) -> Line:
    channel = {"email": gettext("by e-mail"), "sms": gettext("by text")}.get(line.channel, line.channel)
    told = gettext("We wrote %(channel)s: %(subject)s") % {
        "channel": channel,
        "subject": line.subject_line or line.body,
    }
    if line.fate == "rehearsed":
        told = gettext("We would have written %(channel)s (rehearsal): %(subject)s") % {
            "channel": channel,
            "subject": line.subject_line or line.body,
        }
    at = line.sent_at or line.at
    return Line(at, moment(at, zone), told, "sent")


def moment(at: datetime | None, zone: str) -> str:
    """Return a moment for staff: "Thu 26 Nov 10:00"."""
    if at is None:
        return ""
    there = wall(at, zone)
    return f"{short_day_words(there.date(), get_language() or 'en')} {time_words(there.time(), 'en', 'staff')}"
