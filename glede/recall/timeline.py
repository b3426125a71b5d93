"""The end of a visit in the words of a person's stream."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from glede.recall import events


def words(kind: str, data: dict[str, Any], language: str = "") -> str | None:
    """One line about an event of this room, in the active language; None for an event that is not its own."""
    say = _SAID.get(kind)
    return say(data) if say else None


def kinds() -> frozenset[str]:
    """Return the kinds of events that have words here."""
    return frozenset(_SAID)


def _planned(data: dict[str, Any]) -> str:
    months = data.get("months")
    if not months:
        return _("No next visit is planned.")
    return ngettext("Due again in {n} month.", "Due again in {n} months.", months).format(n=months)


_SAID: dict[str, Callable[[dict[str, Any]], str]] = {
    events.VISIT_CLOSED: lambda _data: _("Closed the visit."),
    events.CLOSING_TAKEN_BACK: lambda _data: _("Took back how the visit was closed."),
    events.PLAN_SET: _planned,
    events.PLAN_TAKEN_BACK: lambda _data: _("Took back when they are due again."),
}
