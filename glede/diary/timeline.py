"""What happened to a visit, in the words of a person's stream."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from glede.diary import events
from glede.diary.names import REASONS, STATES, named
from glede.kernel.words import day_words, time_words


def words(kind: str, data: dict[str, Any], language: str = "") -> str | None:
    """One line about an event of this room, in the active language; None for an event that is not its own."""
    say = _SAID.get(kind)
    return say(data, language or get_language() or "en") if say else None


def kinds() -> frozenset[str]:
    """Return the kinds of events that have words here."""
    return frozenset(_SAID)


def _when(data: dict[str, Any], language: str) -> str:
    if not data.get("day"):
        return _("another time")
    day = day_words(date.fromisoformat(data["day"]), language)
    if not data.get("at"):
        return day
    return f"{day}, {time_words(time.fromisoformat(data['at']), language, 'staff')}"


def _booked(data: dict[str, Any], language: str) -> str:
    return _("Booked for {when}.").format(when=_when(data, language))


def _moved(data: dict[str, Any], language: str) -> str:
    return _("Moved to {when}.").format(when=_when(data, language))


def _cancelled(data: dict[str, Any], language: str) -> str:
    return _("Cancelled the visit of {when}: {why}.").format(
        when=_when(data, language), why=named(REASONS, data.get("reason", "none_given"))
    )


def _imported(data: dict[str, Any], language: str) -> str:
    state = named(STATES, data.get("state", "booked")).lower()
    return _("The list brought a visit on {when}: {state}.").format(when=_when(data, language), state=state)


def _late(data: dict[str, Any], language: str) -> str:
    return _("Running {minutes} minutes late.").format(minutes=data.get("late_minutes", "?"))


def _delayed(data: dict[str, Any], language: str) -> str:
    return _("We run late: it begins about {minutes} minutes later.").format(minutes=data.get("late_minutes", "?"))


def _held(data: dict[str, Any], language: str) -> str:
    return _("Held {when} for ten minutes.").format(when=_when(data, language))


def _series(data: dict[str, Any], language: str) -> str:
    return _("A series of {count} visits was begun.").format(count=data.get("count", "?"))


def _plain(sentence: Callable[[], str]) -> Callable[[dict[str, Any], str], str]:
    return lambda _data, _language: sentence()


_SAID: dict[str, Callable[[dict[str, Any], str], str]] = {
    events.BOOKED: _booked,
    events.MOVED: _moved,
    events.CANCELLED: _cancelled,
    events.IMPORTED: _imported,
    events.RUNNING_LATE: _late,
    events.DELAYED: _delayed,
    events.CONFIRMED: _plain(lambda: _("Confirmed the visit.")),
    events.REINSTATED: _plain(lambda: _("The visit stands again.")),
    events.ARRIVED: _plain(lambda: _("Noted as arrived.")),
    events.STARTED: _plain(lambda: _("Shown in.")),
    events.TAKEN_BACK: _plain(lambda: _("That was taken back: it was not so yet.")),
    events.DONE: _plain(lambda: _("The visit took place.")),
    events.MISSED: _plain(lambda: _("Did not come to the visit.")),
    events.HOLD_TAKEN: _held,
    events.HOLD_RELEASED: _plain(lambda: _("The held time was given back.")),
    events.HOLD_LAPSED: _plain(lambda: _("The held time ran out, and somebody else took it.")),
    events.HOLD_BOOKED: _plain(lambda: _("The held time was booked.")),
    events.SERIES_BEGUN: _series,
    events.SERIES_BOOKED: _plain(lambda: _("The series of visits is booked.")),
    events.SERIES_CHANGED: _plain(lambda: _("Another time was chosen for a visit of the series.")),
    events.SERIES_ENDED: _plain(lambda: _("The rest of the series was given up.")),
    events.ENTERED_IN_ERROR: _plain(lambda: _("The visit was entered in error and struck out.")),
    events.LINK_REVOKED: _plain(lambda: _("The visit's link was ended and a new one made.")),
}
