"""An export as a page somebody can read, in their own language, whole in one file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from glede.kernel.clock import wall
from glede.kernel.words import day_words, time_words
from glede.people.exporting.gathering import Export, Row

NORWEGIAN = frozenset({"nb", "nn", "no"})


@dataclass(frozen=True, slots=True)
class Section:
    """One thing that is held: what it is called, what its columns are called, and the rows."""

    title: str
    heads: tuple[str, ...]
    rows: list[tuple[str, ...]]


def page(export: Export) -> str:
    """Return the page as HTML. It names nobody but the person and the colleagues who wrote or looked."""
    language = "nb" if export.language[:2] in NORWEGIAN else "en"
    with translation.override(language):
        teller = _Teller(export, language)
        context = {
            "lang": language,
            "export": export,
            "made": teller.moment(export.made_at.isoformat()),
            "facts": teller.facts(),
            "sections": [one for one in teller.sections() if one.rows],
        }
        return render_to_string("people/export.html", context).replace("<!-- looks -->", f"<style>{_LOOKS}</style>")


# The page is one file that travels: its looks are inside it.
_LOOKS = """
body { max-width: 62rem; margin: 0 auto; padding: 1.5rem; color: #1d1b16; background: #fffdf8;
  font: 1.125rem/1.5 "Atkinson Hyperlegible Next", Verdana, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.9rem; line-height: 1.2; }
h2 { margin-top: 2.5rem; font-size: 1.35rem; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .4rem .8rem .4rem 0; border-bottom: 1px solid #d9d3c4; text-align: left; vertical-align: top; }
td { white-space: pre-line; }
dt { font-weight: 700; }
dd { margin: 0 0 .6rem; }
@media (prefers-color-scheme: dark) {
  body { color: #f3efe4; background: #191813; }
  th, td { border-color: #4a463a; }
}
"""


@dataclass
class _Teller:
    export: Export
    language: str

    def moment(self, told: str | None) -> str:
        """Return a moment on the practice's wall, in words."""
        if not told:
            return ""
        there = wall(datetime.fromisoformat(told), self.export.practice.zone)
        return f"{day_words(there.date(), self.language)} {there.year}, {time_words(there.time(), self.language)}"

    def day(self, told: str | None) -> str:
        """Return a day in words."""
        found = date.fromisoformat(told) if told else None
        return f"{day_words(found, self.language)} {found.year}" if found else ""

    def facts(self) -> list[tuple[str, str]]:
        """Return who the person is, as label and words."""
        row = self.export.rows("people", "Patient")[0]
        address = ", ".join(filter(None, (row["street"], f"{row['postcode']} {row['city']}".strip())))
        told = [
            (_("Name"), f"{row['given_name']} {row['family_name']}".strip()),
            (_("How it is said"), row["how_to_say"]),
            (_("Birth date"), self.day(row["birth_date"])),
            (_("Address"), address),
            (_("Language"), {"nb": _("Norwegian"), "en": _("English")}.get(row["language"][:2], row["language"])),
            (_("Number in our list"), row["external_id"]),
            (_("With us since"), self.day(row["known_since"])),
            (_("How you found us"), row["source"]),
            (_("Somebody answers for you"), _("yes") if row["has_guardian"] else ""),
        ]
        return [(label, words) for label, words in told if words]

    def sections(self) -> list[Section]:
        """Return everything else, a section for each thing."""
        return [
            Section(
                str(title),
                tuple(str(head) for head, _cell in columns),
                [tuple(cell(self, row) for _head, cell in columns) for row in self.export.rows(room, what)],
            )
            for room, what, title, columns in _SECTIONS
        ]


Cell = Callable[[_Teller, Row], str]


def _words(*names: str) -> Cell:
    return lambda _teller, row: " · ".join(str(row[name]) for name in names if row.get(name) not in (None, "", [], {}))


def _at(name: str) -> Cell:
    return lambda teller, row: teller.moment(row.get(name))


def _code(name: str) -> Cell:
    return lambda _teller, row: str(CODES.get(str(row.get(name) or ""), row.get(name) or "")).replace("_", " ")


CODES = {
    "sms": gettext_lazy("text message"), "email": gettext_lazy("e-mail"), "call": gettext_lazy("by phone"),
    "link": gettext_lazy("your link"), "phone": gettext_lazy("phone"), "said": gettext_lazy("you wrote"),
    "answered": gettext_lazy("we answered"), "closed": gettext_lazy("closed without an answer"),
    "booked": gettext_lazy("booked"), "confirmed": gettext_lazy("confirmed"), "arrived": gettext_lazy("you were here"),
    "with": gettext_lazy("with us"), "done": gettext_lazy("took place"), "missed": gettext_lazy("you did not come"),
    "cancelled": gettext_lazy("cancelled"), "entered_in_error": gettext_lazy("booked by mistake"),
    "grant": gettext_lazy("you allowed"), "withdraw": gettext_lazy("you took it back"),
    "object": gettext_lazy("you said no"), "soft_optin_recorded": gettext_lazy("you were offered to say no"),
    "kept": gettext_lazy("kept"), "broken": gettext_lazy("broken"), "withdrawn": gettext_lazy("withdrawn"),
    "handed": gettext_lazy("handed to a colleague"), "postponed": gettext_lazy("tried again later"),
    "patient": gettext_lazy("you"), "system": gettext_lazy("Glede"), "staff": gettext_lazy("a colleague"),
    "correction": gettext_lazy("put something right"), "looks": gettext_lazy("who looked"),
    "export": gettext_lazy("a copy"), "erasure": gettext_lazy("be forgotten"),
    "accepted": gettext_lazy("done"), "declined": gettext_lazy("declined"),
}  # fmt: skip
WHEN, WHAT, WORDS, HOW = gettext_lazy("When"), gettext_lazy("What"), gettext_lazy("Words"), gettext_lazy("How")
WHO = gettext_lazy("Who")
_SECTIONS: tuple[tuple[str, str, Any, tuple[tuple[Any, Cell], ...]], ...] = (
    ("people", "ContactPoint", gettext_lazy("How we reach you"),
     ((HOW, _code("kind")), (WORDS, _words("value")), (gettext_lazy("Until"), _at("ended_at")))),
    ("people", "ConsentEvent", gettext_lazy("What you allowed and refused"),
     ((WHEN, _at("created_at")), (WHAT, _code("action")), (gettext_lazy("About"), _words("purpose", "channel")),
      (gettext_lazy("What you were shown"), _words("wording_text")))),
    ("people", "Need", gettext_lazy("What matters to you"), ((WHEN, _at("noted_at")), (WORDS, _words("words")))),
    ("people", "Note", gettext_lazy("What colleagues noted"), ((WHEN, _at("written_at")), (WORDS, _words("words")))),
    ("people", "FieldChange", gettext_lazy("What stood here before"),
     ((WHEN, _at("at")), (WHAT, _code("field")), (WORDS, _words("was", "value")))),
    ("people", "RightsRequest", gettext_lazy("What you asked for"),
     ((WHEN, _at("asked_at")), (WHAT, _code("kind")), (gettext_lazy("Answer"), _code("answer")),
      (WORDS, _words("answer_words")))),
    ("diary", "visit", gettext_lazy("Your visits"),
     ((WHEN, _at("starts_at")), (WHAT, _code("state")), (gettext_lazy("With"), _words("practitioner")),
      (gettext_lazy("What was said"), lambda _teller, row: " · ".join(
          line["words"] for line in row["history"] if line["words"])))),
    ("outbox", "message", gettext_lazy("What we wrote to you"),
     ((WHEN, _at("sent_at")), (HOW, _code("channel")), (WORDS, _words("subject_line", "body")))),
    ("inbox", "piece", gettext_lazy("What you wrote and we answered"),
     ((WHEN, _at("at")), (WHAT, _code("kind")), (HOW, _code("channel")), (WORDS, _words("words")))),
    ("channels", "mail", gettext_lazy("Mails that came"), ((WHEN, _at("at")), (WORDS, _words("subject", "from")))),
    ("feedback", "response", gettext_lazy("How it went"),
     ((WHEN, _at("given_at")), (gettext_lazy("Of five"), _words("score")), (WORDS, _words("words")))),
    ("recall", "next visit", gettext_lazy("When you are due again"),
     ((WHEN, _at("set_at")), (gettext_lazy("Due"), _words("due")), (WORDS, _words("why", "words")))),
    ("team", "thanks", gettext_lazy("What colleagues thanked each other for"),
     ((WHEN, _at("at")), (WORDS, _words("words")))),
    ("promises", "outcome", gettext_lazy("What became of what we promised"),
     ((WHEN, _at("at")), (WHAT, _code("outcome")), (WORDS, _words("note")))),
    ("ledger", "look", gettext_lazy("Who has looked"),
     ((WHEN, _at("at")), (WHO, _code("who")), (gettext_lazy("Page"), _code("page")))),
)  # fmt: skip
