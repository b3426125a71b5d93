"""What a person allowed and refused, line by line with its proof, and how they came to us. Blank means: ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from glede.desk.access import DeskRequest
from glede.kernel.clock import day_of
from glede.people.names import CHANNELS, PURPOSES, named
from glede.people.queries import consent_history
from glede.people.rules.consent import CONTACT, WITHDRAWALS
from glede.staff.queries import colleague_names

SHOWN = 12
COLLECTED = {
    "form": _("on a page"), "paper": _("on paper"), "phone": _("by phone"), "in_person": _("in person"),
    "sms": _("by text"), "email": _("by e-mail"), "import": _("from a list"),
}  # fmt: skip
CAME = {
    "online": _("booked on our page"), "call": _("rang us"), "desk": _("came to the desk"),
    "walk-in": _("walked in"), "import": _("came with a list"), "web": _("by the web"),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One thing that was allowed or refused: what, when, how and by whom it was taken down, in which words."""

    what: str
    when: str
    how: str
    wording: str


def lines_of(request: DeskRequest, patient_id: Any) -> list[Line]:
    """Return what somebody allowed and refused, the newest first; how their addresses came here is no such thing."""
    names = colleague_names(request.practice.pk)
    rows = consent_history(request.practice.pk, patient_id, without=CONTACT, limit=SHOWN)
    return [_line(row, names, request.practice.zone) for row in rows]


def _line(row: Any, names: Mapping[Any, str], zone: str) -> Line:
    told = {"purpose": named(PURPOSES, row.purpose), "channel": named(CHANNELS, row.channel)}
    no, yes = gettext("No to %(purpose)s, %(channel)s"), gettext("Yes to %(purpose)s, %(channel)s")
    ends = row.action in {*WITHDRAWALS, "expire"}
    who = names.get(row.actor_id) or {"patient": gettext("themselves")}.get(row.actor_role, "Glede")
    how = f"{COLLECTED.get(row.collected_via, row.collected_via)}, {who}"
    wording = gettext("“%(words)s”") % {"words": row.wording_text} if row.wording_text else ""
    version = f" ({row.wording_version})" if row.wording_version else ""
    return Line((no if ends else yes) % told, date_format(day_of(row.created_at, zone)), how, wording + version)


def came_words(card: Any) -> str:
    """Return how somebody came to us, with the campaign words of their link; "" where nobody knows."""
    return ", ".join(filter(None, (str(CAME.get(card.source, card.source)), card.campaign)))
