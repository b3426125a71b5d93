"""The history of changes: who changed which setting when, from what to what, and undoing it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from glede.catalogue import operations as catalogue
from glede.catalogue.queries import services
from glede.desk.access import MANAGERS, OWNERS, DeskRequest, page
from glede.desk.diary.history import moment
from glede.desk.settings.forms import ROLES
from glede.desk.settings.told import TELLS_ITSELF, field_words, value_words
from glede.diary.operations import (
    is_about_urgent_times,
    settle_days,
    undo_clinician,
    undo_leave,
    undo_urgent_times,
)
from glede.diary.queries.coming import days_changed
from glede.diary.queries.facilities import facilities
from glede.journeys.operations import undo_wording
from glede.ledger.operations import act
from glede.ledger.queries import Happening, events_of_kinds
from glede.practices import operations as practices
from glede.practices import queries
from glede.practices.queries import Change
from glede.staff import operations as staff
from glede.staff.queries import colleague_names, every_practitioner

SHOWN = 30
NARROWED = "narrowed"
WORDS = {
    "practices.practice.started": _("The practice was started"),
    "practices.settings.changed": _("The practice and its promises"),
    "practices.hours.changed": _("Opening hours"),
    "practices.day.closed": _("A day was closed"),
    "practices.day.reopened": _("A closed day was opened again"),
    "practices.mode.changed": _("Rehearsal, live or stopped"),
    "practices.rows.paused": _("Steps of the journey switched on or off"),
    "practices.address.checked": _("The public address was checked"),
    "catalogue.service.added": _("Service added"),
    "catalogue.service.changed": _("Service changed"),
    "catalogue.service.ended": _("Service offered no more"),
    "catalogue.service.brought_back": _("Service offered again"),
    "diary.facility.added": _("Room or device added"),
    "diary.facility.ended": _("Room or device taken away"),
    "diary.facility.brought_back": _("Room or device there again"),
    "staff.practitioner.added": _("Clinician added"),
    "staff.practitioner.changed": _("Clinician changed"),
    "staff.practitioner.ended": _("Clinician takes no more bookings"),
    "staff.practitioner.brought_back": _("Clinician takes bookings again"),
    "diary.hours.changed": _("A clinician’s own hours"),
    "diary.leave.taken": _("A clinician is away"),
    "diary.leave.ended": _("A clinician is not away after all"),
    "diary.urgent_time.kept": _("A time is kept for what is urgent"),
    "diary.urgent_time.ended": _("A time is kept no more"),
    "staff.membership.begun": _("A colleague joined"),
    "staff.membership.changed": _("A colleague’s role"),
    "staff.membership.ended": _("A colleague left"),
    "staff.invitation.made": _("A colleague was invited"),
    "staff.invitation.withdrawn": _("An invitation was taken back"),
    "staff.day_feed.opened": _("A colleague’s own calendar was given an address"),
    "staff.day_feed.closed": _("The address of a colleague’s own calendar was closed"),
    "journeys.journey.changed": _("The journey of a visit"),
    "journeys.wording.changed": _("Words of a message"),
}
MODES = {
    "live": _("live"),
    "rehearsal": _("rehearsal"),
    "stopped": _("everything stopped"),
    "resumed": _("messages go again"),
}


@dataclass(frozen=True)
class Line:
    """One change of a setting, in words."""

    when: str
    who: str
    what: str
    about: str
    parts: list[tuple[str, str, str]]
    undo_id: UUID | None
    is_undone: bool
    undoes: bool


@page("settings_history", roles=MANAGERS)
def history(request: DeskRequest) -> HttpResponse:
    """Show every change of a setting, the newest first, a page at a time."""
    before = request.GET.get("before", "")
    before_seq = int(before) if before.isdecimal() and len(before) < 18 else None
    found = events_of_kinds(request.practice.pk, list(WORDS), before_seq=before_seq, limit=SHOWN + 1)
    shown = found[:SHOWN]
    context = {
        "page": "settings",
        "lines": _lines(request, shown),
        "older": shown[-1].seq if len(found) > SHOWN else None,
        "is_first": before_seq is None,
    }
    return render(request, "desk/settings/history.html", context)


def _lines(request: DeskRequest, found: list[Happening]) -> list[Line]:
    practice = request.practice
    ids = [UUID(one.data["change"]) for one in found if "change" in one.data]
    known, who = queries.changes(practice.pk, ids), colleague_names(practice.pk)
    called = _names(practice.pk)
    # One change may be two events: the first of them tells it.
    told = {one.data.get("change", str(one.seq)): one for one in found}.values()
    lines = [_line(practice, one, known, who, called) for one in told]
    refused = {change.id for change in known.values() if not _may_undo(request, change)}
    return [replace(line, undo_id=None) if line.undo_id in refused else line for line in lines]


def _may_undo(request: DeskRequest, change: Change) -> bool:
    """Return True where the reader may take back a change: who gives roles, or narrows what is sent, takes it back."""
    is_owners = change.subject.kind == "membership" or NARROWED in change.before
    return request.membership.role in (OWNERS if is_owners else MANAGERS)


def _names(practice_id: UUID) -> dict[UUID, str]:
    language = get_language() or "en"
    offered = {card.id: card.name_in(language) for card in services(practice_id, including_ended=True)}
    offered |= {one.id: one.name for one in facilities(practice_id, including_ended=True)}
    return (
        offered | {one.id: one.display_name for one in every_practitioner(practice_id)} | colleague_names(practice_id)
    )


def _line(
    practice: Any, one: Happening, known: dict[UUID, Change], who: dict[UUID, str], called: dict[UUID, str]
) -> Line:
    change = known.get(UUID(one.data["change"])) if "change" in one.data else None
    return Line(
        when=moment(one.at, practice.zone),
        who=who.get(one.by.id, gettext("Glede")) if one.by.id else gettext("Glede"),
        what=str(WORDS[one.kind]),
        about=called.get(one.subject.id, ""),
        parts=_parts(practice, change, called) if change else _plain(one),
        undo_id=change.id if change and not change.is_undone else None,
        is_undone=bool(change and change.is_undone),
        undoes=bool(change and change.undoes_id),
    )


def _parts(practice: Any, change: Change, called: dict[UUID, str]) -> list[tuple[str, str, str]]:
    """Return (field, before, after) of what differs; whether something stands is said by the line itself."""
    found = []
    for field in sorted(change.after):
        if field == "stands":
            continue
        old, new = (
            value_words(
                field, _named(field, side.get(field), called), currency=practice.currency, country=practice.country
            )
            for side in (change.before, change.after)
        )
        # A date with other hours, like a leave, says by itself what it was: as usual, or what its other line tells.
        found.append((new, "", "") if field.startswith(TELLS_ITSELF) else (field_words(field), old, new))
    return found


def _named(field: str, value: Any, called: dict[UUID, str]) -> Any:
    if field == "role":
        return dict(ROLES).get(value, value)
    if field.startswith("urgent:") and value["practitioner"]:
        return value | {"practitioner": called.get(UUID(value["practitioner"]), "")}
    return called.get(UUID(value), value) if field == "membership_id" and value else value


def _plain(one: Happening) -> list[tuple[str, str, str]]:
    """Return what the record alone says: names of fields, days, and the mode."""
    if "fields" in one.data:
        return [(field_words(field), "", "") for field in one.data["fields"]]
    if one.kind == "practices.mode.changed":
        return [(str(MODES.get(one.data.get("to", ""), "")), "", "")]
    return [(str(one.data["day"]), "", "")] if "day" in one.data else []


def _undo(request: DeskRequest, change: Change, given: dict[str, Any]) -> None:
    """Take a change back; where the hours are others again, so is what is to settle with whom."""
    undo, before = undo_of(change), queries.opening_hours(request.practice)
    undo(change_id=change.id, **given)
    if undo is practices.undo_hours:
        after = queries.opening_hours(request.practice)
        settle_days(days=days_changed(request.practice.pk, before, after, now=request.now), **given)


def undo_of(change: Change) -> Callable[..., Any]:
    """Return the operation that takes a change back, by what it is about."""
    if change.subject.kind == "service":
        return catalogue.undo_service
    if change.subject.kind == "membership":
        return staff.undo_role
    if change.subject.kind == "practitioner":
        return _undo_of_a_clinicians(change)
    if is_about_urgent_times(change.before):
        return undo_urgent_times
    if all(key.startswith("wording:") for key in change.before):
        return undo_wording
    if change.before.keys() <= practices.CHANGEABLE:
        return practices.undo_settings
    return practices.undo_hours


def _undo_of_a_clinicians(change: Change) -> Callable[..., Any]:
    if any(key.startswith("leave:") for key in change.before):
        return undo_leave
    return undo_clinician if "hours" in change.before else staff.undo_practitioner


@page("settings_undo", roles=MANAGERS, methods=["POST"])
def undo_change(request: DeskRequest, change_id: UUID) -> HttpResponse:
    """Write what stood before a change as a new change; refused where something later changed the same thing."""
    change = queries.changes(request.practice.pk, [change_id]).get(change_id)
    if change is None:
        raise Http404
    if not _may_undo(request, change):
        raise PermissionDenied
    given = {"practice_id": request.practice.pk, "by": request.by, "now": request.now}
    try:
        with act(**given):
            _undo(request, change, given)
    except practices.ChangedSince:
        messages.error(request, gettext("This was changed again later. Undo the later change first."))
    except (catalogue.CodeTaken, catalogue.NoSuchService):
        messages.error(request, gettext("It cannot be undone any more: something else stands in its place."))
    except staff.LastOwner:
        messages.error(request, gettext("A practice always has an owner. Make somebody else an owner first."))
    else:
        messages.success(request, gettext("Undone. It stands as before."))
    return redirect("desk:settings_history")
