"""A row of the journey as a sentence, and what differs between two versions; from the row itself, never by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from glede.desk.journeys.choices import after_words, from_words, months_words, open_words, waits_words
from glede.journeys.document import OCCASIONS, is_resting
from glede.journeys.words import KINDS

Raw = Mapping[str, Any]

TRIGGERS = {
    "booked": _("somebody books"),
    "moved_by_patient": _("they move their visit"),
    "moved_by_practice": _("we move their visit"),
    "cancelled_by_practice": _("we cancel their visit"),
    "we_run_late": _("we run late"),
    "done": _("the visit is done"),
    "birthday": _("their birthday"),
    "recall_due": _("the day they are due again"),
    "silent": _("their last visit"),
}
UNFORESEEN = {"moved_by_patient", "moved_by_practice", "cancelled_by_practice", "we_run_late"}
"""What begins a row without anybody having planned it."""
ROOMS = {
    "inbox": _("Answers to messages do this already."),
    "feedback": _("What people say after a visit does this already."),
    "people": _("The page of each person does this already."),
    "diary": _("The diary does this already."),
    "promises": _("Today does this already."),
    "recall": _("Eye tests that are due do this already."),
}


def row_in(raw: Any, code: str) -> dict[str, Any]:
    """Return the row of that number as it is written. Raises ``LookupError``."""
    for row in raw["rows"]:
        if row["row"] == code:
            return cast("dict[str, Any]", row)
    raise LookupError(code)


def name_of(row: Raw) -> str:
    """Return what a row is called in the reader's language."""
    return str(row["name"][_language()])


def _language() -> str:
    return "nb" if (get_language() or "en").startswith("nb") else "en"


def is_on(row: Raw) -> bool:
    """Return whether a row is walked."""
    return not is_resting(row) and row.get("is_on", True) and "waits_for" not in row


def is_foreseen(row: Raw) -> bool:
    """Return whether anybody can know ahead whom a row will reach."""
    return not set(row.get("triggers", ())) <= UNFORESEEN


def rests_because(row: Raw) -> str:
    """Return why a row rests, "" where it does not."""
    if "kept_by" in row:
        return str(ROOMS.get(row["kept_by"], row["kept_by"]))
    if "waits_for" in row:
        return gettext("What begins it is not there yet.")
    return str(row["not_yet"][_language()]) if "not_yet" in row else ""


def sentence(row: Raw) -> str:
    """Return a row as a sentence in the reader's language."""
    return " ".join(parts_of(row))


def parts_of(row: Raw) -> list[str]:
    """Return the sentences of a row: what happens when, and then each of its conditions that is told."""
    if is_resting(row):
        return [str(row["says"][_language()])]
    parts = [f"{_when(row)}: {_what(row)}.", _span(row["when"])]
    if "only" in row:
        parts.append(_only(row["only"]))
    if "if_silent" in row:
        parts.append(gettext("No answer in %(time)s: a colleague asks.") % {"time": _open(row["if_silent"])})
    if row.get("may_wait_days"):
        parts.append(gettext("It may wait %(time)s for a free day.") % {"time": waits_words(row["may_wait_days"])})
    if row["late"]["otherwise"] == "call":
        parts.append(gettext("Too late for it, a colleague rings."))
    return [part for part in parts if part]


def is_of_their_day(row: Raw) -> bool:
    """Return whether a row is about a day of theirs that no visit makes."""
    return bool(OCCASIONS & set(row["triggers"]))


def begins_words(row: Raw) -> str:
    """Return what begins a row, as in "as soon as ..."."""
    return any_of([str(TRIGGERS.get(one, one)) for one in row["triggers"]])


def _span(when: Raw) -> str:
    if "between" not in when:
        return ""
    first, last = (-n for n in when["between"])
    words = gettext("Closed that day: an open one, %(first)d to %(last)d days before.")
    return words % {"first": first, "last": last}


def _open(silent: Raw) -> str:
    return open_words(silent["open_minutes"])


def _when(row: Raw) -> str:
    when = row["when"]
    if is_of_their_day(row):
        given = {"day": begins_words(row), "at": when["at"]}
        if "months" in when:
            return gettext("%(time)s after %(day)s at %(at)s") % (given | {"time": months_words(when["months"])})
        return gettext("%(time)s %(day)s at %(at)s") % (given | {"time": from_words(when["days"])})
    if "days" in when:
        words = ngettext("%(n)d day before a visit at %(at)s", "%(n)d days before a visit at %(at)s", -when["days"])
        return words % {"n": -when["days"], "at": when["at"]}
    return f"{after_words(when['after_minutes'])} {begins_words(row)}"


def _what(row: Raw) -> str:
    if row["act"] == "message":
        return gettext("they get a message")
    if is_of_their_day(row):
        return gettext("a colleague rings")
    whom = {"who": any_of([str(KINDS.get(one, one)) for one in row.get("who", ())])}
    if row.get("others", "message") == "message":
        return gettext("a colleague rings whoever %(who)s; all others get a message") % whom
    return gettext("a colleague rings whoever %(who)s; nobody else hears") % whom


def any_of(words: list[str]) -> str:
    """Return the words with "or" before the last."""
    if len(words) < 2:
        return "".join(words)
    return gettext("%(first)s or %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def _only(only: Raw) -> str:
    known = only.get("booked_days_ahead")
    if known is None:
        return gettext("Only to whoever has not confirmed.")
    if only.get("unconfirmed"):
        words = gettext("Only to whoever booked more than %(n)d days ahead and has not confirmed.")
    else:
        words = gettext("Only to whoever booked more than %(n)d days ahead.")
    return words % {"n": known}


@dataclass(frozen=True)
class Difference:
    """What differs in one row between two versions: its sentences before and after, or what no sentence tells."""

    name: str
    before: str = ""
    after: str = ""
    only: str = ""


def differences(before: Any, after: Any) -> list[Difference]:
    """Return what differs between two versions, row by row; only the sentences that are not the same."""
    old = {row["row"]: row for row in before["rows"]}
    new = {row["row"]: row for row in after["rows"]}
    found = []
    for code in [*new, *(code for code in old if code not in new)]:
        was, now = old.get(code), new.get(code)
        if was != now:
            found.append(_difference(was, now))
    return found


def _difference(was: Raw | None, now: Raw | None) -> Difference:
    if was is None or now is None:
        there = was or now or {}
        return Difference(name_of(there), only=gettext("Removed.") if was else gettext("Added."))
    before, after = _said(was), _said(now)
    left, come = [one for one in before if one not in after], [one for one in after if one not in before]
    if left or come:
        return Difference(name_of(now), " ".join(left), " ".join(come))
    words = was.get("wording") != now.get("wording")
    only = gettext("Its words were changed.") if words else gettext("A rule was changed that no sentence tells.")
    return Difference(name_of(now), only=only)


def _said(row: Raw) -> list[str]:
    return [gettext("On.") if is_on(row) else gettext("Off."), *parts_of(row)]
