"""How messages fare: each channel of the last seven days, and the balance of everything that was planned."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from glede.desk.access import DeskRequest, page
from glede.desk.diary.history import moment
from glede.outbox.faring import Balance, Faring, balance, faring
from glede.outbox.words import CHANNELS

SINCE = timedelta(days=7)
PARTS = {
    "sent": _("sent"),
    "rehearsed": _("rehearsed"),
    "waits": _("waiting for their hour, or held"),
    "leaving": _("leaving at this moment"),
    "in_doubt": _("in doubt"),
    "not_sent": _("not sent, each with its reason"),
    "call": _("became a call"),
    "failed": _("did not arrive"),
}


@page("outbox_faring")
def show(request: DeskRequest) -> HttpResponse:
    """Show how each channel fares, and that everything planned is accounted for."""
    found = balance(request.practice.pk)
    ways = faring(request.practice.pk, since=request.now - SINCE, now=request.now)
    context = {
        "page": "outbox",
        "sentence": sentence(found),
        "is_whole": not found.missing,
        "planned": found.planned,
        "parts": [(PARTS[name], n) for name, n in found.parts if n],
        "ways": [way(one, request.practice.zone) for one in ways],
        "is_live": request.practice.is_live,
        "stopped_at": request.practice.stopped_at,
    }
    return render(request, "desk/outbox/faring.html", context)


def sentence(found: Balance) -> str:
    """Return whether everything planned is accounted for."""
    if not found.missing:
        return gettext("Everything that was planned is accounted for.")
    if found.missing > 0:
        return ngettext(
            "%(n)d message is not accounted for. Tell whoever looks after Glede.",
            "%(n)d messages are not accounted for. Tell whoever looks after Glede.",
            found.missing,
        ) % {"n": found.missing}
    return gettext("More is told than was planned. Tell whoever looks after Glede.")


def way(one: Faring, zone: str) -> dict[str, Any]:
    """Return one channel as a line of the table."""
    words, level = gettext("as it should be"), ""
    if one.rests_until is not None:
        words = gettext("disturbed; tried again %(when)s") % {"when": moment(one.rests_until, zone)}
        level = "late"
    elif one.in_doubt:
        words, level = gettext("we are finding out about some"), "soon"
    return {
        "channel": CHANNELS.get(one.channel, one.channel),
        "sent": one.sent,
        "arrived": one.arrived,
        "failed": one.failed,
        "in_doubt": one.in_doubt,
        "words": words,
        "level": level,
        "icon": {"late": "circle-alert", "soon": "circle-question-mark"}.get(level, "check"),
    }
