"""The page Today and the list behind one of its rows."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext, ngettext

from glede.desk.access import MANAGERS, OWNERS, DeskRequest, page
from glede.desk.recall.views import to_close
from glede.desk.today import card, rows
from glede.desk.today.answers import called
from glede.desk.today.board import MOST, SHOWN, Board, board, draw, drawn_from, facts_of
from glede.desk.today.day import strip
from glede.desk.today.rows import Drawn, Entry, promised
from glede.kernel.clock import wall
from glede.kernel.words import short_day_words, time_words
from glede.people import queries as people
from glede.promises import queries as promises
from glede.ui.urgency import clock_words


@page("today")
def today(request: DeskRequest) -> HttpResponse:
    """Show the queue; ``?open=`` opens the card of one promise beside it."""
    only_mine, group = request.GET.get("view") == "mine", request.GET.get("group", "")
    shown = board(request.practice, now=request.now, mine=request.membership.pk if only_mine else None)
    owed = _opened(request)
    entries = shown.shown(group)
    limit = MOST if request.GET.get("all") or len(entries) < len(shown.entries) else SHOWN
    current = owed.id if owed else (entries[0].id if entries else None)
    told = [*entries[:limit], *shown.told(request.now)]
    facts = facts_of(request.practice, [*told, *([promised(owed)] if owed else [])], request.now)
    drawn = drawn_from(facts, told)
    opened = card.card(request, owed, facts) if owed else None
    request.look_at(*(who for one in drawn.values() for who in one.people))
    if opened is None:
        request.look_at(*(visit.patient_id for visit in shown.day.visits))
    context = {
        "page": "today",
        "board": shown,
        "entries": [(drawn[entry.id].row, entry.id == current) for entry in entries[:limit]],
        "more": max(0, len(entries) - limit) if limit < MOST else 0,
        "beyond": max(0, len(entries) - MOST),
        "group": group if len(entries) < len(shown.entries) else "",
        "only_mine": only_mine,
        "greeting": greeting(request.now, request.practice.zone, request.membership.display_name),
        "sentence": sentence(shown, drawn, request.now, request.practice.zone),
        "when": when(request.now, request.practice.zone),
        "strip": None if opened else strip(shown.day, request.now),
        "opened": opened,
        "needs_second_factor": needs_second_factor(request),
        "is_first_day": is_first_day(request, shown),
        "away_since": away_since(request),
        "to_close": to_close(request, shown.day.visits),
    }
    return render(request, "desk/today/page.html", context)


def away_since(request: DeskRequest) -> str:
    """Return since when the reader is away from the desk, in words; "" where they are here."""
    since = promises.away(request.practice.pk).get(request.membership.pk)
    return clock_words(since, request.now, request.practice.zone) if since else ""


def is_first_day(request: DeskRequest, shown: Board) -> bool:
    """Return True for whoever may bring a list over, while nobody is in the practice yet."""
    is_empty = not shown.entries and not shown.visits and not shown.soon
    return is_empty and request.membership.role in MANAGERS and not people.count_patients(request.practice.pk)


def needs_second_factor(request: DeskRequest) -> bool:
    """Return True for whoever may see and change everything with no more than a password."""
    is_owner = request.membership.role in OWNERS and not request.practice.is_demo
    return is_owner and not is_mfa_enabled(request.user)


@page("today")
def behind(request: DeskRequest) -> HttpResponse:
    """Show the people behind one row: promises of one kind and cause, the nearest first."""
    kind, cause = request.GET.get("kind", ""), request.GET.get("cause", "")
    owed = [o for o in promises.open_promises(request.practice.pk, kinds=[kind], limit=5000) if o.cause == cause]
    pages = Paginator([rows.promised(o) for o in owed], MOST)
    shown = pages.get_page(request.GET.get("page"))
    drawn = draw(request.practice, shown.object_list, request.now)
    request.look_at(*(who for one in drawn.values() for who in one.people))
    context = {
        "page": "today", "shown": shown, "n": pages.count, "rows": [drawn[entry.id].row for entry in shown.object_list],
        "kind": kind, "cause": cause,
    }  # fmt: skip
    return render(request, "desk/today/behind.html", context)


def _opened(request: DeskRequest) -> promises.Owed | None:
    """Return the open promise whose card is asked for, or None where there is none."""
    try:
        owed = promises.promise_for(request.practice.pk, UUID(request.GET.get("open", "")))
    except ValueError:
        return None
    return owed if owed and owed.closed_at is None else None


def when(now: datetime, zone: str) -> str:
    """Return the day and the clock as staff read it: "Tue 24 November · 09:12"."""
    there = wall(now, zone)
    return f"{short_day_words(there.date(), get_language() or 'en')} · {time_words(there.time(), 'en', 'staff')}"


def greeting(now: datetime, zone: str, name: str) -> str:
    """Return "Good morning, Ingrid." by the practice's clock."""
    hour, given = wall(now, zone).hour, called(name)
    if hour < 12:
        return gettext("Good morning, %(name)s.") % {"name": given}
    if hour < 18:
        return gettext("Good afternoon, %(name)s.") % {"name": given}
    return gettext("Good evening, %(name)s.") % {"name": given}


def sentence(shown: Board, drawn: Mapping[UUID, Drawn], now: datetime, zone: str) -> dict[str, str]:
    """Return the words that open the page; their counts equal the rows below. ``drawn`` holds those it tells of."""
    visits = ngettext("%(n)d visit today.", "%(n)d visits today.", shown.visits) % {"n": shown.visits}
    visits = visits if shown.visits else gettext("No visits today.")
    if not shown.waiting:
        return {"visits": visits, "waiting": gettext("Everyone has an answer."), "late": ""}
    n = len(shown.waiting)
    waiting = ngettext("%(n)d person waits for an answer", "%(n)d people wait for an answer", n) % {"n": n}
    ahead = shown.ahead(now)
    level = drawn[ahead.id].row.urgency if ahead else None
    if level:
        waiting = gettext("%(waiting)s, next %(by)s") % {"waiting": waiting, "by": level.words}
    return {"visits": visits, "waiting": f"{waiting}.", "late": _late(shown.late(now), drawn, now, zone)}


def _late(late: list[Entry], drawn: Mapping[UUID, Drawn], now: datetime, zone: str) -> str:
    if not late:
        return ""
    told = {"name": drawn[late[0].id].row.name, "since": clock_words(late[0].due_at, now, zone)}
    more = len(late) - 1
    if not more:
        return gettext("%(name)s since %(since)s.") % told
    words = ngettext("%(name)s since %(since)s, and %(n)d more.", "%(name)s since %(since)s, and %(n)d more.", more)
    return words % {**told, "n": more}
