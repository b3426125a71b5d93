"""The journey row by row, and one row with its choices and whom it would reach."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from glede.desk.access import OWNERS, DeskRequest, page
from glede.desk.forecast.kept import forecast_for
from glede.desk.journeys.ahead import SPAN, ahead, until
from glede.desk.journeys.changes import CHANGED_MEANWHILE, is_added, made, walked_row
from glede.desk.journeys.forms import RowForm
from glede.desk.journeys.measures import sent_by_row
from glede.desk.journeys.telling import begins_words, is_foreseen, is_on, name_of, rests_because, row_in, sentence
from glede.desk.journeys.words import words_of_row
from glede.journeys.operations import ChangedMeanwhile
from glede.journeys.queries import journey_raw, under_way
from glede.journeys.words import STEPS

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
    sent: int | None = None
    is_foreseen: bool = True


@dataclass(frozen=True)
class Step:
    """One of the ten steps: the rows that are walked or can be, and those that rest."""

    number: int
    name: str
    lines: list[Line]

    @property
    def walked(self) -> list[Line]:
        """The rows that are on, or could be."""
        return [one for one in self.lines if not one.rests]

    @property
    def resting(self) -> list[Line]:
        """The rows that rest."""
        return [one for one in self.lines if one.rests]


@page("journeys")
def every(request: DeskRequest) -> HttpResponse:
    """Show every row by the ten steps; with ``count``, how many people each would reach in the next 30 days."""
    raw, version = journey_raw(request.practice.pk)
    counts = _counts(request) if request.GET.get("count") else None
    sent = sent_by_row(request, SPAN) if counts is not None else {}
    steps = [Step(step, str(name), _lines(raw, step, counts, sent)) for step, name in STEPS.items()]
    context = {
        "page": "settings",
        "steps": steps,
        "at_rest": [one for one in steps if one.lines and not one.walked],
        "version": version,
        "span": SPAN,
        "is_counted": counts is not None,
        "is_owner": request.membership.role in OWNERS,
    }
    return render(request, "desk/journeys/page.html", context)


def _lines(raw: Any, step: int, counts: Counter[str] | None, sent: Mapping[str, int]) -> list[Line]:
    return [_line(row, counts, sent.get(row["row"])) for row in raw["rows"] if row["step"] == step]


def _line(row: Any, counts: Counter[str] | None, sent: int | None) -> Line:
    count = counts[row["row"]] if counts is not None and is_on(row) else None
    return Line(row["row"], name_of(row), sentence(row), is_on(row), rests_because(row), count, sent, is_foreseen(row))


def _counts(request: DeskRequest) -> Counter[str]:
    found = forecast_for(request.practice, until=until(request), now=request.now)
    return Counter(row for row, _person in {(one.row, one.person_id) for one in found.touches})


@page("journey_row", roles=OWNERS, methods=["GET", "POST"])
def one(request: DeskRequest, row: str) -> HttpResponse:
    """Show one row with its choices; try them on the next 30 days, or make them the next version."""
    raw, version = journey_raw(request.practice.pk)
    walked_row(raw, row)
    form = RowForm(
        _chosen(request, version), raw=raw, row=row, version=version, under_way=under_way(request.practice.pk)
    )
    is_try = bool(request.POST.get("try"))
    is_sound = request.method == "POST" and form.is_valid()
    if is_sound and not is_try:
        try:
            return _save(request, form)
        except ChangedMeanwhile:
            form.add_error(None, CHANGED_MEANWHILE)
    changed = form.cleaned_data["document"] if is_sound else None
    context = _told(request, form) | {"is_try": is_try}
    if changed and changed != raw:
        context["tried"] = sentence(row_in(changed, row))
    if is_try:
        context |= ahead(request, row, changed, form.cleaned_data.get("under_way", "move"))
    refused = form.is_bound and not is_try
    return render(request, "desk/journeys/row.html", context, status=422 if refused else 200)


def _chosen(request: DeskRequest, version: int) -> Any:
    """Return what was chosen; where the page is drawn again it stands on the version in force."""
    if request.method != "POST":
        return None
    data = request.POST.copy()
    data["seen"] = str(version)
    return data


def _told(request: DeskRequest, form: RowForm) -> dict[str, Any]:
    standing = row_in(form.raw, form.code)
    return {
        "page": "settings",
        "form": form,
        "row": form.code,
        "name": name_of(standing),
        "sentence": sentence(standing),
        "begins": begins_words(standing),
        "is_on": is_on(standing),
        "is_call": standing["act"] == "call",
        "span": SPAN,
        "is_added": is_added(form.code),
        "is_foreseen": is_foreseen(standing),
        "is_unconfirmed": standing.get("only", {}).get("unconfirmed"),
        "words": words_of_row(request, form.code),
    }


def _save(request: DeskRequest, form: RowForm) -> HttpResponse:
    """Keep what was chosen. Raises ``ChangedMeanwhile`` where it was made on an older version."""
    if form.cleaned_data["document"] == form.raw:
        messages.success(request, gettext("That is how it stood already."))
        return redirect("desk:journey_row", form.code)
    way, seen = form.cleaned_data.get("under_way", "keep"), request.POST.get("seen", "")
    if seen != str(form.cleaned_data["seen"]):
        raise ChangedMeanwhile(seen)
    return made(request, form.cleaned_data["document"], way, int(seen), row=form.code)
