"""The forecast page: days, lines, and two lists of people. It shows and changes nothing."""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from glede.desk.access import MANAGERS, DeskRequest, page
from glede.desk.diary.history import moment
from glede.desk.diary.times import read_day
from glede.desk.forecast.kept import forecast_for
from glede.desk.forecast.telling import DayAhead, LeftOut, Told, price_of_late, told
from glede.desk.outbox.views import row_words
from glede.journeys.forecast import Foretold
from glede.journeys.words import why_lines
from glede.kernel.clock import at_wall, day_of, wall
from glede.kernel.words import day_words, short_day_words, time_words
from glede.outbox.words import CHANNELS, reason_words
from glede.people import queries as people
from glede.ui.presenting import Reason

SPANS = (7, 14, 30, 90)
LINES = 25
UNREACHED, LEFT_OUT = "unreached", "left-out"
ASSUMED = {"attended": _("if they come"), "not reached": _("if nobody answers the call")}


@page("forecast", roles=MANAGERS)
def ahead(request: DeskRequest) -> HttpResponse:
    """Show what will go in the days asked for: one day's lines, or a list of people."""
    span = _number(request.GET.get("days"), SPANS, 14)
    zone = request.practice.zone
    until = at_wall(day_of(request.now, zone) + timedelta(days=span), time(0), zone)
    price = price_of_late(request.practice.pk, now=request.now)
    found = told(forecast_for(request.practice, until=until, now=request.now), zone, price)
    shown = request.GET.get("show", "")
    context = {
        "page": "settings",
        "span": span,
        "spans": [(n, _link(request.GET, days=n, day=None, page=None, open=None)) for n in SPANS],
        "told": found,
        "sentence": sentence(found, span),
        "shown": shown,
        "tabs": _tabs(request.GET, found, shown),
        "capacity": request.practice.calls_per_day,
    }
    if shown in {UNREACHED, LEFT_OUT}:
        context |= _people(request, found.unreached if shown == UNREACHED else found.left_out)
    else:
        context |= _day(request, found)
    return render(request, "desk/forecast/page.html", context)


def sentence(found: Told, span: int) -> str:
    """Return the sentence that opens the page; its counts equal those below."""
    if not found.messages and not found.calls:
        return ngettext("Nothing would go today.", "Nothing would go in the next %(n)d days.", span) % {"n": span}
    first = ngettext("%(n)d message goes", "%(n)d messages go", found.messages) % {"n": found.messages}
    calls = ngettext("%(n)d call falls to you", "%(n)d calls fall to you", found.calls) % {"n": found.calls}
    counts = {"days": span, "messages": first, "calls": calls}
    return gettext("In the next %(days)d days %(messages)s and %(calls)s.") % counts


def _number(text: str | None, allowed: Sequence[int] | None, otherwise: int) -> int:
    number = int(text) if text and text.isdecimal() and len(text) < 7 else otherwise
    return number if allowed is None or number in allowed else otherwise


def _link(asked: QueryDict, **changed: Any) -> str:
    """Return the page's own address with something else asked for; None leaves a word out."""
    words = asked.copy()
    for name, value in changed.items():
        words.pop(name, None)
        if value is not None:
            words[name] = str(value)
    return f"?{words.urlencode()}"


def _tabs(asked: QueryDict, found: Told, shown: str) -> list[tuple[str, str, bool]]:
    by_page = {"page": None, "open": None, "row": None}
    return [
        (gettext("Day by day"), _link(asked, show=None, **by_page), shown not in {UNREACHED, LEFT_OUT}),
        (
            gettext("No way to write (%(n)d)") % {"n": len(found.unreached)},
            _link(asked, show=UNREACHED, **by_page),
            shown == UNREACHED,
        ),
        (
            gettext("Left out by the rules (%(n)d)") % {"n": len(found.left_out)},
            _link(asked, show=LEFT_OUT, **by_page),
            shown == LEFT_OUT,
        ),
    ]


# One day, line by line.


def _day(request: DeskRequest, found: Told) -> dict[str, Any]:
    asked, language = request.GET, get_language() or "en"
    busy = next((day.day for day in found.days if day.total), found.days[0].day)
    wanted = read_day(asked.get("day"))
    chosen = wanted if wanted in found.of_day else busy
    lines = found.of_day[chosen]
    called = row_words(request.practice.pk)
    row = asked.get("row", "")
    some = [one for one in lines if row in {"", one.row}]
    first, pager = _page(asked, len(some))
    part = some[first : first + LINES]
    names = people.names(request.practice.pk, {one.person_id for one in part})
    request.look_at(*names)
    opened = _number(asked.get("open"), None, -1)
    return {
        "is_over": any(day.call > request.practice.calls_per_day for day in found.days),
        "days": [_day_line(asked, day, chosen, request.practice.calls_per_day) for day in found.days],
        "day_words": day_words(chosen, language),
        "rows": _rows(asked, lines, called, row),
        "lines": [
            _line(request, one, names, called) | _opening(asked, first + n, opened) for n, one in enumerate(part)
        ],
        "pager": pager,
    }


def _day_line(asked: QueryDict, day: DayAhead, chosen: date, capacity: int) -> dict[str, Any]:
    return {
        "words": short_day_words(day.day, get_language() or "en"),
        "href": _link(asked, day=day.day, page=None, open=None, row=None) + "#day",
        "is_chosen": day.day == chosen,
        "is_over": day.call > capacity,
        "of": day,
    }


def _rows(asked: QueryDict, lines: Sequence[Foretold], called: Mapping[str, str], row: str) -> list[Any]:
    counts = {key: sum(one.row == key for one in lines) for key in sorted({one.row for one in lines}, key=_in_order)}
    if len(counts) < 2:
        return []
    given = {"page": None, "open": None}
    everything = (gettext("All"), len(lines), _link(asked, row=None, **given) + "#day", not row)
    each = [
        (called.get(key, key), count, _link(asked, row=key, **given) + "#day", key == row)
        for key, count in counts.items()
    ]
    return [everything, *each]


def _in_order(row: str) -> tuple[int, str]:
    return len(row), row


def _line(request: DeskRequest, one: Foretold, names: Mapping[UUID, Any], called: Mapping[str, str]) -> dict[str, Any]:
    words, icon = _fate(one)
    return {
        "one": one,
        "hour": time_words(wall(one.at, request.practice.zone).time(), "en", "staff"),
        "name": _name(names, one.person_id),
        "row": called.get(one.row, one.row),
        "channel": CHANNELS.get(one.channel, one.channel),
        "fate": words,
        "icon": icon,
        "reasons": _reasons(one, called),
    }


def _fate(one: Foretold) -> tuple[str, str]:
    if one.assumes:
        return str(ASSUMED[one.assumes]), "circle-dashed"
    if one.act == "message":
        return gettext("goes"), "clock"
    return reason_words(one.reason), "phone"


def _reasons(one: Foretold, called: Mapping[str, str]) -> list[Reason]:
    found = [Reason(gettext("Step"), called.get(one.row, one.row))]
    found += [Reason(label, words) for label, words in why_lines({**one.why, "assumes": one.assumes})]
    if one.act == "call":
        found.append(Reason(gettext("So"), reason_words(one.reason)))
    return found


def _opening(asked: QueryDict, number: int, opened: int) -> dict[str, Any]:
    is_open = number == opened
    return {
        "is_open": is_open,
        "id": f"line-{number}",
        "href": _link(asked, open=None if is_open else number) + f"#line-{number}",
    }


def _name(names: Mapping[UUID, Any], person_id: UUID) -> str:
    known = names.get(person_id)
    return known.name if known else gettext("Somebody")


# People nobody can write to, and people the rules leave out.


def _people(request: DeskRequest, lines: Sequence[LeftOut]) -> dict[str, Any]:
    first, pager = _page(request.GET, len(lines))
    part = lines[first : first + LINES]
    names = people.names(request.practice.pk, {one.person_id for one in part})
    request.look_at(*names)
    zone = request.practice.zone
    return {
        "people": [
            {
                "id": one.person_id,
                "name": _name(names, one.person_id),
                "reason": reason_words(one.reason),
                "so": gettext("a colleague rings") if one.is_rung else gettext("nothing goes"),
                "first": moment(one.at, zone),
                "times": one.times,
            }
            for one in part
        ],
        "pager": pager,
    }


def _page(asked: QueryDict, total: int) -> tuple[int, dict[str, str]]:
    """Return where the page asked for begins, and the addresses of its neighbours."""
    last = max(1, -(-total // LINES))
    number = min(max(1, _number(asked.get("page"), None, 1)), last)
    pager = {"words": gettext("Page %(n)d of %(last)d") % {"n": number, "last": last}} if last > 1 else {}
    if number > 1:
        pager["before"] = _link(asked, page=number - 1, open=None) + "#day"
    if number < last:
        pager["after"] = _link(asked, page=number + 1, open=None) + "#day"
    return (number - 1) * LINES, pager
