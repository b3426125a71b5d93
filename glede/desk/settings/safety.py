"""How safe the data is, in sentences, and the page that stands between a restored backup and sending again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from glede.desk.access import OWNERS, DeskRequest, page
from glede.desk.diary.history import moment
from glede.kernel import clock
from glede.people import queries as people
from glede.practices import operations as practices
from glede.practices import queries

HAPPENED = {"booked": _("Booked since"), "cancelled": _("Cancelled since"), "changed": _("Changed since")}


@dataclass(frozen=True)
class Line:
    """One fact about backups: its sentence, when it was, and whether it needs somebody."""

    words: str
    at: str
    level: str
    icon: str


def safety_lines(zone: str) -> list[Line]:
    """Return the facts about backups for the owner's page, by the machine's clock."""
    now = clock.now()
    found = queries.safety(moment=now)
    lines = [
        _line(gettext("Last backup"), found.backed_up_at, zone, is_old=found.is_backup_old, now=now),
        _line(gettext("Last proven restore"), found.proved_at, zone, is_old=found.is_proof_old, now=now),
    ]
    if found.problem:
        lines.append(Line(gettext("The last try failed: %(why)s") % {"why": found.problem}, "", "late", "circle-alert"))
    if found.is_beside_data:
        words = gettext("Backups lie on the same disk as the data. Whatever takes one takes the other.")
        lines.append(Line(words, "", "soon", "circle-alert"))
    return lines


def _line(name: str, at: datetime | None, zone: str, *, is_old: bool, now: datetime) -> Line:
    if at is None:
        return Line(gettext("%(what)s: never") % {"what": name}, "", "late", "circle-alert")
    days = (now - at) // timedelta(days=1)
    ago = ngettext("%(days)s day ago", "%(days)s days ago", days) % {"days": days} if days else gettext("today")
    words = f"{name}: {ago}"
    return Line(words, moment(at, zone), "late" if is_old else "", "circle-alert" if is_old else "check")


@page("restored", roles=OWNERS, methods=["GET", "POST"])
def restored(request: DeskRequest) -> HttpResponse:
    """Show what differs after a return to a backup; the owner lets messages go again."""
    practice = request.practice
    if request.method == "POST":
        if practices.accept_restored(practice_id=practice.pk, by=request.by, now=request.now):
            messages.success(request, gettext("Messages go again."))
        return redirect("desk:settings")
    found = queries.last_restoration(practice.pk)
    if found is None:
        return redirect("desk:settings")
    context = {
        "page": "settings",
        "restoration": found,
        "backup_at": moment(found.backup_at, practice.zone),
        "restored_at": moment(found.restored_at, practice.zone),
        "sentences": _sentences(found.counts),
        "lines": _visits(request, found.lines),
    }
    return render(request, "desk/settings/restored.html", context)


def _sentences(counts: Mapping[str, int]) -> list[str]:
    """Return what is known of the time since, one sentence for each thing there was."""
    words = {
        "events_gone": _("Lines of the record that are gone, at least"),
        "visits_new": _("Visits booked since the backup"),
        "visits_changed": _("Visits changed since"),
        "people_new": _("People added since"),
        "people_changed": _("People changed since"),
        "messages_in_new": _("Messages from patients since"),
        "replies_new": _("Answers of yours since"),
        "responses_new": _("Responses about a visit since"),
        "promises_new": _("Promises made since"),
        "messages_went": _("Messages that left since, and are not sent again"),
        "messages_doubt": _("Messages that may have left, so that a colleague rings"),
        "messages_handed": _("Messages that had become calls, and stand on Today again"),
        "messages_stopped": _("Messages that had been stopped, and stay stopped"),
    }
    return [f"{text}: {counts[key]}" for key, text in words.items() if counts.get(key)]


def _visits(request: DeskRequest, lines: list[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    """Return each visit that differs: what happened, whose it is, when, and its id where it is here."""
    names = people.names(request.practice.pk, {UUID(line["patient"]) for line in lines})
    request.look_at(*names)
    found = []
    for line in lines:
        person = names.get(UUID(line["patient"]))
        name = person.name if person else gettext("Somebody this backup does not know")
        at = moment(datetime.fromisoformat(line["starts_at"]), request.practice.zone)
        found.append((str(HAPPENED[line["what"]]), name, at, line["visit"]))
    return found
