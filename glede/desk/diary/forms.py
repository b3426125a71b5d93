"""What the desk asks when somebody is booked or a visit is given up."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from glede.diary import series
from glede.kernel.contact import email_key, phone_e164
from glede.people.values import PersonForm

DESK_REASONS = [
    ("time", _("The time does not suit them")),
    ("unwell", _("They are unwell")),
    ("not_needed", _("They do not need it any more")),
    ("cost", _("The price")),
    ("elsewhere", _("They go somewhere else")),
    ("practitioner_away", _("We: the person they were to meet is away")),
    ("practice_closed", _("We: the practice is closed")),
    ("equipment", _("We: something does not work")),
    ("mistake", _("We: it was booked by mistake")),
    ("other", _("Something else")),
]


class Stranger(forms.Form):
    """Somebody nobody here has met: a name and a number are enough."""

    given_name = forms.CharField(
        label=_("Given name"), max_length=100, error_messages={"required": _("Write their given name")}
    )
    family_name = forms.CharField(label=_("Family name"), max_length=100, required=False)
    phone = forms.CharField(label=_("Mobile"), max_length=40, required=False)
    email = forms.CharField(label=_("E-mail"), max_length=254, required=False)

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country = country

    def clean_phone(self) -> str:
        """Return the number where it can be rung."""
        phone: str = self.cleaned_data["phone"].strip()
        if phone and phone_e164(phone, self.country) is None:
            raise forms.ValidationError(_("Write a phone number, like 912 34 567 (spaces are fine)"))
        return phone

    def clean_email(self) -> str:
        """Return the address where it is one."""
        email: str = self.cleaned_data["email"].strip()
        if email and email_key(email) is None:
            raise forms.ValidationError(_("Write an e-mail address like kari@example.no"))
        return email

    def clean(self) -> dict[str, Any]:
        """Return what was written, where it leaves a way to reach them."""
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("phone") and not cleaned.get("email"):
            self.add_error("phone", _("Write a mobile number or an e-mail address, so we can reach them"))
        return cleaned

    def person(self) -> PersonForm:
        """Return who was written down."""
        asked = self.cleaned_data
        return PersonForm(
            given_name=asked["given_name"],
            family_name=asked["family_name"],
            phones=(asked["phone"],) if asked["phone"] else (),
            emails=(asked["email"],) if asked["email"] else (),
            source="desk",
        )


def stranger(country: str, words: str) -> Stranger:
    """Return the form for somebody new, filled with what was looked for; the first empty field waits."""
    asked = named(words)
    form = Stranger(country=country, initial=asked)
    if words:
        form.fields["phone" if asked.get("given_name") else "given_name"].widget.attrs["autofocus"] = True
    return form


def named(words: str) -> dict[str, str]:
    """Return what was looked for as a name, a number or an address."""
    if not words or any(c.isdigit() or c == "@" for c in words):
        return {"phone": words} if words and "@" not in words else {"email": words}
    given, _, family = words.rpartition(" ")
    return {"given_name": given or family, "family_name": family if given else ""}


class Cancellation(forms.Form):
    """Why a visit is cancelled."""

    reason = forms.ChoiceField(
        label=_("Why"), choices=DESK_REASONS, error_messages={"required": _("Choose why it is cancelled")}
    )
    words = forms.CharField(label=_("In their words"), max_length=500, required=False)


UNITS = [("day", _("days")), ("week", _("weeks")), ("month", _("months"))]


class Again(forms.Form):
    """How often somebody comes again, how many times, and at which time."""

    every = forms.IntegerField(label=_("Every"), min_value=1, max_value=series.EVERY_MAX)
    unit = forms.ChoiceField(label=_("Days, weeks or months"), choices=UNITS)
    count = forms.IntegerField(label=_("How many visits"), min_value=series.COUNT_MIN, max_value=series.COUNT_MAX)
    at = forms.TimeField(label=_("At"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))

    def rule(self, day: date) -> series.Rule:
        """Return the rule of the visits that follow one on ``day``."""
        asked = self.cleaned_data
        first = series.days(series.Rule(day, asked["every"], series.Unit(asked["unit"]), series.COUNT_MIN))[1]
        return series.Rule(first, asked["every"], series.Unit(asked["unit"]), asked["count"])
