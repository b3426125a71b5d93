"""What is said about a list: its counts, its questions, what was found and what became of it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from glede.desk.diary.history import moment
from glede.kernel.words import day_words, time_words, weekday_word
from glede.lists.errors import AlreadyUnderWay, ForgottenList, StillUnclear, TooLate
from glede.lists.looking import FIELDS as FIELDS_OF
from glede.lists.values import GOING_BACK, Ask, Column, Found, Group, ListLine, Proposal, Question, RejectLine
from glede.lists.words import FIELDS, REASONS, STATES

NOT_IN_A_NAME: Final = re.compile(r"[^\w .()+-]")
OF_VISITS: Final[dict[str, Promise]] = {"id": _("the number of the visit")}
HOW: Final[dict[str, Promise]] = {
    "told": _("as you said"),
    "remembered": _("as you said last time"),
    "heading": _("by its heading"),
    "content": _("by what stands in it"),
    "unsure": _("not sure"),
    "ignored": _("left out, as you said"),
    "passed_over": _("left out, as last time"),
    "none": _("left out"),
}
WOULD: Final[dict[str, Promise]] = {
    "created": _("would be added"),
    "updated": _("would be changed"),
    "unchanged": _("here already, just so"),
    "duplicates": _("stood earlier in the same file"),
    "rejected": _("cannot be taken"),
}
DID: Final[dict[str, Promise]] = {
    "created": _("added"),
    "updated": _("changed"),
    "unchanged": _("here already, just so"),
    "duplicates": _("stood earlier in the same file"),
    "rejected": _("not taken"),
}
PROPOSED: Final[dict[str, Promise]] = {
    "service": _("service"),
    "clinician": _("clinician"),
    "hours": _("when you are open"),
}
UNREADABLE: Final[dict[str, Promise]] = {
    "empty": _("There is nothing in this file. The first row names the columns."),
    "encoding": _("The letters of this file cannot be read. Save the list as CSV UTF-8 or Excel, and drop it again."),
    "cut_short": _("This file ends in the middle of a row. Save the list once more, and drop it again."),
}


@dataclass(frozen=True)
class ColumnLine:
    """One column of the file as the page shows it. ``choices`` are (value, words)."""

    heading: str
    samples: str
    field: str
    how: str
    choices: list[tuple[str, str]]

    @classmethod
    def of(cls, column: Column, found: Found) -> "ColumnLine":
        """Return a column in words, with everything else it might be."""
        names = [name for name in FIELDS_OF["people" if found.what == "people" else "appointments"] if name]
        choices = [
            (f"{name}|{column.heading}", field(name, found.what)) for name in (*names, "ignore") if name != column.field
        ]
        how = str(HOW.get(column.how, column.how))
        return cls(
            column.heading,
            " · ".join(column.samples),
            field(column.field, found.what) if column.field else "",
            how,
            choices,
        )


@dataclass(frozen=True)
class Asked:
    """One question as the page asks it. ``choices`` are (value, words)."""

    name: str
    words: str
    samples: tuple[str, ...]
    choices: list[tuple[str, str]]
    is_needed: bool

    @classmethod
    def of(cls, number: int, question: Question, found: Found) -> "Asked":
        """Return a question in words."""
        said = {"heading": question.heading, "field": field(question.field, found.what)}
        words = str(ASKED[question.code] % said)
        if question.code == "needed":
            choices = [(f"{question.field}|{heading}", heading) for heading in question.choices]
        else:
            choices = [(f"{name}|{question.heading}", answer(name, found.what)) for name in question.choices]
        samples = tuple(one or gettext("(nothing)") for one in question.samples)
        return cls(f"answer-{number}", words, samples, choices, question.is_needed)


ASKED: Final[dict[str, Promise]] = {
    "column": _("What stands under “%(heading)s”?"),
    "refusal": _("“%(heading)s” looks like a no that we must respect. To what?"),
    "cell": _("Under “%(heading)s” (%(field)s) stands something that is neither yes nor no. What does it mean?"),
    "needed": _("Which column says this: %(field)s?"),
}


def answer(name: str, what: str) -> str:
    """Return an answer in words: a field, yes, no, or to leave the column out."""
    said = name.rpartition(":")[2] if ":" in name else name
    return {"yes": gettext("It means yes"), "no": gettext("It means no")}.get(said) or field(said, what)


def field(name: str, what: str = "people") -> str:
    """Return what a field of a list of ``what`` is called, with a capital."""
    words = OF_VISITS.get(name) if what == "appointments" else None
    return str(capfirst(str(words or FIELDS.get(name) or name)))


def fields(names: Iterable[str]) -> str:
    """Return what fields are called, one after the other."""
    return ", ".join(str(FIELDS.get(name, name)) for name in names)


def number(n: int) -> str:
    """Return a number as people write it: "1,842"."""
    return number_format(n, force_grouping=True)


def share(done: int, rows: int) -> int:
    """Return how far a list is, in percent."""
    return done * 100 // max(1, rows)


def title(line: ListLine) -> str:
    """Return the rows and the name of the file."""
    rows = ngettext("%(n)s row in %(file)s", "%(n)s rows in %(file)s", line.rows)
    return rows % {"n": number(line.rows), "file": line.name}


def state(line: ListLine) -> str:
    """Return where a list stands."""
    if line.reason == GOING_BACK:
        return gettext("being taken back")
    return str(STATES.get(line.state, line.state))


def moment_of(at: datetime, zone: str) -> str:
    """Return when something was on the wall of the practice."""
    return moment(at, zone)


def day_of_moment(there: date) -> str:
    """Return a day in words."""
    return day_words(there, get_language() or "en")


def counts(found: Mapping[str, int], *, is_done: bool) -> list[tuple[str, str, str]]:
    """Return (code, how many, what they are) of the rows there are any of."""
    called = DID if is_done else WOULD
    return [(name, number(found[name]), str(words)) for name, words in called.items() if found.get(name)]


def outcome_title(found: Mapping[str, int]) -> str:
    """Return what became of a list, in three words."""
    if found.get("created") or found.get("updated"):
        return gettext("It is in.")
    return gettext("It was in already.") if found.get("unchanged") else gettext("Nothing could be taken.")


def what_next(line: ListLine) -> str:
    """Return what usually comes after a list like this one; nothing where none of it could be taken."""
    if line.counts.get("rejected") == line.rows:
        return ""
    if line.what == "people":
        return gettext("Now their visits, so that we know what to tell whom. Or look at what will go.")
    return gettext("Now look at what will go, and to whom. Nothing leaves before you switch it on.")


def sentences(found: Found) -> list[str]:
    """Return what else was found, in sentences."""
    said = []
    if found.without_contact:
        words = ngettext(
            "%(n)s has no phone and no e-mail.", "%(n)s have no phone and no e-mail.", found.without_contact
        )
        said.append(words % {"n": number(found.without_contact)})
    if found.sharing:
        words = ngettext(
            "%(n)s shares a phone or an e-mail with another row.",
            "%(n)s share a phone or an e-mail with another row.",
            found.sharing,
        )
        said.append(words % {"n": number(found.sharing)})
    if unread := [column.heading for column in found.columns if column.how in {"none", "unsure"}]:
        said.append(
            gettext("Columns left out: %(headings)s. Say below what they are, if you want them.")
            % {"headings": ", ".join(unread)}
        )
    if found.people_new:
        words = ngettext(
            "%(n)s person who is not here yet would be added, with what this list says of them.",
            "%(n)s people who are not here yet would be added, with what this list says of them.",
            found.people_new,
        )
        said.append(words % {"n": number(found.people_new)})
    return said


def bring(found: Found) -> str:
    """Return what the button says that brings a list in."""
    n = (found.counts or {}).get("created", 0) + (found.counts or {}).get("updated", 0)
    if not n:
        return gettext("Bring it in")
    if found.what == "people":
        return ngettext("Bring in %(n)s person", "Bring in %(n)s people", n) % {"n": number(n)}
    return ngettext("Bring in %(n)s visit", "Bring in %(n)s visits", n) % {"n": number(n)}


def group(one: Group, what: str) -> dict[str, Any]:
    """Return findings that one repair mends: what, how many, and the first of them."""
    lines = [
        gettext("Row %(row)s: %(text)s") % {"row": finding.row, "text": finding.text} if finding.row else finding.text
        for finding in one.first
    ]
    words = f"{field(one.field, what)}: {reason(one.reason)}"
    return {"words": words, "count": number(one.count), "lines": lines, "more": one.count > len(lines)}


def reason(code: str) -> str:
    """Return a reason in words."""
    return str(REASONS.get(code) or code)


def reject(one: RejectLine) -> tuple[int, str, str]:
    """Return (row, why, what stands in it) of a row that cannot be taken."""
    return one.row, reason(one.reason), " · ".join(filter(None, one.cells))


def ask(one: Ask) -> dict[str, Any]:
    """Return where a list says otherwise than what was set here."""
    value = f"{one.row}|{one.field}"
    return {"value": value, "field": field(one.field), "ask": one}


def proposal(one: Proposal) -> dict[str, Any]:
    """Return something a list knows and the settings do not."""
    words = one.words
    if one.kind == "hours":
        words = ", ".join(_span(span) for span in one.spans)
    elif one.minutes:
        words = gettext("%(name)s, %(n)s minutes") % {"name": one.words, "n": one.minutes}
    visits = ngettext("%(n)s visit", "%(n)s visits", one.count) % {"n": number(one.count)}
    return {"key": one.key, "kind": str(PROPOSED[one.kind]), "words": words, "visits": visits}


def _span(span: Any) -> str:
    day = weekday_word(date(2026, 11, 23 + span.weekday), get_language() or "en")
    return f"{day} {time_words(span.opens, 'en', 'staff')}-{time_words(span.closes, 'en', 'staff')}"


def taken_back(counts: Mapping[str, int]) -> str:
    """Return what taking a list back did."""
    people, visits, changed, kept = (counts.get(f"back_{name}", 0) for name in ("people", "visits", "changed", "kept"))
    said = [
        (people, ngettext("%(n)s person is gone.", "%(n)s people are gone.", people)),
        (visits, ngettext("%(n)s visit is gone.", "%(n)s visits are gone.", visits)),
        (changed, ngettext("%(n)s is as before.", "%(n)s are as before.", changed)),
        (
            kept,
            ngettext(
                "%(n)s stays, for somebody has dealt with it since.",
                "%(n)s stay, for somebody has dealt with them since.",
                kept,
            ),
        ),
    ]
    return " ".join(words % {"n": number(n)} for n, words in said if n)


def refusal(fault: Exception) -> str:
    """Return why something cannot be done with a list, and what to do."""
    if isinstance(fault, AlreadyUnderWay):
        return gettext("Somebody is bringing it in at this moment.")
    if isinstance(fault, ForgottenList):
        return gettext("The file was thrown away since. Drop it again.")
    if isinstance(fault, StillUnclear):
        return gettext("Answer the questions first.")
    if isinstance(fault, TooLate):
        return gettext("The 30 days are over. It cannot be taken back any more.")
    return gettext("It stands elsewhere by now: see below.")


def unreadable(fault: Exception) -> str:
    """Return why a file cannot be read, and what to do."""
    words = UNREADABLE.get(getattr(fault, "code", ""))
    return str(words or gettext("This cannot be read as a list. Save it as CSV or Excel, and drop it again."))


def file_name(name: str) -> str:
    """Return a name that a browser may save under."""
    return NOT_IN_A_NAME.sub("-", name) or "rejects.csv"
