"""The month: how many come on each day, the first free time, and what is closed and why."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext

from glede.catalogue.queries import services
from glede.desk.access import DeskRequest, page
from glede.desk.diary import times
from glede.desk.today.views import when
from glede.diary import queries as diary
from glede.kernel.clock import day_of
from glede.kernel.periods import WeeklyHours
from glede.kernel.words import month_words, short_weekday_word
from glede.practices.queries import exceptions, opening_hours

WEEK = 7


@dataclass(frozen=True)
class Box:
    """One day of the calendar."""

    day: date
    weekday: str
    href: str
    visits: str
    share: int
    free: str
    name: str
    is_open: bool
    is_today: bool
    is_past: bool
    is_in: bool


@page("diary")
def month(request: DeskRequest, shown: str = "") -> HttpResponse:
    """Show the month of a day as a calendar; this month where none is named."""
    today = day_of(request.now, request.practice.zone)
    wanted = times.read_day(f"{shown[:7]}-01") if shown else today.replace(day=1)
    if wanted is None:
        raise Http404
    following = (wanted + timedelta(days=31)).replace(day=1)
    first = wanted - timedelta(days=wanted.weekday())
    weeks = -(-((following - first).days) // WEEK)
    read = _read(request, first, weeks * WEEK, wanted)
    boxes = [_box(first + timedelta(days=n), read) for n in range(weeks * WEEK)]
    context = {
        "page": "diary",
        "when": when(request.now, request.practice.zone),
        "day": today if (today.year, today.month) == (wanted.year, wanted.month) else wanted,
        "words": month_words(wanted, get_language() or "en"),
        "heads": [short_weekday_word(first + timedelta(days=n), get_language() or "en") for n in range(WEEK)],
        "weeks": [(boxes[n].day.isocalendar().week, boxes[n : n + WEEK]) for n in range(0, len(boxes), WEEK)],
        "before": wanted - timedelta(days=1),
        "after": following,
        "is_now": (today.year, today.month) == (wanted.year, wanted.month),
    }
    return render(request, "desk/diary/month.html", context)


@dataclass(frozen=True)
class _Read:
    """What was read for the days of a calendar."""

    wanted: date
    today: date
    counts: dict[date, int]
    names: dict[date, str]
    free: dict[date, time]
    hours: WeeklyHours


def _read(request: DeskRequest, first: date, count: int, wanted: date) -> _Read:
    practice, today = request.practice, day_of(request.now, request.practice.zone)
    offered, from_ = services(practice.pk), max(first, today)
    ahead = max(0, count - (from_ - first).days)
    service_id = offered[0].id if offered else None
    return _Read(
        wanted,
        today,
        diary.days_with_visits(practice.pk, from_=first, days=count),
        names_of_days(practice, first, count),
        diary.first_free(practice.pk, service_id, from_=from_, days=ahead, now=request.now),
        opening_hours(practice),
    )


def _box(day: date, read: _Read) -> Box:
    n = read.counts.get(day, 0)
    is_open = read.hours.is_open_day(day)
    return Box(
        day=day,
        weekday=short_weekday_word(day, get_language() or "en"),
        href=reverse("desk:diary_day", args=[day.isoformat()]),
        visits=ngettext("%(n)d visit", "%(n)d visits", n) % {"n": n} if n else "",
        share=round(10 * n / max(read.counts.values(), default=1)),
        free=_free_words(day, read) if is_open else gettext("closed"),
        name=read.names.get(day, ""),
        is_open=is_open,
        is_today=day == read.today,
        is_past=day < read.today,
        is_in=day.month == read.wanted.month,
    )


def _free_words(day: date, read: _Read) -> str:
    if day < read.today:
        return ""
    if day not in read.free:
        return gettext("full")
    return gettext("free %(hour)s") % {"hour": f"{read.free[day]:%H:%M}"}


def names_of_days(practice: Any, first: date, count: int) -> dict[date, str]:
    """Return what is said of the days on which other hours hold: the name of a public holiday, or our reason."""
    language, last = (get_language() or "en")[:2], first + timedelta(days=count - 1)
    named: dict[date, str] = {}
    for one in exceptions(practice, from_=first, until=last):
        words = one.name.get(language) or one.name.get("en") or one.reason
        day = max(one.first_on, first)
        while day <= min(one.last_on, last):
            named[day] = words or (gettext("other hours") if one.hours else gettext("closed"))
            day += timedelta(days=1)
    return named
