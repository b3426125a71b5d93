"""What matters to me: the one card, as every screen of a person shows it first."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from glede.desk.access import DeskRequest
from glede.kernel.clock import day_of
from glede.kernel.words import short_day_words, time_words, weekday_word
from glede.people.names import FORMATS, listed, named
from glede.people.names import KINDS as NEED_NAMES
from glede.people.queries import patient_card
from glede.people.rules.formats import is_review_due
from glede.ui.presenting import Matters

STYLES = {
    "short": _("Short and factual"),
    "friendly": _("Friendly, with time to talk"),
    "call": _("Just call me"),
}
CHANNELS = {"email": _("E-mail"), "sms": _("Text"), "call": _("Call"), "letter": _("Letter")}
KINDS = {
    "want": _("Hopes"),
    "lifestyle": _("My days"),
    "anxious": _("Anxious about"),
    "complex": _("Needs more"),
    "value": _("Values"),
    "budget": _("Budget"),
}


def inside(channel: str) -> str:
    """Return a channel as it stands inside a sentence: "text", but "SMS"."""
    return channel if channel.isupper() else channel.lower()


def shown(request: DeskRequest, patient_id: UUID) -> Matters | None:
    """Return the card of a person for a screen on which they appear; None for a stranger. The look is noted."""
    card = patient_card(request.practice.pk, patient_id)
    if card is None:
        return None
    request.look_at(card.person.patient_id)
    return of(card, request.practice, day_of(request.now, request.practice.zone))


def of(card: Any, practice: Any, today: date) -> Matters:
    """Return the card as the component draws it: what it takes to reach them, their own sentence, the rest."""
    needs, formats = card.words.get("need", ()), card.words.get("format", ())
    said = dict(card.words)
    first = (needs or said.get("want", ()))[:1]
    said["want"] = tuple(line for line in said.get("want", ()) if line not in first)
    rows = [(label, _joined(said[kind])) for kind, label in KINDS.items() if said.get(kind)]
    if needs[1:]:
        rows.insert(0, (_("Worries"), _joined(needs[1:])))
    spoken = [line for line in formats if not line.code]
    if spoken:
        rows.insert(0, (_("Reads and hears"), _joined(spoken)))
    rows.insert(0, (_("Reach me"), reach_words(card.reach, practice)))
    relationship = card.words.get("relationship", ())
    if relationship or card.style:
        words = _joined(relationship) if relationship else STYLES.get(card.style, card.style)
        rows.insert(0, (_("Relationship"), words))
    if card.person.how_to_say:
        rows.insert(0, (_("Say"), card.person.how_to_say))
    if card.follow_ups:
        rows.append((_("Follow up"), "; ".join(note.words for note in card.follow_ups)))
    return Matters(
        first[0].words if first else "",
        tuple(rows),
        tuple(w.words for w in card.words.get("do_not", ())),
        flags=tuple(flag(line) for line in formats if line.code),
        nudge=_nudge(formats, practice.zone, today),
        source=_source(card, practice.zone),
    )


def _joined(lines: Iterable[Any]) -> str:
    return "; ".join(dict.fromkeys(line.words for line in lines))


def flag(line: Any) -> str:
    """Return one communication need as it stands first on the card: "Interpreter: Polish"."""
    name = named(FORMATS, line.code)
    return f"{name}: {line.words}" if line.words else name


def _nudge(formats: Iterable[Any], zone: str, today: date) -> str:
    """Say that what somebody needs is to be asked again, a year after it last was."""
    due = [line for line in formats if line.code and is_due(line, zone, today)]
    if not due:
        return ""
    last = max(line.reviewed_on or line.asked_on or day_of(line.noted_at, zone) for line in due)
    day = f"{short_day_words(last, get_language() or 'en')} {last.year}"
    return str(_("Last asked %(day)s: ask again whether it still holds.") % {"day": day})


def is_due(line: Any, zone: str, today: date) -> bool:
    """Return whether one communication need is to be asked about again."""
    return is_review_due(day_of(line.noted_at, zone), line.asked_on, line.reviewed_on, today)


def _source(card: Any, zone: str) -> str:
    """Say which of the card are the person's own words by their link, and from when."""
    own = [line for lines in card.words.values() for line in lines if line.by == "patient"]
    if not own:
        return ""
    day = short_day_words(max(day_of(line.noted_at, zone) for line in own), get_language() or "en")
    kinds = listed(NEED_NAMES, (line.kind for line in own))
    return str(_("In their own words by the link, %(day)s: %(kinds)s.") % {"day": day, "kinds": kinds})


def reach_words(reach: Any, practice: Any) -> str:
    """Return how a person wants to be reached: "Text, 10:00 to 18:00. Else call"."""
    ways = [str(CHANNELS.get(channel, channel)) for channel in reach.channels]
    first = ways[0] if ways else str(_("No way yet: ask"))
    hours = ""
    if reach.hours_from and reach.hours_to:
        clock = [time_words(at, "en", "staff") for at in (reach.hours_from, reach.hours_to)]
        hours = ", " + _("%(start)s to %(end)s") % {"start": clock[0], "end": clock[1]}
    rest = ". " + _("Else %(ways)s") % {"ways": ", ".join(inside(w) for w in ways[1:])} if ways[1:] else ""
    return f"{first}{hours}{rest}{_days(reach)}"


def _days(reach: Any) -> str:
    if not reach.days or len(reach.days) == 7:
        return ""
    from datetime import date, timedelta

    monday = date(2024, 1, 1)
    names = [weekday_word(monday + timedelta(days=d), get_language() or "en")[:3] for d in sorted(reach.days)]
    return f" ({', '.join(names)})"
