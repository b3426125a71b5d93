"""How a patient wants to be reached, as forms without JavaScript."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, Final, Literal

from django import forms
from django.utils.translation import gettext_lazy as _

from glede.kernel.words import time_words, weekday_word
from glede.people.rules.reaching import by_kind
from glede.people.values import Preference, Reach, Wishes
from glede.portal import wording
from glede.ui.presenting import Choice
from glede.ui.widgets import ChoiceCards

CHANNELS: Final = (("sms", _("Text message")), ("email", _("E-mail")), ("call", _("Ring me")))
HOURS: Final[dict[str, tuple[time, time]]] = {
    "morning": (time(8), time(12)),
    "afternoon": (time(12), time(16)),
    "evening": (time(16), time(20)),
}
OWN: Final = "own"
PAUSES: Final = {"14": 14, "30": 30, "90": 90}
LONGEST_REST: Final = timedelta(days=366)
KINDS: Final = {
    "visits": _("About my visits"),
    "answers": _("When I have asked you something"),
    "care": _("How it went, and when to come again"),
    "news": _("News and offers"),
}
"""What we may write about, in the patient's words; the groups are those of ``people.rules.reaching``."""
A_MONDAY: Final = date(2026, 11, 23)


@dataclass(frozen=True, slots=True)
class Known:
    """What the practice knows now: the wishes, and what follows from them."""

    preference: Preference
    reach: Reach


class ReachForm(forms.Form):
    """Channels in order, good hours and days, language, style."""

    first = forms.ChoiceField(
        label=_("How should we reach you?"),
        choices=[(code, Choice(words)) for code, words in CHANNELS],
        widget=ChoiceCards(tight=True),
        error_messages={"required": _("Choose how we should reach you")},
    )
    second = forms.ChoiceField(
        label=_("And if we do not get through?"),
        choices=[*((code, Choice(words)) for code, words in CHANNELS), ("", Choice(_("Nothing else")))],
        required=False,
        widget=ChoiceCards(tight=True),
    )
    for_visits, for_answers, for_care, for_news = (
        forms.ChoiceField(
            label=words, choices=[("", _("As above")), *CHANNELS], required=False,
            error_messages={"invalid_choice": _("Choose one of the ways")},
        )
        for words in KINDS.values()
    )  # fmt: skip
    hours = forms.ChoiceField(
        label=_("When is a good time?"),
        choices=[
            ("any", Choice(_("Any time"))),
            ("morning", Choice(_("Mornings"), _("8am to noon"))),
            ("afternoon", Choice(_("Afternoons"), _("noon to 4pm"))),
            ("evening", Choice(_("Evenings"), _("4pm to 8pm"))),
        ],
        widget=ChoiceCards(tight=True),
        error_messages={"required": _("Choose a good time")},
    )
    days = forms.TypedMultipleChoiceField(
        label=_("Which days?"),
        help_text=_("Choose none if all days are fine."),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    style = forms.ChoiceField(
        label=_("How should we write?"),
        choices=[
            ("short", Choice(_("Short and factual"))),
            ("friendly", Choice(_("Friendly"))),
            ("call", Choice(_("Just ring me"))),
        ],
        widget=ChoiceCards(tight=True),
        error_messages={"required": _("Choose how we should write")},
    )
    language = forms.ChoiceField(
        label=_("Which language?"),
        choices=[("en", Choice("English")), ("nb", Choice("Norsk"))],
        widget=ChoiceCards(tight=True),
        error_messages={"required": _("Choose a language")},
    )
    preparation = forms.BooleanField(
        label=_("You may write to me about how to prepare"),
        required=False,
        help_text=_("For example that I must not drive home."),
    )

    def __init__(self, data: Any, known: Known) -> None:
        super().__init__(data, initial=_initial(known))
        self.fields["days"].choices = [(day, _weekday(day)) for day in range(7)]  # type: ignore[attr-defined]
        wish = known.preference
        self.own_hours = (wish.hours_from, wish.hours_to) if wish.hours_from and wish.hours_to else None
        if self.own_hours and self.own_hours not in HOURS.values():
            # A colleague wrote them down: whoever saves something else here keeps them.
            first, last = map(_clock, self.own_hours)
            told = _("From %(first)s to %(last)s") % {"first": first, "last": last}
            self.fields["hours"].choices = [(OWN, Choice(told)), *self.fields["hours"].choices]  # type: ignore[attr-defined]

    def kinds(self) -> list[forms.BoundField]:
        """Return the fields of one kind of message each."""
        return [self[f"for_{kind}"] for kind in KINDS]

    def is_by_kind(self) -> bool:
        """Whether any kind of message goes another way, or was chosen wrongly."""
        return any(field.value() or field.errors for field in self.kinds())

    def wishes(self) -> Wishes:
        """Return what was wished for."""
        given = self.cleaned_data
        ranked = tuple(dict.fromkeys(filter(None, (given["first"], given["second"]))))
        hours: tuple[time, time] | Literal["any"] = HOURS.get(given["hours"], "any")
        if given["hours"] == OWN and self.own_hours:
            hours = self.own_hours
        return Wishes(
            channels=ranked,
            days=tuple(given["days"]),
            hours=hours,
            preparation_by_text=given["preparation"],
            language=given["language"],
            style=given["style"],
            channels_for=by_kind({kind: given[f"for_{kind}"] for kind in KINDS}, ranked),
        )


class QuietForm(forms.Form):
    """Fewer messages for a time, or none at all."""

    pause = forms.ChoiceField(
        label=_("Do you want a rest from us?"),
        choices=[
            ("none", Choice(_("No, write as before"))),
            ("14", Choice(_("Rest for 2 weeks"))),
            ("30", Choice(_("Rest for a month"))),
            ("90", Choice(_("Rest for 3 months"))),
            ("quiet", Choice(_("Never write"), _("We ring if your visit changes."))),
            ("until", Choice(_("Rest until a day I choose"))),
        ],
        widget=ChoiceCards(tight=True),
        error_messages={"required": _("Choose one")},
    )

    until = forms.DateField(
        label=_("Until which day?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Choose a day, like 24 December 2026")},
    )

    def __init__(self, data: Any, known: Known, today: date) -> None:
        wish, self.today = known.preference, today
        rests_until = wish.pause_until if wish.pause_until and wish.pause_until > today else None
        chosen = "quiet" if wish.quiet_all else "until" if rests_until else "none"
        super().__init__(data, initial={"pause": chosen, "until": rests_until})

    def clean(self) -> dict[str, Any]:
        """Return the rest: a day that is chosen comes after today, and within a year."""
        given = super().clean() or {}
        until = given.get("until")
        if "until" in self.errors:
            return given
        if given.get("pause") != "until":
            if until is not None and until != self.initial["until"]:
                self.add_error("pause", _("You wrote a day: choose “Rest until a day I choose”, or empty the day"))
            return given
        if until is None:
            self.add_error("until", _("Choose the day"))
        elif until <= self.today:
            self.add_error("until", _("Choose a day after today"))
        elif until > self.today + LONGEST_REST:
            self.add_error("until", _("Choose a day within a year, or “Never write”"))
        return given

    def wishes(self) -> Wishes:
        """Return what was wished for; a rest in days is counted from today."""
        chosen = self.cleaned_data["pause"]
        days = PAUSES.get(chosen)
        until = self.today + timedelta(days=days) if days else None
        if chosen == "until":
            until = self.cleaned_data["until"]
        return Wishes(pause_until=until or "none", quiet_all=chosen == "quiet")


def _initial(known: Known) -> dict[str, Any]:
    wish, reach = known.preference, known.reach
    ranked = [c for c in (wish.channels or reach.channels) if c in dict(CHANNELS)]
    held = (wish.hours_from, wish.hours_to)
    return {
        "first": ranked[0] if ranked else None,
        "second": ranked[1] if len(ranked) > 1 else "",
        "hours": next((name for name, span in HOURS.items() if span == held), OWN if all(held) else "any"),
        "days": list(wish.days),
        "style": reach.style,
        "language": "nb" if reach.language[:2] in {"nb", "nn", "no"} else "en",
        "preparation": wish.preparation_by_text,
        **{f"for_{kind}": order[0] for kind, order in wish.channels_for.items() if order},
    }


def _clock(at: time) -> str:
    return time_words(at, wording.tongue())


def _weekday(day: int) -> str:
    return weekday_word(A_MONDAY + timedelta(days=day), wording.tongue()).capitalize()
