"""What is asked when a list is put in."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from glede.ui.presenting import Choice
from glede.ui.widgets import ChoiceCards

MOST_BYTES: Final = 50 * 1024 * 1024
KINDS = [
    ("people", Choice(_("People"), _("One row a person: a name, a number, a phone or an e-mail"))),
    ("appointments", Choice(_("Visits"), _("One row a visit: whose it is, the day and the time"))),
]


class NewFile(forms.Form):
    """A file and what it is a list of."""

    what = forms.ChoiceField(
        label=_("What is it a list of?"),
        choices=KINDS,
        initial="people",
        widget=ChoiceCards(tight=True),
        error_messages={"required": _("Choose one of the two"), "invalid_choice": _("Choose one of the two")},
    )
    file = forms.FileField(
        label=_("The file"),
        help_text=_("CSV or Excel, as your old system writes it. Drop it on the field, or choose it."),
        error_messages={
            "required": _("Choose a file"),
            "empty": _("There is nothing in this file. The first row names the columns."),
        },
    )

    def clean_file(self) -> Any:
        """Return the file where it is not too large to be looked at."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is larger than 50 MB. Bring it in parts."))
        return file
