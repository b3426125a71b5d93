"""Leave of a clinician, and what is kept free for what is urgent, as they are written."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from glede.desk.clockfield import ClockField
from glede.desk.people.forms import DAY_CHOICES
from glede.desk.settings.forms import LONGEST_DAYS, UNREADABLE, read_spans
from glede.diary.apart import Kept
from glede.diary.names import LEAVES

CHOOSE_DAY = {"required": _("Choose a day"), "invalid": _("Choose a day")}


class Leave(forms.Form):
    """Days on which somebody is away, whole or between two hours."""

    first_on = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}), error_messages=CHOOSE_DAY
    )
    last_on = forms.DateField(
        label=_("Up to and including"), required=False, help_text=_("Empty: that day alone."),
        widget=forms.DateInput(attrs={"type": "date"}), error_messages=CHOOSE_DAY,
    )  # fmt: skip
    from_time = ClockField(label=_("From this hour"), required=False, help_text=_("Empty: the whole day."))
    to_time = ClockField(label=_("Until this hour"), required=False)
    kind = forms.ChoiceField(
        label=_("Because of"), choices=LEAVES.items(),
        help_text=_("For managers alone. Everybody else reads “away”, and patients read nothing."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("from_time", "to_time"):
            self.fields[name].widget.attrs["class"] = "short"

    def clean(self) -> dict[str, Any]:
        """Return the dates in order, at most a year of them, and two hours in order or none."""
        cleaned = super().clean() or {}
        first = cleaned.get("first_on")
        if first:
            cleaned["last_on"] = last = cleaned.get("last_on") or first
            if not 0 <= (last - first).days < LONGEST_DAYS:
                self.add_error("last_on", _("Choose a day after the first one, within a year"))
        start, end = cleaned.get("from_time"), cleaned.get("to_time")
        if (start is None) != (end is None) or (start is not None and end is not None and start >= end):
            self.add_error("to_time", _("Write both hours, the later one here, or neither"))
        return cleaned


RELEASES = [
    ("0", _("on the same day")), ("1", _("the day before")), ("2", _("two days before")), ("7", _("a week before")),
    ("", _("never: they stay for what is urgent")),
]  # fmt: skip


class UrgentTimes(forms.Form):
    """Spans of some weekdays that are kept, with whom, and from when they are free for everybody."""

    practitioner_id = forms.TypedChoiceField(label=_("With"), coerce=UUID, empty_value=None, required=False)
    days = forms.MultipleChoiceField(
        label=_("On"), choices=DAY_CHOICES, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose a day")},
    )  # fmt: skip
    spans = forms.CharField(
        label=_("Kept free"), max_length=80, help_text=_("Like 11:30-12:00, 15:30-16:00."),
        error_messages={"required": UNREADABLE},
    )  # fmt: skip
    release = forms.ChoiceField(label=_("Free for everybody"), choices=RELEASES, required=False, initial="0")
    release_at = ClockField(label=_("From this hour"), required=False, initial="09:00")

    def __init__(self, *args: Any, clinicians: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everybody = ("", _("everybody"))
        self.fields["release_at"].widget.attrs["class"] = "short"
        self.fields["practitioner_id"].choices = [everybody, *clinicians]  # type: ignore[attr-defined]

    def clean_spans(self) -> str:
        """Return what was written, where it can be read."""
        try:
            found = read_spans(0, self.cleaned_data["spans"])
        except ValueError as error:
            raise forms.ValidationError(UNREADABLE) from error
        if not found:
            raise forms.ValidationError(UNREADABLE)
        return str(self.cleaned_data["spans"])

    def clean(self) -> dict[str, Any]:
        """Return what is kept, a span for each of the days."""
        cleaned = super().clean() or {}
        if cleaned.get("release") and cleaned.get("release_at") is None and "release_at" not in self.errors:
            self.add_error("release_at", _("Write an hour like 09:00"))
        if not self.errors:
            days = int(cleaned["release"]) if cleaned["release"] else None
            at = cleaned["release_at"] if days is not None else None
            cleaned["kept"] = tuple(
                Kept(span.weekday, span.opens, span.closes, days, at)
                for day in cleaned["days"]
                for span in read_spans(int(day), cleaned["spans"])
            )
        return cleaned
