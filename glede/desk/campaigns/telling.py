"""A campaign in words: where it stands, who gets it and who does not and why, and how it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from glede.channels.sms.accounts import part_price
from glede.desk.access import DeskRequest
from glede.desk.campaigns.forms import TONGUES
from glede.desk.channels.costs import size_words
from glede.desk.diary.history import moment
from glede.desk.outbox.letters import Letter, letter
from glede.desk.settings.policy import selling_week
from glede.desk.settings.policy_words import PURPOSES, week_minutes
from glede.kernel.clock import day_of
from glede.kernel.gsm import for_sms
from glede.outbox.campaigns import WILL_NOT_GO, Line, not_sent, said
from glede.outbox.operations.judging import Shown
from glede.outbox.policy.book import edition_for
from glede.outbox.words import CHANNELS, STATES, reason_words
from glede.people import queries as people
from glede.practices.queries import public_base

KARI = {"en": "Kari", "nb": "Kari"}


@dataclass(frozen=True)
class Sample:
    """One language of a campaign as somebody called Kari would get it."""

    name: str
    language: str
    letter: Letter
    text: str
    size: str


def samples(practice: Any, words: Mapping[str, Mapping[str, str]]) -> list[Sample]:
    """Return each language as a mail and as a text."""
    found = []
    for tongue, told in words.items():
        link = f"{public_base(practice) or 'https://…'}/u/K7M4Q9XW2P3TB/"
        given = {"language": tongue, "first_name": KARI[tongue], "link": link}
        mail = said(practice, {tongue: told}, channel="email", **given)
        text = for_sms(said(practice, {tongue: told}, channel="sms", **given).text)
        shown = letter(practice, mail.subject, mail.text, tongue)
        found.append(Sample(str(TONGUES[tongue]), tongue, shown, text, size_words(text, part_price(practice.pk))))
    return found


def purpose(line: Line) -> str:
    """Return what it is for."""
    return str(capfirst(PURPOSES[line.purpose]))


def hours(request: DeskRequest) -> str:
    """Return the hours in which what sells may leave here."""
    edition = edition_for(request.practice.country, day_of(request.now, request.practice.zone))
    return week_minutes(selling_week(request.practice, edition))


def state(line: Line, practice: Any, now: datetime) -> dict[str, str]:
    """Return where it stands at ``now``, in a few words, with the level and the icon of that."""
    told: dict[str, Any] = {"when": moment(line.due_at, practice.zone) if line.due_at else "", "n": line.left}
    if line.stopped_at is not None:
        if not line.left:
            return {"words": gettext("taken back, nothing left"), "level": "", "icon": "ban"}
        words = ngettext("stopped after %(n)d", "stopped after %(n)d", line.left) % told
        return {"words": words, "level": "late", "icon": "ban"}
    if line.started_at is None:
        return {"words": gettext("not begun"), "level": "soon", "icon": "circle-dashed"}
    if line.waiting:
        is_begun = line.due_at is not None and line.due_at <= now
        words = gettext("under way since %(when)s") if is_begun else gettext("begins %(when)s")
        return {"words": words % told, "level": "soon", "icon": "clock"}
    return {"words": gettext("over; it went %(when)s") % told, "level": "", "icon": "check"}


def foreseen(request: DeskRequest, line: Line, seen: Shown) -> dict[str, Any]:
    """Return who would get it and who would not, as things stand."""
    shown = {one for some in seen.examples.values() for one in some}
    names = people.names(request.practice.pk, shown)
    request.look_at(*shown)
    price = part_price(request.practice.pk)
    cost = f"{(price.amount * seen.parts).normalize():f} {price.currency}" if price and seen.parts else ""
    return {
        "seen": seen,
        "asked": seen.size if seen.size < line.size else 0,
        "ways": [(capfirst(str(CHANNELS.get(way, way))), n) for way, n in seen.by_channel.most_common()],
        "cost": cost,
        "left_out": [
            (
                reason_words(code),
                n,
                ", ".join(names[one].name for one in seen.examples.get(code, ()) if one in names),
                n > len(seen.examples.get(code, ())),
            )
            for code, n in seen.left_out.most_common()
        ],
    }


def fared(request: DeskRequest, line: Line) -> dict[str, Any]:
    """Return what became of it so far."""
    parts: dict[str, int] = {}
    for code, n in line.states.items():
        words = gettext("will not go") if code == WILL_NOT_GO else str(STATES.get(code, code))
        if line.stopped_at is not None and words == str(STATES["planned"]):
            words = gettext("is being stopped")
        parts[words] = parts.get(words, 0) + n
    unfolds = line.size - line.expanded
    if unfolds:
        parts[gettext("not planned") if line.stopped_at else gettext("about to be planned")] = unfolds
    return {
        "parts": sorted(parts.items(), key=lambda part: -part[1]),
        "reasons": [(reason_words(code), n) for code, n in not_sent(request.practice.pk, line.id)],
    }
