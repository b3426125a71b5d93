"""What is asked of a calendar that a clinician keeps elsewhere."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class CalendarFile(forms.Form):
    """A file of a calendar that a clinician keeps elsewhere."""

    file = forms.FileField(
        label=_("A file (.ics)"), required=False, help_text=_("As Outlook, Google or Apple write it."),
        error_messages={"empty": _("There is nothing in this file.")},
    )  # fmt: skip


class NewCalendar(CalendarFile):
    """A calendar to listen to: whose, and a file or an address."""

    practitioner = forms.ChoiceField(label=_("Whose calendar"))
    name = forms.CharField(
        label=_("What you call it"), max_length=100, initial=_("Calendar"),
        error_messages={"required": _("Write what you call it, like Outlook")},
    )  # fmt: skip
    address = forms.CharField(
        label=_("Or an address it is fetched from"), required=False, max_length=2000,
        help_text=_("The private address (iCal) of the calendar. It begins with https. We keep it sealed."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url"}),
    )  # fmt: skip
    field_order = ("practitioner", "name", "file", "address")

    def __init__(self, *args: Any, clinicians: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["practitioner"].choices = clinicians  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """See that there is a file or an address, and not both."""
        asked = super().clean() or {}
        if not self.errors and bool(asked.get("file")) == bool(asked.get("address")):
            self.add_error("file", _("Choose a file, or write an address: one of the two"))
        return asked
