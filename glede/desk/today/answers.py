"""What a row of Today says of an answer beside its words: whose it is, how it came to them, how much is gone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from glede.inbox import queries as inbox
from glede.inbox.queries import Begun
from glede.kernel.periods import WeeklyHours
from glede.practices.queries import opening_hours
from glede.promises import queries as promises
from glede.promises.queries import HandedOver, Owed
from glede.promises.rules import Stage, share_gone, stage
from glede.staff.queries import colleague_names
from glede.ui.presenting import Verb

RETURNED = {
    "returned_away": _("%(who)s is away"),
    "returned_half": _("half the time was gone, nobody had begun"),
}


def called(name: str) -> str:
    """Return the name a colleague is called by: "Amal" of "Dr Amal Haddad"."""
    return next((word for word in name.split() if word.rstrip(".") not in {"Dr", "Prof"}), "")


@dataclass(frozen=True)
class Desk:
    """Who owes which answer, and what was left with it. Empty where a row is about no answer."""

    hours: WeeklyHours = field(default_factory=lambda: WeeklyHours(()))
    names: Mapping[UUID, str] = field(default_factory=dict)
    away: Mapping[UUID, datetime] = field(default_factory=dict)
    handed: Mapping[UUID, HandedOver] = field(default_factory=dict)
    begun: Mapping[UUID, Sequence[Begun]] = field(default_factory=dict)

    def gone(self, owed: Owed, now: datetime) -> float:
        """Return how much of the promise is gone, 0 to 1, in open time."""
        return share_gone(owed.made_at, owed.due_at, now, self.hours)

    def given_name(self, membership_id: UUID | None) -> str:
        """Return the name a colleague is called by; of everybody where it is nobody's."""
        name = self.names.get(membership_id, "") if membership_id else ""
        return called(name) or gettext("Everybody")

    def told(self, owed: Owed) -> list[str]:
        """Return whose it is, the note it was handed over with, and who has begun an answer."""
        parts = [self.given_name(owed.owner_id)]
        handed = self.handed.get(owed.id)
        if handed and handed.note:
            parts.append(gettext("%(who)s: “%(note)s”") % {"who": self.given_name(handed.by), "note": handed.note})
        elif handed and owed.owner_id is None and handed.reason in RETURNED:
            parts.append(str(RETURNED[handed.reason]) % {"who": self.given_name(handed.by)})
        begun = self.begun.get(owed.subject.id, ())
        parts += [gettext("%(who)s has begun an answer") % {"who": self.given_name(b.membership_id)} for b in begun[:1]]
        return parts


def desk(practice: Any, owed: Sequence[Owed]) -> Desk:
    """Return what the rows of these answers need, in bulk."""
    if not owed:
        return Desk()
    return Desk(
        hours=opening_hours(practice),
        names=colleague_names(practice.pk),
        away=promises.away(practice.pk),
        handed=promises.last_handed(practice.pk, [one.id for one in owed]),
        begun=inbox.begun(practice.pk, [one.subject.id for one in owed]),
    )


def rank(owed: Sequence[Owed], hours: WeeklyHours, now: datetime) -> int:
    """Return how far a row rises among equally urgent ones: late or three quarters gone, half gone, all others.

    Only an answer rises: a call of this week has most of its time behind it since Monday.
    """
    if not owed:
        return 2
    if owed[0].due_at <= now:
        return 0
    if owed[0].kind != "answer":
        return 2
    reached = stage(owed[0].made_at, owed[0].due_at, now, hours)
    return {Stage.LATE: 0, Stage.MOST: 0, Stage.HALF: 1}.get(reached, 2)


def more(owed: Owed) -> list[Verb]:
    """Return what else a row of an answer can do: hand it over, or say that no reply is needed."""
    where = f"{reverse('desk:today')}?open={owed.id}"
    found = [Verb(_("Hand over"), "h", href=f"{where}&do=hand#card")]
    if owed.subject.kind == "conversation":
        found.append(Verb(_("No reply needed"), "e", href=f"{where}&do=close#card"))
    return found
