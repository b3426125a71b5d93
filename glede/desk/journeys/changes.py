"""Acts on the journey: each makes another version, which one key takes back."""

from copy import deepcopy
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from glede.desk.access import OWNERS, DeskRequest, page
from glede.desk.journeys.telling import row_in
from glede.journeys import document
from glede.journeys.document import is_resting
from glede.journeys.operations import ChangedMeanwhile, change_journey
from glede.journeys.queries import journey_raw, wording_in_force
from glede.ui import undo

LETTERS = "abcdefghijkl"
CHANGED_MEANWHILE = _(
    "Somebody else changed the journey meanwhile. Your choices still stand here: look at them, and save again."
)


def is_added(row: str) -> bool:
    """Return whether a row is one that the practice made."""
    return row not in {one["row"] for one in document.default_raw()["rows"]}


def walked_row(raw: Any, row: str) -> dict[str, Any]:
    """Return a row that is walked, or could be. Raises ``Http404`` for one that rests or is not there."""
    try:
        found = row_in(raw, row)
    except LookupError as error:
        raise Http404 from error
    if is_resting(found):
        raise Http404
    return found


def changed_to(request: DeskRequest, raw: Any, way: Any, seen: int, words: str = "") -> HttpResponse:
    """Make a sound document the next version as ``made`` does; where somebody else was quicker, say so on the list."""
    try:
        return made(request, raw, way, seen, words)
    except ChangedMeanwhile:
        return _too_late(request)


def _too_late(request: DeskRequest) -> HttpResponse:
    messages.error(request, gettext("Somebody else changed the journey meanwhile. Look at it, and try again."))
    return redirect("desk:journeys")


def made(request: DeskRequest, raw: Any, way: Any, seen: int, words: str = "", *, row: str = "") -> HttpResponse:
    """Make a sound document the next version, go to the list, and offer to take it back where that can be done.

    ``words`` say what was done, with a place for the version's number. Raises ``ChangedMeanwhile``.
    """
    given = {"practice_id": request.practice.pk, "by": request.by, "now": request.now}
    version = change_journey(raw=raw, under_way=way, seen=seen, **given).version
    told = (words or gettext("Kept as version %(n)d.")) % {"n": version}
    if way == "stop":
        messages.success(request, told)
    else:
        asked = urlencode({"under_way": way, "seen": version})
        undo.offer(request, told, f"{reverse('desk:journey_restore', args=[seen])}?{asked}")
    return redirect(reverse("desk:journeys") + (f"#row-{row}" if row else ""))


@page("journey_row_again", roles=OWNERS, methods=["POST"])
def again(request: DeskRequest, row: str) -> HttpResponse:
    """Add a second row like this one, switched off until its day is chosen."""
    raw, version = journey_raw(request.practice.pk)
    standing, taken = walked_row(raw, row), {one["row"] for one in raw["rows"]}
    number = row.rstrip(LETTERS)
    free = next((number + letter for letter in LETTERS if number + letter not in taken), None)
    if free is None:
        raise Http404
    new, changed = deepcopy(standing), deepcopy(raw)
    new |= {"row": free, "is_on": False, "name": {key: f"{name} ({free})" for key, name in standing["name"].items()}}
    _say_the_same(request, row, new["wording"])
    place = next(n for n, one in enumerate(raw["rows"]) if one["row"] == row)
    changed["rows"].insert(place + 1, new)
    try:
        made(request, changed, "keep", version, gettext("Added, and off. Kept as version %(n)d."))
    except ChangedMeanwhile:
        return _too_late(request)
    return redirect("desk:journey_row", free)


def _say_the_same(request: DeskRequest, row: str, wording: Any) -> None:
    """Write the practice's own words of a row into the wording of another one like it."""
    for spot, words in wording_in_force(request.practice.pk)[1].items():
        texts = wording.get(spot.variant, {}).get(spot.language, {}).get(spot.channel)
        if spot.row == row and texts is not None:
            said = {"short": words.short, "friendly": words.friendly, "subject": words.subject}
            texts |= {style: said[style] for style in texts}


@page("journey_row_remove", roles=OWNERS, methods=["POST"])
def remove(request: DeskRequest, row: str) -> HttpResponse:
    """Remove a row that the practice added; those that come with Glede are switched off instead."""
    raw, version = journey_raw(request.practice.pk)
    if not is_added(row):
        raise Http404
    walked_row(raw, row)
    left = {**raw, "rows": [one for one in raw["rows"] if one["row"] != row]}
    return changed_to(request, left, "move", version, gettext("Removed. Kept as version %(n)d."))
