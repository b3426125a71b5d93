"""When somebody is due again, in words: what is usual and where that is from, what was said and why."""

from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from glede.kernel.clock import wall
from glede.kernel.words import time_words
from glede.recall.rules import NO_AGE, Suggestion, Why
from glede.recall.values import NextDue

WHYS = {
    Why.AGE: _("Their age"),
    Why.DIABETES: _("Diabetes"),
    Why.FAMILY_GLAUCOMA: _("Glaucoma in the family"),
    Why.CONTACT_LENSES: _("Contact lenses"),
    Why.MYOPIA: _("Growing short-sightedness"),
    Why.FINDING: _("What we saw today"),
    Why.WISH: _("Their wish"),
    Why.OTHER: _("Something else"),
}
BECAUSE = {
    Why.AGE: _("because of their age"),
    Why.DIABETES: _("because of diabetes"),
    Why.FAMILY_GLAUCOMA: _("because of glaucoma in the family"),
    Why.CONTACT_LENSES: _("because of contact lenses"),
    Why.MYOPIA: _("because short-sightedness is growing"),
    Why.FINDING: _("because of what was seen at the visit"),
    Why.WISH: _("because they wish it"),
}
SOURCES = {
    "NO": _("Usual in Norway, by the guidance of the opticians’ association."),
    "GB": _("The shortest interval that the NHS pays for unasked; it is no advice."),
    "US": _("Usual in the USA, by the guidance of the optometrists’ association."),
}
REFUSALS = {
    "not_allowed": _("A clinician or a manager says when somebody is due."),
    "months": _("Write 1 to 120 months."),
    "why": _("Say why, when it is not the usual interval."),
    "not_done": _("The visit is not done yet."),
    "closed": _("Somebody closed this visit before you."),
}


def months_words(months: int) -> str:
    """Return "24 months"."""
    return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}


def suggested_words(suggestion: Suggestion) -> str:
    """Return what is usual, for whom, and where that is from."""
    told = {"who": _who(suggestion), "months": months_words(suggestion.months)}
    every = gettext("%(who)s: every %(months)s.") % told
    return f"{every} {SOURCES.get(suggestion.edition.country, suggestion.edition.source)}"


def _who(suggestion: Suggestion) -> str:
    group = suggestion.group
    if group.why != Why.AGE:
        return str(WHYS[group.why])
    if group.before == NO_AGE:
        return gettext("From %(age)d years on") % {"age": group.since}
    return gettext("%(first)d to %(last)d years") % {"first": group.since, "last": group.before - 1}


def due_words(due: NextDue, service: str, who: str) -> str:
    """Return when a person is due again, why, and who said so."""
    why = due.words if due.why == Why.OTHER else str(BECAUSE.get(Why(due.why), "") if due.why else "")
    if due.due_month is None:
        told = gettext("No next visit is planned")
    else:
        said = {"what": service or gettext("visit"), "month": date_format(due.due_month, "F Y")}
        told = gettext("Next %(what)s: about %(month)s") % said
    by = f" ({who})" if who else ""
    return f"{', '.join(filter(None, (told, why)))}{by}"


def service_words(names: Any) -> str:
    """Return what a service is called inside a sentence, in the reader's language."""
    names = names or {}
    return str(names.get((get_language() or "en")[:2]) or names.get("en") or "").lower()


def held_words(until: datetime | None, now: datetime, zone: str) -> str:
    """Return till when messages wait for somebody, and why; "" where none do."""
    if until is None or until <= now:
        return ""
    return gettext("Messages are held until %(hour)s: drops in the eyes.") % {"hour": hour_words(until, zone)}


def hour_words(at: datetime, zone: str) -> str:
    """Return the clock as staff read it: "15:12"."""
    return time_words(wall(at, zone).time(), "en", "staff")
