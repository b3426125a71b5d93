"""See what we hold, ask to have it put right, ask who looked, for a copy, to be forgotten; and see the answers."""

from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from glede.ledger.queries import Look, looks_at
from glede.people.operations import Wanted, ask_for_right
from glede.people.queries import patient_card, records_of
from glede.people.queries.rights import requests_of
from glede.people.rules.rights import FIELDS, UnreadableCorrection
from glede.portal.gate import Guest, command_of, go, patient_page, show
from glede.portal.rights import presenters
from glede.portal.rights.forms import Correction
from glede.staff.queries import colleague_names, colleagues
from glede.ui.nonce import StaleNonce

ASKED_BY_A_PRESS = ("looks", "export", "erasure")
SHOWN = 100


@patient_page("visit.rights")
def rights(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Show what can be asked, and what became of what was."""
    asked = requests_of(guest.practice.pk, [guest.reach.patient_id])
    until = presenters.revealed_until(asked, guest.now)
    # Up to and with the moment of the answer: what came after it is for the next time they ask.
    told = until and until + timedelta(microseconds=1)
    seen = _looks(guest, told) if told else []
    staff = colleague_names(guest.practice.pk) if seen else {}
    card = patient_card(guest.practice.pk, guest.reach.patient_id)
    open_kinds = {one.kind for one in asked if one.answered_at is None}
    context = {
        "held": presenters.held(card, guest.reach, guest.practice.country),
        "asked": presenters.lines(asked, guest.practice.zone),
        "looks": presenters.looks(seen, staff, guest.practice.zone),
        "may_ask": [kind for kind in ASKED_BY_A_PRESS if kind not in open_kinds],
        "is_asked": request.GET.get("done") == "asked",
        "ask_url": guest.url("rights_ask"),
        "correction_url": guest.url("correction"),
        "nonce": guest.press("rights"),
    }
    return show(request, guest, "rights.html", context)


@patient_page("visit.rights", reads=False, writes=True)
def ask(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Take what somebody asks for."""
    kind = request.POST.get("kind", "")
    try:
        command = command_of(request, guest, "rights")
    except StaleNonce:
        return go(guest, "rights")
    if kind not in ASKED_BY_A_PRESS:
        return go(guest, "rights")
    ask_for_right(
        practice_id=guest.practice.pk, patient_id=guest.reach.patient_id, wanted=Wanted(kind), owner_id=_owner(guest),
        by=guest.by, now=guest.now, command_id=command,
    )  # fmt: skip
    return go(guest, "rights", "asked")


@patient_page("visit.correction", writes=True)
def correction(request: HttpRequest, guest: Guest) -> HttpResponse:
    """Take what should stand where something is wrong. Nothing changes before a colleague has looked."""
    what = request.POST.get("what") or request.GET.get("what", "")
    what = what if what in FIELDS else "name"
    form = Correction(request.POST if request.method == "POST" else None, what)
    if request.method == "POST" and form.is_valid():
        try:
            ask_for_right(
                practice_id=guest.practice.pk, patient_id=guest.reach.patient_id,
                wanted=Wanted("correction", what, form.cleaned_data), by=guest.by, now=guest.now,
                command_id=command_of(request, guest, "correction"),
            )  # fmt: skip
            return go(guest, "rights", "asked")
        except StaleNonce:
            pass
        except UnreadableCorrection:
            form.add_error(FIELDS[what][0], gettext("We cannot read this. Write it another way, or ring us"))
    context = {
        "form": form,
        "what": what,
        "label": presenters.FIELDS[what],
        "rights_url": guest.url("rights"),
        "nonce": guest.press("correction"),
    }
    return show(request, guest, "correction.html", context, 422 if form.errors else 200)


def _looks(guest: Guest, until: datetime) -> list[Look]:
    """Return who looked at the person, by whichever of their records, newest first."""
    records = records_of(guest.practice.pk, [guest.reach.merged_into or guest.reach.patient_id])
    looks = [one for pk in records for one in looks_at(guest.practice.pk, pk, until=until, limit=SHOWN)]
    return sorted(looks, key=lambda one: one.at, reverse=True)[:SHOWN]


def _owner(guest: Guest) -> UUID | None:
    """Return the owner, who answers for the data: by name, where there are several."""
    return next((one.membership_id for one in colleagues(guest.practice.pk) if one.role == "owner"), None)
