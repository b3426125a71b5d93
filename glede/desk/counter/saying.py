"""What a colleague says first, by how it ends. No sentence here puts anything on the patient."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from glede.desk.counter.endings import Ending
from glede.desk.counter.looking import Met
from glede.desk.counter.telling import when
from glede.diary.facts import VisitFacts
from glede.journeys.gathering import whose_wish


@dataclass(frozen=True)
class Said:
    """The first sentence, and what comes after it."""

    first: str
    then: str


FIRST: dict[Ending, Any] = {
    Ending.TODAY: _("Welcome, %(name)s. We have you down for %(when)s%(with)s."),
    Ending.LATER: _("Welcome, %(name)s. Your visit was %(when)s. It is good that you are here."),
    Ending.MOVED: _("Your visit was moved to %(when)s%(with)s. I am sorry that this did not reach you."),
    Ending.CANCELLED: _("Your visit %(when)s was cancelled. I am sorry: you should not have to find out here."),
    Ending.HOUSEHOLD: _("There is a visit %(when)s in the name of %(other)s. Is it that one?"),
    Ending.SISTER: _("Your visit is %(when)s, at %(practice)s. I can ring them for you."),
    Ending.ELSEWHERE: _("We have you down for %(when)s%(with)s. Now that you are here, let us see what we can do."),
    Ending.NOTHING: _("We are sorry, %(name)s: this is on us. It is not written down here, and we put that right now."),
}
# Where it was their own wish, or of somebody in their name: said as it stands, with nothing put on anybody.
AS_WISHED: dict[Ending, Any] = {
    Ending.MOVED: _("We have you down for %(when)s%(with)s. Now that you are here, let us see what we can do."),
    Ending.CANCELLED: _(
        "Your visit %(when)s is down here as cancelled. I am sorry: let us find you a time right away."
    ),
}
THEN: dict[Ending, Any] = {
    Ending.TODAY: "",
    Ending.LATER: _("Bring the visit back, or take the first time that is free."),
    Ending.MOVED: _("They may keep the new time, or be seen at the first time that is free."),
    Ending.CANCELLED: _("They may be seen at the first time that is free."),
    Ending.HOUSEHOLD: _("If it is not that one, book a time for who stands here."),
    Ending.SISTER: _("Or give them a time here."),
    Ending.ELSEWHERE: _("They may keep that time, or be seen at the first time that is free."),
    Ending.NOTHING: _("Give the first time that is free. How it happened is counted, and somebody finds out."),
}


def words(met: Met, today: date) -> Said:
    """Return what to say to who stands here ``today``."""
    visit = met.case.visit
    who = visit.practitioner_given_name if visit else ""
    facts = {
        "name": met.person.given_name or met.person.name,
        "other": met.whose.name,
        "practice": met.practice.name,
        "when": _when(visit, met.practice.zone, today) if visit else "",
        "with": gettext(", with %(who)s") % {"who": who} if who else "",
    }
    first = AS_WISHED.get(met.case.ending) if visit and _was_their_wish(visit, met.case.ending) else None
    return Said(str(first or FIRST[met.case.ending]) % facts, str(THEN[met.case.ending]))


def _was_their_wish(visit: VisitFacts, ending: Ending) -> bool:
    if ending == Ending.MOVED:
        return visit.moved_by == "patient"
    return whose_wish(visit.cancelled_by, visit.cancel_reason) == "patient"


def _when(visit: VisitFacts, zone: str, today: date) -> str:
    return when(visit.starts_at, zone, today, has_time=not visit.is_day_visit)
