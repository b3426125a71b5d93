"""What was promised to a person, in words: by whom, what, and what came of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from glede.desk.access import DeskRequest
from glede.desk.people.moments import when
from glede.ledger.queries import events_of_patient
from glede.promises import queries as promises
from glede.promises.queries import Owed
from glede.staff.queries import colleague_names
from glede.ui.urgency import urgency

LOOKED_THROUGH = 60  # events of the person: what was promised before them is no longer news
PROMISES = {
    "answer": _("%(who)s answers %(name)s"),
    "call": _("%(who)s calls %(name)s"),
    "recover": _("%(who)s puts it right with %(name)s"),
    "follow_up": _("%(who)s follows up with %(name)s"),
    "hand_over": _("%(who)s takes over from %(name)s’s visit"),
    "move_ok": _("%(who)s asks %(name)s whether the new time suits"),
    "opt_out_check": _("%(who)s asks %(name)s what they meant"),
    "right": _("%(who)s answers what %(name)s asked about their data"),
    "settle": _("%(who)s settles two visits of %(name)s at one time"),
    "thank": _("%(who)s thanks %(name)s"),
    "undelivered": _("%(who)s reaches %(name)s another way"),
}
ENDS = {
    "kept": _("Last promise: %(what)s. Kept, %(at)s."),
    "broken": _("Last promise: %(what)s. Not in time: %(at)s."),
}


def promise_words(owed: Owed, names: Mapping[UUID, str], name: str) -> str:
    """Return what is promised and by whom: "Ingrid Berg calls Kari"."""
    who = names.get(owed.owner_id, "") if owed.owner_id else gettext("The desk")
    told = PROMISES.get(owed.kind)
    return str(told) % {"who": who, "name": name} if told else f"{who}: {owed.kind}"


def last_promise(request: DeskRequest, patient_id: UUID, name: str, *, but: UUID) -> str:
    """Return what was last promised to a person, beside the promise ``but``, and what came of it; "" where nothing was.

    What was withdrawn was owed to nobody any more: the one before it counts.
    """
    practice = request.practice
    for event in events_of_patient(practice.pk, patient_id, limit=LOOKED_THROUGH):
        if event.kind != "promises.promise.made" or event.subject.id == but:
            continue
        owed = promises.promise_for(practice.pk, event.subject.id)
        if owed is not None and (words := _words(request, owed, name)):
            return words
    return ""


def _words(request: DeskRequest, owed: Owed, name: str) -> str:
    zone = request.practice.zone
    told: dict[str, Any] = {"what": promise_words(owed, colleague_names(request.practice.pk), name)}
    if owed.closed_at is None:
        level = urgency(due=owed.due_at, made=owed.made_at, now=request.now, zone=zone)
        return gettext("Last promise: %(what)s, %(by)s.") % {**told, "by": level.words}
    outcome = promises.outcomes_of(request.practice.pk, owed.id)[-1][0]
    return str(ENDS[outcome]) % {**told, "at": when(owed.closed_at, request.now, zone)} if outcome in ENDS else ""
