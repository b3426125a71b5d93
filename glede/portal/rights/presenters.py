"""What we hold, as little as a shared phone may show, and what was asked and answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from glede.kernel.clock import day_of
from glede.kernel.contact import phone_words
from glede.kernel.words import day_words
from glede.ledger.queries import Look
from glede.people.queries.rights import Asked
from glede.people.rules.rights import REVEALED_DAYS
from glede.people.values import PatientCard, Reach
from glede.portal import wording
from glede.portal.people.presenters import masked_email, masked_phone

FIELDS = {
    "name": gettext_lazy("Name"),
    "birth_date": gettext_lazy("Birth date"),
    "phone": gettext_lazy("Phone"),
    "email": gettext_lazy("E-mail"),
    "address": gettext_lazy("Address"),
}
ASKED = {
    "looks": gettext_lazy("You asked who has looked at your data."),
    "export": gettext_lazy("You asked for a copy of all we hold."),
    "erasure": gettext_lazy("You asked to be forgotten."),
    "correction": gettext_lazy("You asked us to put something right:"),
}
PURPOSES = {
    "today": gettext_lazy("the day’s work"), "diary": gettext_lazy("the diary"), "visit": gettext_lazy("your visit"),
    "person": gettext_lazy("your page"), "people": gettext_lazy("the list of people"),
    "find": gettext_lazy("a search"), "outbox": gettext_lazy("messages"), "message": gettext_lazy("messages"),
    "call": gettext_lazy("a call with you"), "book": gettext_lazy("booking"), "move": gettext_lazy("moving a visit"),
    "counter": gettext_lazy("at the counter"), "sheet": gettext_lazy("the day on paper"),
    "sheet_kept": gettext_lazy("the day on paper"), "export": gettext_lazy("a copy of all we hold"),
    "right": gettext_lazy("what you asked about your data"), "looks": gettext_lazy("who has looked"),
    "as_patient": gettext_lazy("what you see"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """One thing we hold, with all but its end hidden."""

    field: str
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing asked for, and where it stands."""

    words: str
    what: str
    when: str
    state: str
    answer: str
    is_open: bool


def held(card: PatientCard | None, reach: Reach, country: str) -> list[Held]:
    """Return what we hold, the least that lets somebody see whether it is right."""
    contacts = {c.kind: c.address for c in reversed(reach.contacts)}
    family = card.person.family_name[:1] if card else ""
    born = card.person.birth_date if card else None
    words = {
        "name": f"{reach.given_name} {family}…" if family else reach.given_name,
        "birth_date": _("we have one") if born else "",
        "phone": masked_phone(phone_words(contacts["phone"], country)) if "phone" in contacts else "",
        "email": masked_email(contacts["email"]) if "email" in contacts else "",
        "address": _("we have one") if card and card.street else "",
    }
    return [Held(field, str(label), words[field] or _("nothing")) for field, label in FIELDS.items()]


def lines(asked: Iterable[Asked], zone: str) -> list[Line]:
    """Return what was asked, newest first, in words."""
    return [_line(one, zone) for one in asked]


def _line(one: Asked, zone: str) -> Line:
    what = str(FIELDS[one.field]) if one.field else ""
    if one.answered_at is None:
        state = _("We answer by %(day)s at the latest.") % {"day": _day(one.due_at, zone)}
    elif one.answer == "accepted":
        state = _("Done on %(day)s.") % {"day": _day(one.answered_at, zone)}
    else:
        state = _("We did not do it. Answered on %(day)s.") % {"day": _day(one.answered_at, zone)}
    return Line(str(ASKED[one.kind]), what, _day(one.asked_at, zone), state, one.answer_words, one.answered_at is None)


def revealed_until(asked: Iterable[Asked], now: datetime) -> datetime | None:
    """Return up to when looks are shown: the newest answer to who looked, for as long as it stands; None for none."""
    answers = [
        one.answered_at
        for one in asked
        if one.kind == "looks" and one.answer == "accepted" and one.answered_at is not None
    ]
    newest = max(answers, default=None)
    return newest if newest and now - newest <= timedelta(days=REVEALED_DAYS) else None


def looks(seen: Iterable[Look], staff: dict[UUID, str], zone: str) -> list[dict[str, str]]:
    """Return who looked on which day and for what, each once a day: a first name, or what acted."""
    told = {(_day(one.at, zone), _who(one, staff), _why(one)): None for one in seen}
    return [{"when": when, "who": who, "why": why} for when, who, why in told]


def _who(one: Look, staff: dict[UUID, str]) -> str:
    if one.role == "staff" and one.who in staff:
        return _first_name(staff[one.who])
    return {"patient": _("You, by your link"), "system": _("Our program")}.get(one.role, _("A colleague"))


def _first_name(name: str) -> str:
    words = [word for word in name.split() if not word.endswith(".") and word.casefold() not in {"dr", "prof"}]
    return words[0] if words else name


def _why(one: Look) -> str:
    if one.page.startswith("visit"):
        return _("your page")
    return str(PURPOSES.get(one.page, _("our work for you")))


def _day(moment: datetime, zone: str) -> str:
    return day_words(day_of(moment, zone), wording.tongue())
