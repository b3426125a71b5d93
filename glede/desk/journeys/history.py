"""The versions of the journey: who made which, what changed, an older one again; out as a file and in."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from glede.desk.access import OWNERS, DeskRequest, page
from glede.desk.diary.history import moment
from glede.desk.journeys.changes import changed_to
from glede.desk.journeys.forms import UNDER_WAY, under_way_words
from glede.desk.journeys.telling import differences, fault_words, place_words
from glede.journeys.document import DocumentRefused, problems_of, read_yaml, write_yaml
from glede.journeys.queries import journey_raw, journey_versions, under_way
from glede.journeys.versions import KEY
from glede.staff.queries import colleague_names
from glede.ui.widgets import ChoiceCards

FAULTS_SHOWN = 20
LARGEST = 2_000_000
WAYS = dict(UNDER_WAY)


@page("journey_history", roles=OWNERS)
def history(request: DeskRequest) -> HttpResponse:
    """Show every version, the newest first, with what differs from the one before."""
    made, who, zone = journey_versions(request.practice.pk), colleague_names(request.practice.pk), request.practice.zone
    lines = [
        {
            "number": one.number,
            "when": moment(one.at, zone) if one.at else "",
            "who": who.get(one.by, "Glede") if one.by else "Glede",
            "differences": differences(before.raw, one.raw) if before else [],
        }
        for one, before in zip(made, [*made[1:], None], strict=True)
    ]
    walking = under_way(request.practice.pk)
    context = {
        "page": "settings",
        "lines": lines,
        "walking": walking,
        "under_way": under_way_words(walking),
        "ways": UNDER_WAY,
        "version": made[0].number,
    }
    return render(request, "desk/journeys/history.html", context)


@page("journey_restore", roles=OWNERS, methods=["POST"])
def restore(request: DeskRequest, version: str) -> HttpResponse:
    """Make an older version the next one, where nobody made another since the page with the button was drawn."""
    made = journey_versions(request.practice.pk)
    found = [one for one in made if str(one.number) == version]
    if not found:
        raise Http404
    way, seen = _asked(request, "under_way"), _asked(request, "seen")
    words = gettext("Back as it comes with Glede, kept as version %(n)d.")
    if found[0].number:
        words = gettext("Version %(old)s is back, kept as version %%(n)d.") % {"old": version}
    standing = int(seen) if seen.isdecimal() else made[0].number
    return changed_to(request, found[0].raw, way if way in WAYS else "move", standing, words)


def _asked(request: DeskRequest, name: str) -> str:
    return request.POST.get(name) or request.GET.get(name, "")


@page("journey_file", roles=OWNERS)
def file(request: DeskRequest) -> HttpResponse:
    """Give the journey in force out as YAML."""
    raw, version = journey_raw(request.practice.pk)
    response = HttpResponse(write_yaml(raw), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="journey-{version}.yaml"'
    return response


class FileForm(forms.Form):
    """A journey as a file, and what becomes of those under way."""

    file = forms.FileField(
        label=_("A file (.yaml)"), error_messages={"empty": _("There is nothing in this file.")},
        help_text=_("Take the journey out, change the file, and bring it in again."),
    )  # fmt: skip
    under_way = forms.ChoiceField(
        label=_("Those under way"), choices=UNDER_WAY, initial="move", widget=ChoiceCards(tight=True)
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


@page("journey_bring", roles=OWNERS, methods=["GET", "POST"])
def bring(request: DeskRequest) -> HttpResponse:
    """Take a journey in from a file; one that cannot work is refused and says why."""
    posted, version = request.method == "POST", journey_raw(request.practice.pk)[1]
    form = FileForm(request.POST if posted else None, request.FILES if posted else None, initial={"seen": version})
    faults: list[tuple[str, str]] = []
    if posted and form.is_valid():
        raw, problems = _read(form.cleaned_data["file"])
        faults = [(place_words(path, raw), fault_words(code)) for path, code in problems]
        if not faults:
            return changed_to(request, raw, form.cleaned_data["under_way"], form.cleaned_data["seen"])
    context = {
        "page": "settings",
        "form": form,
        "faults": faults[:FAULTS_SHOWN],
        "more": max(0, len(faults) - FAULTS_SHOWN),
        "walking": under_way(request.practice.pk),
    }
    return render(request, "desk/journeys/bring.html", context, status=422 if posted else 200)


def _read(given: Any) -> tuple[Any, list[tuple[str, str]]]:
    """Return what stands in a file, and everything that keeps it from being the practice's journey."""
    if given.size > LARGEST:
        return None, [("", "not_yaml")]
    try:
        raw = read_yaml(given.read().decode("utf-8"))
    except (DocumentRefused, UnicodeDecodeError):
        return None, [("", "not_yaml")]
    problems = problems_of(raw)
    if not problems and raw["journey"] != KEY:
        problems = [("journey", KEY)]
    return raw, problems
