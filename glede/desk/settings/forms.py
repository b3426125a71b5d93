"""What a practice says about itself."""

from collections.abc import Sequence
from datetime import time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from glede.catalogue.rules import MOST_MORE_MINUTES, WAIT_MAX
from glede.desk.clockfield import ClockField
from glede.desk.people.forms import DAY_CHOICES
from glede.diary.names import MORE_TIME
from glede.kernel.contact import phone_e164
from glede.kernel.periods import Hours as OpenSpan
from glede.kernel.periods import Span
from glede.practices.public_holidays import REGIONS

UNREADABLE = _("Write hours like 09:00-17:00, or 09:00-12:00, 13:00-17:00")
LONGEST_DAYS = 366
SOONEST_ANSWER = 5  # open minutes; a person reads and writes


PARTS = {"ENG": _("England"), "NIR": _("Northern Ireland"), "SCT": _("Scotland"), "WLS": _("Wales")}


class About(forms.Form):
    """The practice as patients meet it."""

    name = forms.CharField(label=_("Our name is"), max_length=200)
    phone = forms.CharField(label=_("Patients ring"), max_length=30)
    email = forms.EmailField(label=_("They write to"), required=False)
    address = forms.CharField(label=_("We are at"), max_length=300, required=False)
    region = forms.ChoiceField(label=_("Part of the country"), required=False)
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
        parts = REGIONS.get(country, ())
        if parts:
            self.fields["region"].choices = [("", _("all of it")), *((code, PARTS[code]) for code in parts)]  # type: ignore[attr-defined]
        else:
            del self.fields["region"]

    def clean_phone(self) -> str:
        """Return the number in its normal form."""
        number = phone_e164(self.cleaned_data["phone"], self.country)
        if number is None:
            raise forms.ValidationError(_("Write a phone number, like 22 12 34 56 (spaces are fine)"))
        return number


class Promises(forms.Form):
    """What the practice promises everybody."""

    answer_hours = forms.IntegerField(label=_("We answer within this many open hours"), min_value=0, max_value=40)
    answer_minutes = forms.IntegerField(label=_("and this many minutes"), min_value=0, max_value=59)
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
        """Return the promises: the hours in order, an answer within five open minutes at the soonest."""
        cleaned = super().clean() or {}
        if cleaned.get("hours_from") and cleaned.get("hours_to") and cleaned["hours_from"] >= cleaned["hours_to"]:
            self.add_error("hours_to", _("Write an hour after the first one"))
        if {"answer_hours", "answer_minutes"} <= cleaned.keys():
            total = cleaned.pop("answer_hours") * 60 + cleaned["answer_minutes"]
            if total < SOONEST_ANSWER:
                self.add_error("answer_minutes", _("Write 5 minutes or more"))
            cleaned["answer_minutes"] = total
        return cleaned


class Hours(forms.Form):
    """The week's opening hours: "09:00-12:00, 13:00-17:00", empty where closed."""

    def __init__(self, *args: Any, spans: tuple[Span, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, label in DAY_CHOICES:
            written = ", ".join(f"{s.opens:%H:%M}-{s.closes:%H:%M}" for s in spans if s.weekday == int(key))
            self.fields[f"day_{key}"] = forms.CharField(label=label, required=False, max_length=80, initial=written)

    def clean(self) -> dict[str, Any]:
        """Return the spans that were written; an unreadable day says how to write it."""
        cleaned = super().clean() or {}
        spans: list[Span] = []
        for key, _label in DAY_CHOICES:
            try:
                spans += read_spans(int(key), cleaned.get(f"day_{key}", ""))
            except ValueError:
                self.add_error(f"day_{key}", UNREADABLE)
        cleaned["spans"] = spans
        return cleaned


def read_spans(weekday: int, text: str) -> list[Span]:
    """Return the spans written in ``text``, in order. Raises ``ValueError``."""
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


class OtherHours(forms.Form):
    """Dates on which other hours hold than the week's."""

    first_on = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Choose a day"), "invalid": _("Choose a day")},
    )  # fmt: skip
    last_on = forms.DateField(
        label=_("Up to and including"), required=False, help_text=_("Empty: that day alone."),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("Choose a day")},
    )  # fmt: skip
    hours = forms.CharField(
        label=_("Open"), required=False, max_length=80, help_text=_("Like 09:00-12:00. Empty means closed.")
    )
    reason = forms.CharField(label=_("Because of"), max_length=100, required=False)

    def clean_hours(self) -> list[OpenSpan]:
        """Return the spans that were written; none means closed."""
        try:
            return [OpenSpan(span.opens, span.closes) for span in read_spans(0, self.cleaned_data["hours"])]
        except ValueError as error:
            raise forms.ValidationError(UNREADABLE) from error

    def clean(self) -> dict[str, Any]:
        """Return the dates in order, at most a year of them."""
        cleaned = super().clean() or {}
        first = cleaned.get("first_on")
        if first:
            cleaned["last_on"] = last = cleaned.get("last_on") or first
            if not 0 <= (last - first).days < LONGEST_DAYS:
                self.add_error("last_on", _("Choose a day after the first one, within a year"))
        return cleaned


def _more_minutes(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=capfirst(label), min_value=0, max_value=MOST_MORE_MINUTES, required=False,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )  # fmt: skip


class Service(forms.Form):
    """A service: its name and what to bring in both languages, its minutes and its whole price."""

    name_nb = forms.CharField(
        label=_("Name in Norwegian"), max_length=80, required=False, help_text=_("In one language at least.")
    )
    name_en = forms.CharField(label=_("Name in English"), max_length=80, required=False)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=480)
    buffer_minutes = forms.IntegerField(label=_("Minutes kept free after it"), min_value=0, max_value=60, initial=5)
    price = forms.DecimalField(
        label=_("Price"), min_value=Decimal(0), max_digits=9, decimal_places=2, required=False, localize=True,
        help_text=_("The whole price. Empty: no price is shown."),
    )  # fmt: skip
    price_to = forms.DecimalField(
        label=_("Up to"), min_value=Decimal(0), max_digits=9, decimal_places=2, required=False, localize=True,
        help_text=_("Only where the price is not one figure."),
    )  # fmt: skip
    bring_nb = forms.CharField(label=_("What to bring, in Norwegian"), max_length=200, required=False)
    bring_en = forms.CharField(label=_("What to bring, in English"), max_length=200, required=False)
    more_first = _more_minutes(MORE_TIME["first"])
    more_child = _more_minutes(MORE_TIME["child"])
    more_anxious = _more_minutes(MORE_TIME["anxious"])
    more_interpreter = _more_minutes(MORE_TIME["interpreter"])
    more_wheelchair = _more_minutes(MORE_TIME["wheelchair"])
    more_drops = _more_minutes(MORE_TIME["drops"])
    asks_for = forms.MultipleChoiceField(
        label=_("Takes, beside the clinician"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Any room or device that serves as it; two visits never hold one at the same time."),
    )  # fmt: skip
    followed_by = forms.ChoiceField(
        label=_("Followed by, with somebody else"), required=False,
        help_text=_("Both are booked in one, with two people, or neither. The patient hears of one visit."),
    )  # fmt: skip
    follow_within = forms.IntegerField(
        label=_("Begun within so many minutes"), min_value=0, max_value=WAIT_MAX, required=False, initial=0
    )
    for_new = forms.BooleanField(label=_("For people who come for the first time"), required=False)
    sort = forms.IntegerField(label=_("Place in the list"), min_value=1, max_value=200, initial=1)

    def clean(self) -> dict[str, Any]:
        """Return the service, named in one language at least, its prices in order."""
        cleaned = super().clean() or {}
        if not (cleaned.get("name_nb") or cleaned.get("name_en")):
            self.add_error("name_nb", _("Write a name, in one language at least"))
        low, high = cleaned.get("price"), cleaned.get("price_to")
        if high is not None and (low is None or high <= low):
            self.add_error("price_to", _("Write a price above the first one, or leave it empty"))
        cleaned["more_minutes"] = {word: more for word in MORE_TIME if (more := cleaned.pop(f"more_{word}", None))}
        return cleaned

    def __init__(
        self, *args: Any, words: Sequence[str] = (), others: Sequence[tuple[str, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["followed_by"].choices = [("", _("Nothing")), *others]  # type: ignore[attr-defined]
        self.fields["asks_for"].choices = [(word, word) for word in words]  # type: ignore[attr-defined]
        if not words:
            self.fields["asks_for"].widget = forms.MultipleHiddenInput()

    def own(self) -> list[Any]:
        """Return the fields of the service itself."""
        return [field for field in self.visible_fields() if not field.name.startswith("more_")]

    def more(self) -> list[Any]:
        """Return the fields of the minutes that are added for whoever needs more."""
        return [field for field in self if field.name.startswith("more_")]


class Facility(forms.Form):
    """A room or a device that visits hold."""

    kind = forms.ChoiceField(label=_("It is"), choices=[("room", _("a room")), ("device", _("a device"))])
    name = forms.CharField(label=_("We call it"), max_length=80)
    serves_as = forms.CharField(
        label=_("It serves as"), max_length=40, help_text=_("The word by which services ask for it, like: exam room.")
    )


class Practitioner(forms.Form):
    """Somebody patients are booked with; the hours are written like the practice's, and empty means those."""

    display_name = forms.CharField(label=_("Name"), max_length=100)
    given_name = forms.CharField(
        label=_("Patients read"), max_length=100, required=False, help_text=_("Empty: the first name.")
    )
    title = forms.CharField(label=_("Title"), max_length=100, required=False)
    membership_id = forms.TypedChoiceField(
        label=_("Signs in as"), coerce=UUID, empty_value=None, required=False,
        help_text=_("Then they may judge urgent words, and their own calendar can show their visits."),
    )  # fmt: skip

    def __init__(self, *args: Any, colleagues: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["membership_id"].choices = [("", _("nobody")), *colleagues]  # type: ignore[attr-defined]


class Words(forms.Form):
    """The words of one message: in the two styles, with a subject line for an e-mail."""

    subject = forms.CharField(label=_("Subject line"), max_length=200, required=False)
    short = forms.CharField(
        label=_("Short and factual"), max_length=3000, strip=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    friendly = forms.CharField(
        label=_("Friendly"), max_length=3000, strip=False, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, *args: Any, has_subject: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_subject:
            del self.fields["subject"]

    def clean(self) -> dict[str, Any]:
        """Return the words with one kind of line end."""
        cleaned = super().clean() or {}
        return {name: words.replace("\r\n", "\n") for name, words in cleaned.items()}


ROLES = [
    ("receptionist", _("Receptionist")),
    ("dispensing_optician", _("Dispensing optician")),
    ("optometrist", _("Optometrist")),
    ("manager", _("Manager")),
    ("owner", _("Owner")),
]
