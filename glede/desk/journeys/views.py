"""The journey row by row, and one row with its choices and whom it would reach."""

from collections import Counter
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext

from glede.desk.access import OWNERS, DeskRequest, page
from glede.desk.forecast.kept import forecast_for
from glede.desk.forecast.views import ASSUMED
from glede.desk.journeys.forms import RowForm, row_in
from glede.desk.journeys.telling import is_on, name_of, rests_because, sentence
from glede.desk.settings.wording import VARIANTS
from glede.journeys import document
from glede.journeys.document import is_resting
from glede.journeys.forecast import Foretold, forecast
from glede.journeys.operations import ChangedMeanwhile, change_journey
from glede.journeys.queries import journey_raw, under_way
from glede.journeys.words import STEPS
from glede.kernel.clock import at_wall, day_of
from glede.kernel.words import short_day_words
from glede.people import queries as people
from glede.ui import undo

SPAN = 30
SHOWN = 12
LETTERS = "abcdefghijkl"


@dataclass(frozen=True)
class Line:
    """One row in the list: what it says, whether it is walked, why it rests, and how many it would reach."""

    row: str
    name: str
    sentence: str
    is_on: bool
    rests: str
    people: int | None = None


@dataclass(frozen=True)
class Reached:
    """Whom a row would reach: how many people, and the first of them with day and way."""

    count: int
    people: list[tuple[UUID, str, str, str]]

    @property
    def more(self) -> int:
        """How many stand nowhere on the page."""
        return self.count - len(self.people)


@page("journeys")
def every(request: DeskRequest) -> HttpResponse:
    """Show every row by the ten steps; with ``count``, how many people each would reach in the next 30 days."""
    raw, version = journey_raw(request.practice.pk)
    counts = _counts(request) if request.GET.get("count") else None
    steps = [(str(name), _lines(raw, step, counts)) for step, name in STEPS.items()]
    context = {
        "page": "settings",
        "steps": [one for one in steps if one[1]],
        "version": version,
        "span": SPAN,
        "is_counted": counts is not None,
        "is_owner": request.membership.role in OWNERS,
    }
    return render(request, "desk/journeys/page.html", context)


def _lines(raw: Any, step: int, counts: Counter[str] | None) -> list[Line]:
    return [
        Line(
            row["row"], name_of(row), sentence(row), is_on(row), rests_because(row),
            counts[row["row"]] if counts is not None and is_on(row) else None,
        )
        for row in raw["rows"] if row["step"] == step
    ]  # fmt: skip


def _until(request: DeskRequest) -> datetime:
    zone = request.practice.zone
    return at_wall(day_of(request.now, zone) + timedelta(days=SPAN), time(0), zone)


def _counts(request: DeskRequest) -> Counter[str]:
    found = forecast_for(request.practice, until=_until(request), now=request.now)
    return Counter(row for row, _person in {(one.row, one.person_id) for one in found.touches})


@page("journey_row", roles=OWNERS, methods=["GET", "POST"])
def one(request: DeskRequest, row: str) -> HttpResponse:
    """Show one row with its choices; try them on the next 30 days, or make them the next version."""
    raw, version = journey_raw(request.practice.pk)
    standing, walking = _walked(raw, row), under_way(request.practice.pk)
    form = RowForm(request.POST or None, raw=raw, row=row, version=version, under_way=walking)
    is_try = bool(request.POST.get("try"))
    is_sound = request.method == "POST" and form.is_valid()
    if is_sound and not is_try:
        return _save(request, form)
    changed = form.cleaned_data["document"] if is_sound else None
    context = {
        "page": "settings",
        "form": form,
        "row": row,
        "name": name_of(standing),
        "sentence": sentence(standing),
        "is_on": is_on(standing),
        "tried": sentence(row_in(changed, row)) if changed else "",
        "walking": walking,
        "span": SPAN,
        "is_added": row not in {one["row"] for one in document.default_raw()["rows"]},
        "words": list(_spots(standing)),
    }
    if is_try:
        context |= _ahead(request, row, changed, form.cleaned_data.get("under_way", "move"))
    refused = form.is_bound and not is_sound and not request.htmx
    return render(request, "desk/journeys/row.html", context, status=422 if refused else 200)


def _walked(raw: Any, row: str) -> dict[str, Any]:
    try:
        found = row_in(raw, row)
    except LookupError as error:
        raise Http404 from error
    if is_resting(found):
        raise Http404
    return found


def _spots(row: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """Yield where each text of a row is worded, and what it is called."""
    language = "nb" if (get_language() or "en").startswith("nb") else "en"
    for variant in row["wording"]:
        several = len(row["wording"]) > 1
        for channel, words in (("sms", gettext("text")), ("email", gettext("e-mail"))):
            yield (
                f"{row['row']}.{variant}.{channel}.{language}",
                f"{words}: {VARIANTS.get(variant, variant)}" if several else words,
            )


def _ahead(request: DeskRequest, row: str, changed: Any, way: str) -> dict[str, Any]:
    until, now = _until(request), request.now
    today = [one for one in forecast_for(request.practice, until=until, now=now).touches if one.row == row]
    if changed is None:
        return {"is_tried": True, "today": _reached(request, today)}
    read = document.parse(changed)
    new = forecast(request.practice, since=now, until=until, now=now, changed=read, under_way=way)
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
        [(key, names[key].given_name, _day(request, one), _way(one)) for key, one in some.items() if key in names],
    )


def _day(request: DeskRequest, one: Foretold) -> str:
    return short_day_words(day_of(one.at, request.practice.zone), get_language() or "en")


def _way(one: Foretold) -> str:
    words = gettext("call") if one.act == "call" else gettext("message")
    return f"{words}, {ASSUMED[one.assumes]}" if one.assumes else words


def _save(request: DeskRequest, form: RowForm) -> HttpResponse:
    if form.cleaned_data["document"] == form.raw:
        messages.success(request, gettext("That is how it stood already."))
        return redirect("desk:journey_row", form.code)
    way = form.cleaned_data.get("under_way", "keep")
    return changed_to(request, form.cleaned_data["document"], way, form.cleaned_data["seen"])


def changed_to(request: DeskRequest, raw: Any, way: Any, seen: int) -> HttpResponse:
    """Make a sound document the next version, go to the list, and offer to take it back where that can be done."""
    given = {"practice_id": request.practice.pk, "by": request.by, "now": request.now}
    try:
        made = change_journey(raw=raw, under_way=way, seen=seen, **given)
    except ChangedMeanwhile:
        messages.error(request, gettext("Somebody else changed the journey meanwhile. Look at it, and try again."))
        return redirect("desk:journeys")
    words = gettext("Kept as version %(n)d.") % {"n": made.version}
    if way == "stop":
        messages.success(request, words)
    else:
        undo.offer(request, words, reverse("desk:journey_restore", args=[seen]) + f"?under_way={way}")
    return redirect("desk:journeys")


@page("journey_row_again", roles=OWNERS, methods=["POST"])
def again(request: DeskRequest, row: str) -> HttpResponse:
    """Add a second row like this one, switched off until its day is chosen."""
    raw, version = journey_raw(request.practice.pk)
    standing, taken = _walked(raw, row), {one["row"] for one in raw["rows"]}
    number = row.rstrip(LETTERS)
    free = next((number + letter for letter in LETTERS if number + letter not in taken), None)
    if free is None:
        raise Http404
    new, changed = deepcopy(standing), deepcopy(raw)
    new |= {"row": free, "is_on": False, "name": {key: f"{name} ({free})" for key, name in standing["name"].items()}}
    place = next(n for n, one in enumerate(raw["rows"]) if one["row"] == row)
    changed["rows"].insert(place + 1, new)
    changed_to(request, changed, "move", version)
    return redirect("desk:journey_row", free)


@page("journey_row_remove", roles=OWNERS, methods=["POST"])
def remove(request: DeskRequest, row: str) -> HttpResponse:
    """Remove a row that the practice added; those that come with Glede are switched off instead."""
    raw, version = journey_raw(request.practice.pk)
    if row in {one["row"] for one in document.default_raw()["rows"]}:
        raise Http404
    _walked(raw, row)
    left = {**raw, "rows": [one for one in raw["rows"] if one["row"] != row]}
    return changed_to(request, left, "move", version)
