"""The page Today and the list behind one of its rows."""

from datetime import datetime
from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext, ngettext

from glede.desk.access import OWNERS, DeskRequest, page
from glede.desk.today import card, rows
from glede.desk.today.board import SHOWN, Board, board, gather
from glede.desk.today.day import strip
from glede.kernel.clock import wall
from glede.kernel.words import short_day_words, time_words
from glede.promises import queries as promises
from glede.ui.urgency import clock_words


@page("today")
def today(request: DeskRequest) -> HttpResponse:
    """Show the queue; ``?open=`` opens the card of one promise beside it."""
    only_mine, group = request.GET.get("view") == "mine", request.GET.get("group", "")
    shown = board(request.practice, now=request.now, mine=request.membership.pk if only_mine else None)
    request.look_at(*shown.looked_at)
    opened = _opened(request)
    entries = shown.shown(group)
    limit = None if request.GET.get("all") or len(entries) < len(shown.entries) else SHOWN
    current = opened.owed.id if opened else (entries[0].id if entries else None)
    context = {
        "page": "today",
        "board": shown,
        "entries": [(entry.row, entry.id == current) for entry in entries[:limit]],
        "more": max(0, len(entries) - limit) if limit else 0,
        "group": group if len(entries) < len(shown.entries) else "",
        "only_mine": only_mine,
        "greeting": greeting(request.now, request.practice.zone, request.membership.display_name),
        "sentence": sentence(shown, request.now, request.practice.zone),
        "when": when(request.now, request.practice.zone),
        "strip": strip(shown.day, request.now),
        "opened": opened,
        "needs_second_factor": needs_second_factor(request),
    }
    return render(request, "desk/today/page.html", context)


def needs_second_factor(request: DeskRequest) -> bool:
    """Return True for whoever may see and change everything with no more than a password."""
    is_owner = request.membership.role in OWNERS and not request.practice.is_demo
    return is_owner and not is_mfa_enabled(request.user)


@page("today")
def behind(request: DeskRequest) -> HttpResponse:
    """Show the people behind one row: promises of one kind and cause."""
    kind, cause = request.GET.get("kind", ""), request.GET.get("cause", "")
    owed = [o for o in promises.open_promises(request.practice.pk, kinds=[kind], limit=5000) if o.cause == cause]
    facts = gather(request.practice, owed, request.now)
    entries = [rows.promised(o, facts) for o in owed]
    request.look_at(*(e.patient_id for e in entries if e.patient_id))
    return render(request, "desk/today/behind.html", {"page": "today", "entries": entries})


def _opened(request: DeskRequest) -> card.Card | None:
    try:
        promise_id = UUID(request.GET.get("open", ""))
    except ValueError:
        return None
    return card.card(request, promise_id)


def when(now: datetime, zone: str) -> str:
    """Return the day and the clock as staff read it: "Tue 24 November · 09:12"."""
    there = wall(now, zone)
    return f"{short_day_words(there.date(), get_language() or 'en')} · {time_words(there.time(), 'en', 'staff')}"


def greeting(now: datetime, zone: str, name: str) -> str:
    """Return "Good morning, Ingrid." by the practice's clock."""
    hour, given = wall(now, zone).hour, name.split(" ", maxsplit=1)[0]
    if hour < 12:
        return gettext("Good morning, %(name)s.") % {"name": given}
    if hour < 18:
        return gettext("Good afternoon, %(name)s.") % {"name": given}
    return gettext("Good evening, %(name)s.") % {"name": given}


def sentence(shown: Board, now: datetime, zone: str) -> dict[str, str]:
    """Return the words that open the page; their counts equal the rows below."""
    visits = ngettext("%(n)d visit today.", "%(n)d visits today.", shown.visits) % {"n": shown.visits}
    if not shown.waiting:
        return {"visits": visits, "waiting": gettext("Everyone has an answer."), "late": ""}
    n = len(shown.waiting)
    waiting = ngettext("%(n)d person waits for an answer", "%(n)d people wait for an answer", n) % {"n": n}
    ahead = min((e for e in shown.waiting if e.due_at > now), key=lambda e: e.due_at, default=None)
    if ahead and ahead.row.urgency:
        waiting = gettext("%(waiting)s, next %(by)s") % {"waiting": waiting, "by": ahead.row.urgency.words}
    return {"visits": visits, "waiting": f"{waiting}.", "late": _late(shown, now, zone)}


def _late(shown: Board, now: datetime, zone: str) -> str:
    late = sorted((e for e in shown.waiting if e.due_at <= now), key=lambda e: e.due_at)
    if not late:
        return ""
    told = {"name": late[0].row.name, "since": clock_words(late[0].due_at, now, zone)}
    more = len(late) - 1
    if not more:
        return gettext("%(name)s since %(since)s.") % told
    words = ngettext("%(name)s since %(since)s, and %(n)d more.", "%(name)s since %(since)s, and %(n)d more.", more)
    return words % {**told, "n": more}
