"""The week: every clinician's days in numbers, or one clinician's days side by side."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext

from glede.desk.access import DeskRequest, page
from glede.desk.diary import grid, times
from glede.desk.diary.month import names_of_days
from glede.desk.diary.scale import next_step
from glede.desk.today.views import when
from glede.diary import queries as diary
from glede.kernel.clock import day_of, wall
from glede.kernel.ids import new_id
from glede.kernel.periods import Period
from glede.kernel.words import short_day_words, unbroken
from glede.staff.queries import practitioners
from glede.ui.presenting import Day, DayColumn

WEEK = 7
LEAST = 15  # minutes: what is shorter is nobody's


@dataclass(frozen=True)
class Cell:
    """One clinician on one day: how many come, how much is free and from when on, and how unhurried it is."""

    day: str
    visits: str
    free: str
    pace: str
    pace_words: str
    href: str
    is_past: bool


@dataclass(frozen=True)
class Row:
    """One clinician's week."""

    name: str
    href: str
    cells: list[Cell]


@page("diary")
def week(request: DeskRequest, shown: str = "") -> HttpResponse:
    """Show the week of a day; ``?with=`` one clinician's, with every visit in its place."""
    today = day_of(request.now, request.practice.zone)
    wanted = times.read_day(shown) if shown else today
    if wanted is None:
        raise Http404
    monday = wanted - timedelta(days=wanted.weekday())
    found = diary.days(request.practice.pk, monday, WEEK, now=request.now)
    days = [day for day in found if day.opening or day.visits] or found[:5]
    chairs = practitioners(request.practice.pk)
    chosen = next((one for one in chairs if str(one.id) == request.GET.get("with")), None)
    chosen = chosen or (chairs[0] if len(chairs) == 1 else None)
    names = names_of_days(request.practice, monday, WEEK)
    context = {
        "page": "diary",
        "when": when(request.now, request.practice.zone),
        "day": wanted if monday <= wanted else monday,
        "number": monday.isocalendar().week,
        "summary": _summary(days),
        "chairs": chairs,
        "chosen": chosen,
        "heads": [_head(day, names, today) for day in days],
        "closed": [(short_day_words(day, get_language() or "en"), name) for day, name in sorted(names.items())],
        "before": monday - timedelta(days=WEEK),
        "after": monday + timedelta(days=WEEK),
        "is_now": monday <= today < monday + timedelta(days=WEEK),
        "asked": f"?with={chosen.id}" if chosen and len(chairs) > 1 else "",
        "command": new_id(),
    }
    if chosen is None:
        context["rows"] = _rows(days, monday, request)
    else:
        context["grid"] = _grid(days, chosen.id, request)
        request.look_at(*(v.patient_id for day in days for c in _of(day, chosen.id) for v in c.visits))
    return render(request, "desk/diary/week.html", context)


def _head(day: diary.Day, names: dict[date, str], today: date) -> dict[str, Any]:
    return {
        "words": short_day_words(day.day, get_language() or "en"),
        "href": reverse("desk:diary_day", args=[day.day.isoformat()]),
        "name": names.get(day.day, ""),
        "is_today": day.day == today,
    }


def _summary(days: list[diary.Day]) -> str:
    visits = [visit for day in days for visit in day.visits]
    n, calm = len(visits), sum(visit.is_unhurried for visit in visits)
    words = [ngettext("%(n)d visit", "%(n)d visits", n) % {"n": n} if n else gettext("nobody yet")]
    words += [ngettext("%(n)d unhurried", "%(n)d unhurried", calm) % {"n": calm}] if n else []
    return " · ".join(words)


def _of(day: diary.Day, practitioner_id: Any) -> list[diary.DayChair]:
    return [chair for chair in day.chairs if chair.practitioner_id == practitioner_id]


def _rows(days: list[diary.Day], monday: date, request: DeskRequest) -> list[Row]:
    names = {c.practitioner_id: c.given_name or c.display_name for day in days for c in day.chairs}
    here = reverse("desk:diary_week", args=[monday.isoformat()])
    return [
        Row(
            name or gettext("The practice"),
            f"{here}?with={key}" if key else "",
            [_cell(next(iter(_of(day, key)), None), day, request) for day in days],
        )
        for key, name in names.items()
    ]


def _cell(chair: diary.DayChair | None, day: diary.Day, request: DeskRequest) -> Cell:
    href, zone = reverse("desk:diary_day", args=[day.day.isoformat()]), request.practice.zone
    is_past, on = day.day < day_of(request.now, zone), short_day_words(day.day, get_language() or "en")
    if chair is None or not (chair.working or chair.visits):
        words = gettext("away") if chair is not None and chair.away else gettext("not here")
        return Cell(on, "", words, "", "", href, is_past)
    n = len(chair.visits)
    visits = ngettext("%(n)d visit", "%(n)d visits", n) % {"n": n} if n else _nobody(is_past)
    words, pace = grid.pace_words(chair, zone)
    return Cell(
        on, visits, "" if is_past else _free_words(chair, request), pace if n else "", words if n else "", href, is_past
    )


def _nobody(is_past: bool) -> str:
    return gettext("nobody") if is_past else gettext("nobody yet")


def _free_words(chair: diary.DayChair, request: DeskRequest) -> str:
    """Return how much is free, from when on: "2 h 10 min free from 11:20"."""
    from_ = next_step(request.now)
    ahead = [Period(max(p.start, from_), p.end) for p in chair.free if p.end > from_]
    ahead = [period for period in ahead if period.minutes >= LEAST]
    if not ahead:
        return gettext("away") if chair.away else gettext("full")
    length = unbroken(grid.minutes_words(round(sum(period.minutes for period in ahead))))
    first = wall(ahead[0].start, request.practice.zone)
    return gettext("%(length)s free from %(hour)s") % {"length": length, "hour": f"{first:%H:%M}"}


def _grid(days: list[diary.Day], practitioner_id: Any, request: DeskRequest) -> Day:
    scale, look = grid.scale_for(days), grid.Look(request.now)
    columns, now = [], None
    for day in days:
        title = short_day_words(day.day, get_language() or "en")
        href = reverse("desk:diary_day", args=[day.day.isoformat()])
        chair = next(iter(_of(day, practitioner_id)), None)
        if chair is None:
            columns.append(DayColumn(title, small=gettext("not here"), href=href))
            continue
        small, pace = grid.pace_words(chair, request.practice.zone)
        slots = grid.slots_of(chair, day, scale, look)
        columns.append(
            DayColumn(title, slots, small, pace, str(practitioner_id or ""), day.day.isoformat(), href)
        )  # fmt: skip
    return Day(columns, scale.words, now, f"{scale.top:%H:%M}")
