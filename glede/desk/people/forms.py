"""What a colleague writes about a person."""

from datetime import date
from typing import Any, Self

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from glede.desk.clockfield import ClockField
from glede.kernel.contact import email_key, phone_e164
from glede.people.names import FORMATS

NEED_KINDS = [
    ("need", _("Need or concern")),
    ("want", _("Want or goal")),
    ("lifestyle", _("Lifestyle")),
    ("relationship", _("Relationship they expect")),
    ("value", _("What they value")),
    ("budget", _("Budget")),
    ("do_not", _("Do not")),
    ("anxious", _("Anxious about")),
    ("complex", _("Needs more than usual")),
]
STYLES = [
    ("", _("Not asked")),
    ("short", _("Short and factual")),
    ("friendly", _("Friendly")),
    ("call", _("Just call me")),
]
CHANNELS = [("email", _("E-mail")), ("sms", _("Text")), ("call", _("Call"))]
KINDS = {
    "visits": _("About visits"),
    "answers": _("Answers to their questions"),
    "care": _("Thanks and next eye test"),
    "news": _("News and offers"),
}
DAYS = [
    ("0", _("Monday")), ("1", _("Tuesday")), ("2", _("Wednesday")), ("3", _("Thursday")), ("4", _("Friday")),
    ("5", _("Saturday")), ("6", _("Sunday")),
]  # fmt: skip
DAY_CHOICES = [(key, capfirst(name)) for key, name in DAYS]  # a row begins with a capital, in Norwegian too


class Beside(forms.Form):
    """One of several forms on a page: its fields have names of their own there, so that labels find them."""

    is_called = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{self.is_called}_%s", **kwargs})


class Note(Beside):
    """A note, with a day it comes back as a promise."""

    is_called = "note"

    words = forms.CharField(label=_("Note"), max_length=2000, error_messages={"required": _("Write the note")})
    on = forms.DateField(
        label=_("Ask again on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("It comes back to you on that day. Or say it in the note: “in 2 weeks”, “wedding in May”."),
        error_messages={"invalid": _("Choose a day")},
    )


class Need(Beside):
    """One line of what matters, in the person's words."""

    is_called = "need"

    kind = forms.ChoiceField(label=_("About"), choices=NEED_KINDS)
    words = forms.CharField(
        label=_("In their words"), max_length=500, error_messages={"required": _("Write it in their words")}
    )


class Format(Beside):
    """One thing it takes to reach or meet somebody who reads, hears or speaks otherwise."""

    is_called = "format"

    code = forms.ChoiceField(label=_("They need"), choices=[("", _("Choose")), *FORMATS.items()])
    words = forms.CharField(label=_("More about it"), max_length=200, required=False)


class Contact(forms.Form):
    """A phone number or an e-mail address."""

    value = forms.CharField(
        label=_("Phone or e-mail"), max_length=254, error_messages={"required": _("Write a number or an address")}
    )

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country = country

    def clean(self) -> dict[str, Any]:
        """Return the contact with its kind."""
        cleaned = super().clean() or {}
        value = cleaned.get("value", "")
        if "@" in value:
            cleaned["kind"] = "email"
            if email_key(value) is None:
                self.add_error("value", _("Write an e-mail address like kari@example.no"))
        elif value:
            cleaned["kind"] = "phone"
            if phone_e164(value, self.country) is None:
                self.add_error("value", _("Write a phone number, like 912 34 567 (spaces are fine)"))
        return cleaned


class Details(forms.Form):
    """Who a person is, and where letters go."""

    given_name = forms.CharField(label=_("First name"), max_length=120, required=False)
    family_name = forms.CharField(label=_("Last name"), max_length=120, required=False)
    how_to_say = forms.CharField(label=_("How to say the name"), max_length=120, required=False)
    birth_date = forms.DateField(
        label=_("Birth date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Choose a day")},
    )
    street = forms.CharField(label=_("Street and number"), max_length=200, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    city = forms.CharField(label=_("Town"), max_length=80, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_birth_date(self) -> date | None:
        """Return the birth date; nobody is born tomorrow."""
        born: date | None = self.cleaned_data["birth_date"]
        if born is not None and born > self.today:
            raise forms.ValidationError(_("Choose a day that has been"))
        return born

    @classmethod
    def of(cls, card: Any, today: date) -> Self:
        """Return the form filled with what is known."""
        person = card.person
        known = {name: getattr(person, name) for name in ("given_name", "family_name", "how_to_say", "birth_date")}
        return cls(initial=known | {n: getattr(card, n) for n in ("street", "postcode", "city")}, today=today)


class Wishes(forms.Form):
    """How the person wants to be reached."""

    first = forms.ChoiceField(label=_("First"), choices=CHANNELS)
    then = forms.ChoiceField(label=_("Else"), choices=[("", _("nothing")), *CHANNELS], required=False)
    for_visits, for_answers, for_care, for_news = (
        forms.ChoiceField(label=words, choices=[("", _("as above")), *CHANNELS], required=False)
        for words in KINDS.values()
    )
    hours_from = ClockField(label=_("From"), required=False)
    hours_to = ClockField(label=_("Until"), required=False)
    days = forms.MultipleChoiceField(
        label=_("Days that suit"), choices=DAY_CHOICES, required=False, widget=forms.CheckboxSelectMultiple
    )
    style = forms.ChoiceField(label=_("Relationship they expect"), choices=STYLES, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=[("nb", "Norsk bokmål"), ("en", "English")])
    pause_until = forms.DateField(
        label=_("Nothing until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    quiet_all = forms.BooleanField(label=_("Quiet everything"), required=False)
    preparation_by_text = forms.BooleanField(label=_("May tell by text how to prepare"), required=False)

    @classmethod
    def of(cls, card: Any) -> Self:
        """Return the form filled with what is known."""
        wishes = card.wishes
        channels = [*(wishes.channels or card.reach.channels), "", ""]
        known = [channel for channel, _label in CHANNELS]
        return cls(
            initial={
                "first": channels[0] if channels[0] in known else "email",
                "then": channels[1] if channels[1] in known else "",
                "hours_from": wishes.hours_from,
                "hours_to": wishes.hours_to,
                "days": [str(day) for day in wishes.days],
                "style": card.reach.style,
                "language": "nb" if card.reach.language[:2] in {"nb", "nn", "no"} else "en",
                "pause_until": wishes.pause_until,
                "quiet_all": wishes.quiet_all,
                "preparation_by_text": wishes.preparation_by_text,
                **{f"for_{kind}": order[0] for kind, order in wishes.channels_for.items() if order},
            }
        )

    def clean(self) -> dict[str, Any]:
        """Return the wishes, the hours in order."""
        cleaned = super().clean() or {}
        start, end = cleaned.get("hours_from"), cleaned.get("hours_to")
        if (start is None) != (end is None) or (start and end and start >= end):
            self.add_error("hours_to", _("Write both hours, the earlier first, or none"))
        return cleaned
