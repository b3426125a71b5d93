"""What matters to me: the one card, as every screen of a person shows it first."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from glede.kernel.words import time_words, weekday_word
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


def of(card: Any, practice: Any) -> Matters:
    """Return the card of a person as the component draws it: their own sentence first, then the rest."""
    needs = card.words.get("need", ())
    rows = [
        (label, "; ".join(w.words for w in card.words[kind])) for kind, label in KINDS.items() if card.words.get(kind)
    ]
    rows.insert(0, (_("Reach me"), reach_words(card.reach, practice)))
    if card.style:
        rows.insert(0, (_("Relationship"), STYLES.get(card.style, card.style)))
    if card.follow_ups:
        rows.append((_("Follow up"), "; ".join(note.words for note in card.follow_ups)))
    return Matters(needs[0].words if needs else "", tuple(rows), tuple(w.words for w in card.words.get("do_not", ())))


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
