"""The outbox's events in the words of a person's stream."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from glede.outbox import events
from glede.outbox.words import CHANNELS, reason_words


def kinds() -> frozenset[str]:
    """Return the kinds of events that have words here."""
    return frozenset(events.ALL)


def words(kind: str, data: dict[str, Any], language: str = "") -> str | None:
    """One line about an event of this room, in the active language; None for an event that is not its own."""
    if kind not in events.ALL:
        return None
    channel = str(CHANNELS.get(data.get("channel", ""), data.get("channel", "")))
    why = reason_words(data["reason"]) if data.get("reason") else ""
    sentence = {
        events.ACCEPTED: _("Sent a message by {channel}."),
        events.SENT: _("A message by {channel} is on its way."),
        events.DELIVERED: _("A message by {channel} arrived."),
        events.READ: _("A message by {channel} was read."),
        events.REHEARSED: _("Rehearsed a message by {channel}. Nothing left the house."),
        events.SKIPPED: _("A message was not sent: {why}."),
        events.FAILED: _("A message by {channel} did not arrive: {why}."),
        events.UNKNOWN: _("Nobody can say yet whether a message by {channel} arrived."),
        events.HANDED: _("A message became a call: {why}."),
        events.STOPPED: _("A message was stopped by a colleague."),
        events.HELD: _("A message was held by a colleague."),
        events.RELEASED: _("A message was sent on by a colleague."),
    }[kind]
    return sentence.format(channel=channel, why=why)
