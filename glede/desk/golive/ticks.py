"""The eight lines of the list before going live: what each asks, and whether it is met."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from glede.catalogue.queries import services
from glede.desk.diary.history import moment
from glede.desk.people.forms import DAYS
from glede.inbox.safety import safety_line
from glede.kernel.contact import phone_words
from glede.kernel.periods import WeeklyHours
from glede.kernel.words import unbroken
from glede.people.queries import count_without_origin
from glede.practices import queries as practices
from glede.practices.queries import Ticked
from glede.staff import queries as staff

PRICED = 3
TRIALS = ("sender", "reply")
PRESSED = ("hours", "safety", "sheet")
"""Lines that are met when somebody says so; the others are met by what is there."""


@dataclass(frozen=True)
class Line:
    """One line of the list. ``basis`` is what stands there now: a tick for something else no longer counts."""

    code: str
    words: str
    detail: str = ""
    is_met: bool = False
    said: str = ""
    basis: str = ""
    href: str = ""


@dataclass(frozen=True)
class _Facts:
    practice: Any
    ticks: Mapping[str, Ticked]
    hours: WeeklyHours
    names: Mapping[UUID, str] = field(default_factory=dict)

    def pressed(self, code: str, words: str, detail: str, basis: str, href: str = "") -> Line:
        """A line that somebody ticks, for what stands there now."""
        tick, kept = self.ticks.get(code), digest(basis)
        is_met = tick is not None and tick.basis == kept
        said = self._said(tick) if tick and is_met else ""
        return Line(code, words, detail, is_met=is_met, said=said, basis=kept, href=href)

    def _said(self, tick: Ticked) -> str:
        who = self.names.get(tick.actor_id, "") if tick.actor_id else ""
        return ", ".join(filter(None, (who, moment(tick.made_at, self.practice.zone))))


def digest(basis: str) -> str:
    """Return what is kept of what a tick stands for."""
    return sha256(basis.encode()).hexdigest() if basis else ""


def lines(practice: Any) -> list[Line]:
    """Return the eight lines, in the order in which they are best done."""
    names = {c.membership_id: c.display_name for c in staff.colleagues(practice.pk)}
    facts = _Facts(practice, practices.ticks(practice.pk), practices.opening_hours(practice), names)
    return [make(facts) for make in _LINES]


def line(practice: Any, code: str) -> Line | None:
    """Return one line by its code."""
    return next((one for one in lines(practice) if one.code == code), None)


def _settings(part: str = "") -> str:
    return reverse("desk:settings") + part


def _sender(facts: _Facts) -> Line:
    practice = facts.practice
    detail = gettext("Mail goes out as “%(name)s”. We write to your own address; the mail holds a code.") % {
        "name": practice.name
    }
    words, basis = gettext("Our mail arrives, under our name"), f"{practice.name}\n{practice.email}"
    return facts.pressed("sender", words, detail, basis)


def _reply(facts: _Facts) -> Line:
    to = facts.practice.email
    detail = gettext("Answers go to %(address)s. We write there; whoever reads it tells you the code.") % {
        "address": to
    }
    words = gettext("Somebody reads the answers")
    return facts.pressed("reply", words, detail if to else gettext("Write an address in the settings first."), to)


def _hours(facts: _Facts) -> Line:
    words, week = gettext("Our opening hours are right"), _week(facts.hours)
    basis = ";".join(f"{key} {_day(facts.hours, key)}" for key, _ in DAYS)
    return facts.pressed("hours", words, week, basis, _settings("#hours"))


def _day(hours: WeeklyHours, key: str) -> str:
    return ", ".join(f"{s.opens:%H:%M}-{s.closes:%H:%M}" for s in hours.spans if s.weekday == int(key))


def _week(hours: WeeklyHours) -> str:
    """Return the week in words, days with the same hours together: "Monday to Friday 09:00-17:00"."""
    said = []
    for open_at, days in groupby(DAYS, key=lambda day: _day(hours, day[0])):
        labels = [str(label) for _, label in days]
        if len(labels) > 1:
            labels = [gettext("%(first)s to %(last)s") % {"first": labels[0], "last": labels[-1]}]
        if open_at:
            said.append(f"{labels[0]} {open_at}")
    return capfirst(" · ".join(said)) or gettext("Closed all week")


def _diary(facts: _Facts) -> Line:
    seen = [chair.display_name for chair in staff.practitioners(facts.practice.pk)]
    detail = ", ".join(seen) or gettext("Nobody sees patients yet.")
    return Line("diary", gettext("Somebody sees patients"), detail, bool(seen), href=_settings("#people"))


def _prices(facts: _Facts) -> Line:
    offered = services(facts.practice.pk)
    priced = sum(service.price is not None for service in offered)
    wanted = min(PRICED, len(offered)) or PRICED
    detail = ngettext("%(n)d service has its price.", "%(n)d services have their price.", priced) % {"n": priced}
    words = gettext("People know what it costs")
    return Line("prices", words, detail, priced >= wanted, href=_settings("#services"))


def _safety(facts: _Facts) -> Line:
    practice = facts.practice
    phone = phone_words(practice.phone, practice.country) if practice.phone else ""
    text = safety_line(practice.country, practice.language, phone, practice.red_flag_line)
    return facts.pressed("safety", gettext("A clinician has read the words for danger"), unbroken(text), text)


def _origin(facts: _Facts) -> Line:
    missing = count_without_origin(facts.practice.pk)
    detail = ngettext(
        "Of %(n)d person we do not know how their address came to you.",
        "Of %(n)d people we do not know how their addresses came to you.",
        missing,
    ) % {"n": missing}
    words = gettext("We can say where the addresses are from")
    return Line("origin", words, detail if missing else "", not missing)


def _sheet(facts: _Facts) -> Line:
    detail = gettext("If the machine is down tomorrow, the day goes on from paper.")
    return facts.pressed("sheet", gettext("The day is on paper"), detail, "", reverse("desk:sheet"))


_LINES: tuple[Callable[[_Facts], Line], ...] = (_hours, _diary, _prices, _sender, _reply, _safety, _origin, _sheet)
