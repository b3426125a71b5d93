"""Going live: the list, what leaves in the next 24 hours, the steps, and the switch. For owners."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from glede.desk.access import OWNERS, DeskRequest, page
from glede.desk.address import prove_address
from glede.desk.diary.history import moment
from glede.desk.golive import ticks, trials
from glede.desk.golive.leaving import next_day, obstacles
from glede.desk.journeys.telling import is_on
from glede.desk.outbox.views import row_words
from glede.journeys.queries import journey_raw
from glede.people.operations import record_origin
from glede.practices import operations as practices
from glede.practices.queries import public_base, wished_base

ORIGINS = {
    "asked": _("They gave them to us when they booked or came in"),
    "form": _("They wrote them on a form of ours"),
    "old_system": _("They stood in our old system; people gave them to us over the years"),
    "unknown": _("We do not know for all of them"),
}
SHOWN = 100


@page("live", roles=OWNERS, methods=["GET", "POST"])
def live(request: DeskRequest) -> HttpResponse:
    """Show the list and what would leave in the next 24 hours; switch to live, or back to rehearsal."""
    if request.method == "POST":
        return _switch(request)
    return render(request, "desk/golive/page.html", _context(request))


def _context(request: DeskRequest) -> dict[str, Any]:
    practice, leaving = request.practice, next_day(request.practice, request.now)
    request.look_at(*(one.patient_id for one in leaving[:SHOWN]))
    lines, standing = ticks.lines(practice), obstacles(practice)
    met = sum(line.is_met for line in lines)
    return {
        "page": "settings",
        "lines": lines,
        "met": met,
        "obstacles": standing,
        "may_go_live": not standing and met == len(lines),
        "waiting": trials.waiting(request),
        "origins": ORIGINS.items(),
        "leaving": leaving[:SHOWN],
        "leaving_n": len(leaving),
        "more": max(0, len(leaving) - SHOWN),
        "steps": [(row, words, row not in practice.paused_rows) for row, words in _steps(request).items()],
        "base": public_base(practice),
        "wanted_base": wished_base(practice),
        "since": moment(practice.live_since, practice.zone),
    }


def _steps(request: DeskRequest) -> dict[str, str]:
    """Return what each step is called that the journey walks; what is off there needs no second switch here."""
    called, (raw, _version) = row_words(request.practice.pk), journey_raw(request.practice.pk)
    return {row["row"]: called.get(row["row"], row["row"]) for row in raw["rows"] if is_on(row)}


def _given(request: DeskRequest) -> dict[str, Any]:
    return {"practice_id": request.practice.pk, "by": request.by, "now": request.now}


def _switch(request: DeskRequest) -> HttpResponse:
    if request.POST.get("to") == "rehearsal":
        practices.go_back_to_rehearsal(**_given(request))
        messages.success(request, gettext("Rehearsal again: nothing is sent."))
        return redirect("desk:live")
    unmet = [line for line in ticks.lines(request.practice) if not line.is_met]
    if unmet or obstacles(request.practice):
        messages.error(request, gettext("The list is not done yet, so nothing is sent."))
        return redirect("desk:live")
    practices.go_live(**_given(request))
    messages.success(request, gettext("Live. For the first day every message waits a quarter of an hour."))
    return redirect("desk:live")


@page("live_tick", roles=OWNERS, methods=["POST"])
def tick(request: DeskRequest) -> HttpResponse:
    """Tick a line that somebody vouches for, or take the tick back."""
    line = ticks.line(request.practice, request.POST.get("code", ""))
    if line is None or line.code not in ticks.PRESSED:
        raise Http404
    if line.is_met:
        practices.withdraw_tick(code=line.code, **_given(request))
    else:
        practices.make_tick(code=line.code, basis=line.basis, **_given(request))
    return _back(line.code)


@page("live_trial", roles=OWNERS, methods=["POST"])
def trial(request: DeskRequest) -> HttpResponse:
    """Send a trial mail, or take the code that stood in it."""
    line = ticks.line(request.practice, request.POST.get("code", ""))
    if line is None or line.code not in ticks.TRIALS:
        raise Http404
    typed = request.POST.get("typed", "").strip()
    if typed:
        _take(request, line, typed)
    elif request.practice.is_virtual or obstacles(request.practice):
        messages.error(request, gettext("First put right what stands under “Before that”."))
    else:
        has_left, words = trials.send(request, line.code)
        to = trials.address_for(request, line.code)
        if has_left:
            messages.success(request, gettext("A mail is on its way to %(to)s. Type its code here.") % {"to": to})
        else:
            messages.error(request, gettext("The mail did not leave: %(words)s") % {"words": words})
    return _back(line.code)


def _take(request: DeskRequest, line: ticks.Line, typed: str) -> None:
    if trials.is_right(request, line.code, typed):
        practices.make_tick(code=line.code, basis=line.basis, **_given(request))
    else:
        messages.error(request, gettext("That is not the code. Read it again, or send a new mail."))


@page("live_origin", roles=OWNERS, methods=["POST"])
def origin(request: DeskRequest) -> HttpResponse:
    """Note for each person how their addresses came to the practice."""
    said = request.POST.get("origin", "")
    if said not in ORIGINS:
        messages.error(request, gettext("Choose the answer that fits best."))
        return _back("origin")
    n = record_origin(origin=said, wording=str(ORIGINS[said]), **_given(request))
    messages.success(request, gettext("Noted for %(n)d people.") % {"n": n})
    return _back("origin")


@page("live_steps", roles=OWNERS, methods=["POST"])
def steps(request: DeskRequest) -> HttpResponse:
    """Switch steps of the journey on or off."""
    on = set(request.POST.getlist("on"))
    practices.pause_rows(rows=[row for row in _steps(request) if row not in on], **_given(request))
    messages.success(request, gettext("Kept. What was due before now is not sent afterwards."))
    return _back("steps")


@page("live_address", roles=OWNERS, methods=["POST"])
def address(request: DeskRequest) -> HttpResponse:
    """Ask the public address for a word of this house, and say whether it led here."""
    base = wished_base(request.practice)
    if not base:
        return redirect("desk:settings")
    if prove_address(request, base):
        messages.success(request, gettext("%(base)s leads here. Messages carry links now.") % {"base": base})
    return _back("address")


def _back(part: str) -> HttpResponse:
    response = redirect("desk:live")
    response["Location"] += f"#{part}"
    return response
