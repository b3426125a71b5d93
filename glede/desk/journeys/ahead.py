"""Whom a row would reach in the next 30 days: as it stands, and as somebody is about to write it."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, gettext

from glede.desk.access import DeskRequest
from glede.desk.forecast.kept import forecast_for
from glede.desk.forecast.views import ASSUMED
from glede.journeys import document
from glede.journeys.forecast import Foretold, forecast
from glede.kernel.clock import at_wall, day_of
from glede.kernel.words import short_day_words
from glede.people import queries as people

SPAN = 30
SHOWN = 6


@dataclass(frozen=True)
class Reached:
    """Whom a row would reach: how many people, how many of them by a call, and the first with day and way."""

    count: int
    calls: int
    people: list[tuple[UUID, str, str, str]]

    @property
    def more(self) -> int:
        """How many stand nowhere on the page."""
        return self.count - len(self.people)


def until(request: DeskRequest) -> datetime:
    """Return the midnight that ends the days looked at."""
    zone = request.practice.zone
    return at_wall(day_of(request.now, zone) + timedelta(days=SPAN), time(0), zone)


def ahead(request: DeskRequest, row: str, changed: Any, way: str) -> dict[str, Any]:
    """Return whom a row reaches ``today``, and ``then``, were ``changed`` in force; None where it cannot work."""
    given = {"until": until(request), "now": request.now}
    today = [one for one in forecast_for(request.practice, **given).touches if one.row == row]
    if changed is None:
        return {"is_tried": True, "today": _reached(request, today)}
    read = document.parse(changed)
    new = forecast(request.practice, since=request.now, **given, changed=read, under_way=way)
    then = [one for one in new.touches if one.row == row]
    return {"is_tried": True, "today": _reached(request, today), "then": _reached(request, then)}


def _reached(request: DeskRequest, touches: list[Foretold]) -> Reached:
    first: dict[UUID, Foretold] = {}
    for one in touches:
        first.setdefault(one.person_id, one)
    some = dict(list(first.items())[:SHOWN])
    names = people.names(request.practice.pk, some)
    request.look_at(*names)
    return Reached(
        len(first),
        sum(one.act == "call" for one in first.values()),
        [(key, names[key].given_name, _day(request, one), _way(one)) for key, one in some.items() if key in names],
    )


def _day(request: DeskRequest, one: Foretold) -> str:
    return short_day_words(day_of(one.at, request.practice.zone), get_language() or "en")


def _way(one: Foretold) -> str:
    words = gettext("call") if one.act == "call" else gettext("message")
    return f"{words}, {ASSUMED[one.assumes]}" if one.assumes else words
