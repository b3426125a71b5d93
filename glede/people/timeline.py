"""What happened to a person, in the words of their stream."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from glede.people import events
from glede.people.names import CHANNELS, ENDINGS, FIELDS, KINDS, PURPOSES, WISHES, listed, named
from glede.people.rules.consent import CONTACT


def words(kind: str, data: dict[str, Any], language: str = "") -> str | None:
    """One line about an event of this room, in the active language; None for an event that is not its own."""
    say = _SAID.get(kind)
    return say(data) if say else None


def kinds() -> frozenset[str]:
    """Return the kinds of events that have words here."""
    return frozenset(_SAID)


def _changed(data: dict[str, Any]) -> str:
    fields = listed(FIELDS, [name for name in data.get("fields", ()) if name in FIELDS])
    return _("Changed: {fields}.").format(fields=fields) if fields else _("Changed how they are reached.")


def _contact_added(data: dict[str, Any]) -> str:
    return _("A new phone number.") if data.get("kind") == "phone" else _("A new e-mail address.")


def _contact_ended(data: dict[str, Any]) -> str:
    what = _("A phone number") if data.get("kind") == "phone" else _("An e-mail address")
    return _("{what} is used no more: {why}.").format(what=what, why=named(ENDINGS, data.get("reason", "")))


def _preference(data: dict[str, Any]) -> str:
    return _("Said how to be reached: {what}.").format(what=listed(WISHES, data.get("changed", ())))


def _given(data: dict[str, Any]) -> str:
    if data.get("purpose") == CONTACT:
        return _("We noted how their addresses came to us.")
    return _("Said yes to {purpose} by {channel}.").format(**_about(data))


def _withdrawn(data: dict[str, Any]) -> str:
    return _("Said no to {purpose} by {channel}.").format(**_about(data))


def _about(data: dict[str, Any]) -> dict[str, str]:
    purpose, channel = str(data.get("purpose", "")), str(data.get("channel", "*"))
    return {"purpose": named(PURPOSES, purpose), "channel": named(CHANNELS, channel)}


def _need(data: dict[str, Any]) -> str:
    return _("Noted under {kind}.").format(kind=named(KINDS, data.get("kind", "")))


def _need_ended(data: dict[str, Any]) -> str:
    return _("No longer so: {kind}.").format(kind=named(KINDS, data.get("kind", "")))


def _note(data: dict[str, Any]) -> str:
    return _("Wrote a note to follow up.") if data.get("on") else _("Wrote a note.")


def _question(data: dict[str, Any]) -> str:
    return _("Answered a question before the visit.") if data.get("answered") else _("Went past a question.")


def _right(data: dict[str, Any]) -> str:
    return str(RIGHTS.get(str(data.get("kind", "")), _("Asked for something about their data.")))


def _right_answered(data: dict[str, Any]) -> str:
    said_no = _("What they asked about their data was declined, with a word to them.")
    return said_no if data.get("answer") == "declined" else _("What they asked about their data was done.")


RIGHTS = {
    "correction": gettext_lazy("Asked to have something put right."),
    "looks": gettext_lazy("Asked who has looked at their data."),
    "export": gettext_lazy("Asked for a copy of all we hold."),
    "erasure": gettext_lazy("Asked to be forgotten."),
}
_SAID: dict[str, Callable[[dict[str, Any]], str]] = {
    events.PATIENT_ADDED: lambda _data: _("We got to know each other."),
    events.PATIENT_CHANGED: _changed,
    events.PATIENT_MERGED: lambda _data: _("Stood in the list twice, and is one person now."),
    events.PATIENTS_TOLD_APART: lambda _data: _("A colleague said: not the same person as somebody very like them."),
    events.PATIENTS_RECONSIDERED: lambda _data: _("Perhaps the same person as somebody very like them, after all."),
    events.PATIENT_UNMERGED: lambda _data: _("Turned out to be two people after all."),
    events.PATIENT_ERASED: lambda _data: _("Asked to be forgotten, and was."),
    events.CONTACT_ADDED: _contact_added,
    events.CONTACT_CHANGED: lambda _data: _("A number turned out to be a landline. It gets no texts any more."),
    events.CONTACT_ENDED: _contact_ended,
    events.PREFERENCE_SET: _preference,
    events.CONSENT_GIVEN: _given,
    events.CONSENT_WITHDRAWN: _withdrawn,
    events.NEED_NOTED: _need,
    events.NEED_ENDED: _need_ended,
    events.NEEDS_REVIEWED: lambda _data: _("Was asked again how they read, hear and speak: all stands."),
    events.QUESTION_ANSWERED: _question,
    events.NOTE_WRITTEN: _note,
    events.RIGHT_ASKED: _right,
    events.RIGHT_ANSWERED: _right_answered,
    events.MESSAGES_HELD: lambda _data: _("Had drops in the eyes: messages that can wait are held."),
    events.MESSAGES_RELEASED: lambda _data: _("No drops after all: messages go again."),
}
