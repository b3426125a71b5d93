"""What came of each row over a span, in words: what left, what did not and why, and what people did then."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from glede.desk.access import DeskRequest, page
from glede.desk.journeys.telling import any_of, name_of, row_in, sentence
from glede.journeys.listing import span_begins
from glede.journeys.measured import CALL, DAYS_AFTER, FATES, FEWEST, HELD, LOST, REHEARSED, SENT, Measured, Share
from glede.journeys.queries import journey_raw, row_measures
from glede.outbox.words import HELD_BY, reason_words

SPANS = {30: _("30 days"), 90: _("90 days"), 365: _("12 months")}
WHEREABOUTS = {
    SENT: pgettext_lazy("of a step", "sent"),
    HELD: pgettext_lazy("of a step", "held"),
    "waits": _("waiting for their hour"),
    "skipped": pgettext_lazy("of a step", "not sent"),
    CALL: _("became a call"),
    "not_arrived": _("did not arrive"),
    "in_doubt": _("we are finding out"),
    REHEARSED: pgettext_lazy("of a step", "rehearsed, never sent"),
    LOST: _("not accounted for"),
}
ACTS = {
    "answered": _("wrote back"),
    "changed": _("confirmed, moved or cancelled the visit themselves"),
    "came": _("came within a day"),
    "rated": _("said how it went"),
    "booked": _("have another visit booked within 30 days"),
}


@dataclass(frozen=True)
class Line:
    """One row of the journey: its name, where its messages stand, and what share was acted on."""

    row: str
    name: str
    fates: str
    acted: str


@page("journey_measures")
def every(request: DeskRequest) -> HttpResponse:
    """Show what came of every row that is walked or could be."""
    days, found = _found(request)
    raw, _version = journey_raw(request.practice.pk)
    lines = [Line(code, name_of(row_in(raw, code)), _fates(one), _acted(one)) for code, one in found.items()]
    return render(request, "desk/journeys/measures.html", {**_context(request, days), "lines": lines})


@page("journey_measured")
def one(request: DeskRequest, row: str) -> HttpResponse:
    """Show what came of one row, with every reason."""
    days, found = _found(request)
    if row not in found:
        raise Http404(row)
    raw, _version = journey_raw(request.practice.pk)
    standing, counted = row_in(raw, row), found[row]
    context = {
        **_context(request, days),
        "row": row,
        "name": name_of(standing),
        "sentence": sentence(standing),
        "fates": [(WHEREABOUTS[fate], n, _why(counted, fate)) for fate, n in counted.fates.items() if n],
        "planned": counted.planned,
        "shares": list(_shares(counted)) if counted.sent or counted.fates[CALL] else [],
        "acts": any_of([str(words) for act, words in ACTS.items() if act in counted.acts]),
        "after": DAYS_AFTER["answered"],
        "counted": counted,
        "prices": [f"{cost.normalize():f} {currency}" for currency, cost in sorted(counted.prices.items())],
        "fewest": FEWEST,
    }
    return render(request, "desk/journeys/measured.html", context)


def sent_by_row(request: DeskRequest, days: int) -> dict[str, int]:
    """Return how many messages of each row were really sent in the last days."""
    return {code: one.sent for code, one in _measures(request, days).items()}


def _found(request: DeskRequest) -> tuple[int, dict[str, Measured]]:
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {str(n) for n in SPANS} else min(SPANS)
    return days, _measures(request, days)


def _measures(request: DeskRequest, days: int) -> dict[str, Measured]:
    since = span_begins(request.practice, days=days, now=request.now)
    return row_measures(request.practice.pk, since=since, until=request.now, now=request.now)


def _context(request: DeskRequest, days: int) -> dict[str, Any]:
    spans = [(f"?days={n}", words, n == days) for n, words in SPANS.items()]
    return {"page": "settings", "spans": spans, "days": days}


def _fates(one: Measured) -> str:
    told = [f"{one.fates[fate]} {WHEREABOUTS[fate]}" for fate in FATES if one.fates[fate]]
    return ", ".join(told) or gettext("Nothing fell due.")


def _acted(one: Measured) -> str:
    if not one.sent or not one.acts:
        return ""
    return gettext("Acted on: %(share)s") % {"share": share_words(one.of_sent(one.acted))}


def share_words(share: Share) -> str:
    """Return a share in words: a percentage between its bounds, or that the cases are too few to say."""
    told: dict[str, object] = {"n": share.n, "of": share.of}
    if share.between is None:
        return gettext("%(n)d of %(of)d, too few to say more") % told
    low, high = share.between
    told |= {"percent": share.percent, "low": low, "high": high}
    return gettext("%(n)d of %(of)d, %(percent)d%% (likely between %(low)d and %(high)d)") % told


def _shares(one: Measured) -> Iterable[tuple[str, str]]:
    if one.sent:
        yield gettext("told to have arrived"), share_words(one.of_sent(one.delivered))
        yield gettext("wrote back"), share_words(one.of_sent(one.followed["answered"]))
        if one.acts:
            yield gettext("acted on it"), share_words(one.of_sent(one.acted))
        yield gettext("said stop"), share_words(one.of_sent(one.followed["stopped"]))
        yield gettext("complained"), share_words(one.of_sent(one.followed["complained"]))
    if one.fates[CALL]:
        yield gettext("reached by a call"), share_words(Share(one.reached, one.fates[CALL]))


def _why(one: Measured, fate: str) -> list[str]:
    """Return the reasons of a fate, the most frequent first; of what was sent, why it waited first."""
    found = sorted(one.why.get(fate, {}).items(), key=lambda pair: (-pair[1], pair[0]))
    if fate == SENT:
        return [
            ngettext("%(n)d waited first: %(why)s", "%(n)d waited first: %(why)s", n) % {"n": n, "why": _held(code)}
            for code, n in found
        ]
    return [f"{n}: {_held(code) if fate == HELD else reason_words(code)}" for code, n in found]


def _held(code: str) -> str:
    return str(HELD_BY.get(code, code))
