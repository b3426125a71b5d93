"""Who has looked at whom: every look, by person, colleague and time, a page at a time."""

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from glede.desk.access import OWNERS, DeskRequest, page
from glede.desk.colleagues.looks import where_words, who_words
from glede.desk.diary.history import moment
from glede.desk.diary.times import read_uuid
from glede.kernel.clock import at_wall
from glede.ledger.queries import looks_at
from glede.people.queries import names, search
from glede.staff.queries import colleague_names, colleagues

SHOWN = 50
FOUND = 20


class Filter(forms.Form):
    """Whom, by whom, when: all may be left empty."""

    person = forms.CharField(label=_("Person"), required=False, max_length=120)
    who = forms.ChoiceField(label=_("Colleague"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Up to and with"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Any, practice_id: UUID) -> None:
        super().__init__(data)
        known = [(str(one.membership_id), one.display_name) for one in colleagues(practice_id)]
        self.fields["who"].choices = [("", _("Everybody")), *known]  # type: ignore[attr-defined]


@page("all_looks", roles=OWNERS)
def looks(request: DeskRequest) -> HttpResponse:
    """Show looks, the last first. Whoever stands in them is looked at by it, and that is noted."""
    form = Filter(request.GET, request.practice.pk)
    given = form.cleaned_data if form.is_valid() else {}
    wanted = _people(request, given.get("person", ""))
    seen = _seen(request, given, wanted)
    known = names(request.practice.pk, {one.patient_id for one in seen})
    request.look_at(*known)
    staff = colleague_names(request.practice.pk)
    context = {
        "page": "people",
        "form": form,
        "lines": [
            (moment(one.at, request.practice.zone), who_words(one.role, one.who, staff), known.get(one.patient_id),
             where_words(one.role, one.page))
            for one in seen[:SHOWN]
        ],
        "following": _following(request, seen[SHOWN - 1].id) if len(seen) > SHOWN else "",
        "is_filtered": any(given.values()),
    }  # fmt: skip
    return render(request, "desk/rights/looks.html", context)


def _seen(request: DeskRequest, given: dict[str, Any], wanted: list[UUID] | None) -> list[Any]:
    zone = request.practice.zone
    since, until = given.get("since"), given.get("until")
    asked: dict[str, Any] = {
        "who": read_uuid(given.get("who", "")),
        "since": _midnight(since, zone) if since else None,
        "until": _midnight(until + timedelta(days=1), zone) if until else None,
        "before": read_uuid(request.GET.get("before", "")),
        "limit": SHOWN + 1,
    }
    if wanted is None:
        return looks_at(request.practice.pk, **asked)
    found = [one for person in wanted for one in looks_at(request.practice.pk, person, **asked)]
    return sorted(found, key=lambda one: one.id, reverse=True)[: SHOWN + 1]


def _people(request: DeskRequest, words: str) -> list[UUID] | None:
    """Return whom the words mean; None where nobody is named."""
    if not words.strip():
        return None
    return [one.patient_id for one in search(request.practice.pk, words, limit=FOUND)]


def _midnight(day: date, zone: str) -> datetime:
    return at_wall(day, time(), zone)


def _following(request: DeskRequest, last: UUID) -> str:
    given = {name: value for name, value in request.GET.items() if name != "before"}
    return f"?{urlencode({**given, 'before': last})}"
