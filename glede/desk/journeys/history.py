"""The versions of the journey: who made which, what changed, an older one again."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from glede.desk.access import OWNERS, DeskRequest, page
from glede.desk.diary.history import moment
from glede.desk.journeys.changes import changed_to
from glede.desk.journeys.forms import UNDER_WAY, under_way_words
from glede.desk.journeys.telling import differences
from glede.journeys.queries import journey_versions, under_way
from glede.staff.queries import colleague_names

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
        "ways": [one for one in UNDER_WAY if one[0] != "stop"],
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
