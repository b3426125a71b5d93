"""What a practice says about itself."""

from datetime import time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from glede.desk.clockfield import ClockField
from glede.desk.people.forms import DAYS
from glede.kernel.contact import phone_e164
from glede.kernel.periods import Span


class About(forms.Form):
    """The practice as patients meet it."""

    name = forms.CharField(label=_("Our name is"), max_length=200)
    phone = forms.CharField(label=_("Patients ring"), max_length=30)
    email = forms.EmailField(label=_("They write to"), required=False)
    address = forms.CharField(label=_("We are at"), max_length=300, required=False)
    public_url = forms.URLField(
        label=_("Links in messages begin with"), required=False, assume_scheme="https",
        help_text=_("Without it messages carry the phone number instead of a link."),
    )  # fmt: skip
    review_link = forms.URLField(
        label=_("The same public page for everybody’s review"), required=False, assume_scheme="https"
    )

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country = country

    def clean_phone(self) -> str:
        """Return the number in its normal form."""
        number = phone_e164(self.cleaned_data["phone"], self.country)
        if number is None:
            raise forms.ValidationError(_("Write a phone number, like 22 12 34 56 (spaces are fine)"))
        return number


class Promises(forms.Form):
    """What the practice promises everybody."""

    answer_minutes = forms.IntegerField(label=_("We answer within this many open minutes"), min_value=5, max_value=2400)
    call_days_before = forms.IntegerField(label=_("We ring this many days before a visit"), min_value=1, max_value=14)
    calls_per_day = forms.IntegerField(label=_("We can ring this many people a day"), min_value=0, max_value=200)
    hours_from = ClockField(label=_("Messages go from"))
    hours_to = ClockField(label=_("until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The fields stand inside sentences: their names are said, not shown.
        for field in self.fields.values():
            field.widget.attrs |= {"aria-label": field.label, "class": "short"}

    def clean(self) -> dict[str, Any]:
        """Return the promises, the hours in order."""
        cleaned = super().clean() or {}
        if cleaned.get("hours_from") and cleaned.get("hours_to") and cleaned["hours_from"] >= cleaned["hours_to"]:
            self.add_error("hours_to", _("Write an hour after the first one"))
        return cleaned


class Hours(forms.Form):
    """The week's opening hours: "09:00-12:00, 13:00-17:00", empty where closed."""

    def __init__(self, *args: Any, spans: tuple[Span, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, label in DAYS:
            written = ", ".join(f"{s.opens:%H:%M}-{s.closes:%H:%M}" for s in spans if s.weekday == int(key))
            self.fields[f"day_{key}"] = forms.CharField(label=label, required=False, max_length=80, initial=written)

    def clean(self) -> dict[str, Any]:
        """Return the spans that were written; an unreadable day says how to write it."""
        cleaned = super().clean() or {}
        spans: list[Span] = []
        for key, _label in DAYS:
            try:
                spans += _spans(int(key), cleaned.get(f"day_{key}", ""))
            except ValueError:
                self.add_error(f"day_{key}", _("Write hours like 09:00-17:00, or 09:00-12:00, 13:00-17:00"))
        cleaned["spans"] = spans
        return cleaned


def _spans(weekday: int, text: str) -> list[Span]:
    found: list[Span] = []
    for part in text.replace("–", "-").replace(";", ",").split(","):
        if not part.strip():
            continue
        opens, dash, closes = part.strip().partition("-")
        span = Span(weekday, _clock(opens), _clock(closes))
        if not dash or span.opens >= span.closes or (found and span.opens < found[-1].closes):
            raise ValueError(text)
        found.append(span)
    return found


def _clock(text: str) -> time:
    hours, _colon, minutes = text.strip().replace(".", ":").partition(":")
    return time(int(hours), int(minutes or 0))


class ClosedDay(forms.Form):
    """A day on which the practice stays closed."""

    day = forms.DateField(
        label=_("We are closed on"), widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Choose a day"), "invalid": _("Choose a day")},
    )  # fmt: skip
    reason = forms.CharField(label=_("because of"), max_length=100, required=False)


class Service(forms.Form):
    """A service with its minutes and its whole price."""

    name_nb = forms.CharField(label=_("Name in Norwegian"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=480)
    buffer_minutes = forms.IntegerField(label=_("Minutes between"), min_value=0, max_value=60, initial=5)
    price = forms.DecimalField(label=_("Price"), min_value=Decimal(0), max_digits=9, decimal_places=2, required=False)


class Practitioner(forms.Form):
    """Somebody patients are booked with."""

    given_name = forms.CharField(label=_("Given name"), max_length=100)
    family_name = forms.CharField(label=_("Family name"), max_length=100, required=False)
    title = forms.CharField(label=_("Title"), max_length=100, required=False)


ROLES = [
    ("receptionist", _("Receptionist")),
    ("dispensing_optician", _("Dispensing optician")),
    ("optometrist", _("Optometrist")),
    ("manager", _("Manager")),
    ("owner", _("Owner")),
]
