"""The rail, the palette and the clock bar: rooms above register their pages when Django starts."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from glede.ui.presenting import Words

# key: label, icon, letter after g. The order is the order of the rail.
_PAGES: dict[str, tuple[Words, str, str]] = {
    "today": (_("Today"), "sunrise", "t"),
    "diary": (_("Diary"), "calendar-days", "d"),
    "inbox": (_("Inbox"), "message-square", "i"),
    "people": (_("People"), "users", "p"),
    "jobs": (_("Jobs"), "glasses", "j"),
    "journeys": (_("Journeys"), "route", "o"),
    "outbox": (_("Outbox"), "send", "u"),
    "voices": (_("Voices"), "quote", "v"),
    "insights": (_("Insights"), "chart-line", "n"),
    "help": (_("Help"), "circle-question-mark", "h"),
}
_UNDER_AVATAR: dict[str, tuple[Words, str, str]] = {
    "team": (_("Team"), "hand-heart", ""),
    "own_day": (_("Your calendar"), "calendar-check", ""),
    "settings": (_("Settings"), "settings", ""),
    "sign_out": (_("Sign out"), "log-out", ""),
}
_places: dict[str, str] = {}
_templates: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the rail."""

    key: str
    label: Words
    icon: str
    letter: str
    url: str


def register_page(key: str, url_name: str) -> None:
    """Give the page ``key`` of the rail (today … insights, help, team, settings, sign_out) its address."""
    if key not in _PAGES | _UNDER_AVATAR:
        raise KeyError(key)
    _places[key] = url_name


def register_palette(url_name: str) -> None:
    """Name the address that answers ``?q=`` with the palette's entries."""
    _places["palette"] = url_name


def register_clock(url_name: str, menu: str = "") -> None:
    """Name the address to which the demonstration's clock bar posts ``action`` = next, hour or day.

    ``menu`` is a template of the room above, shown at the end of the bar: what else one can do there.
    """
    _places["clock"] = url_name
    _templates["clock"] = menu


def register_menu(template: str) -> None:
    """Name a template of the room above that stands first in the menu of the name: what a colleague says of herself."""
    _templates["menu"] = template


def register_fresh(url_name: str, presence: str) -> None:
    """Name the address that answers whether something changed, and the one told what a colleague has open."""
    _places["fresh"], _places["presence"] = url_name, presence


def url_of(key: str) -> str:
    """Return the registered address, or "" where the room is not there."""
    name = _places.get(key)
    if name is None:
        return ""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _known(pages: dict[str, tuple[Words, str, str]]) -> list[Place]:
    return [Place(key, *page, url) for key, page in pages.items() if (url := url_of(key))]


@dataclass(frozen=True, slots=True)
class Shell:
    """What the base page of the staff needs beside the page itself."""

    places: list[Place]
    mine: list[Place]
    palette: str
    clock: str
    clock_menu: str
    menu: str
    fresh: str
    presence: str
    home: str


def for_request(request: HttpRequest) -> Shell:
    """Return the shell; the same for every page of a practice."""
    places = _known(_PAGES)
    home = places[0].url if places else "/"
    return Shell(
        places, _known(_UNDER_AVATAR), url_of("palette"), url_of("clock"), _templates.get("clock", ""),
        _templates.get("menu", ""),
        url_of("fresh"), url_of("presence"), home,
    )  # fmt: skip
