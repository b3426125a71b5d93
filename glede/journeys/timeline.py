"""The events of journeys in the words of a person's stream."""

from typing import Any

from django.utils.translation import gettext as _

from glede.journeys import events


def words_of(kind: str, data: dict[str, Any], language: str = "") -> str | None:
    """One line about an event of this room, in the active language; None for an event that is not its own."""
    return _lines().get(kind)


def kinds() -> frozenset[str]:
    """Return the kinds of events that have words here."""
    return frozenset(_lines())


def _lines() -> dict[str, str]:
    return {
        events.JOURNEY_CHANGED: _("The journey was changed."),
        events.CALL_REACHED: _("We rang and spoke."),
        events.CALL_NOT_REACHED: _("We rang and did not get through."),
    }
