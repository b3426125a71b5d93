"""What somebody writes who wants something put right."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from glede.people.rules.rights import FIELDS, LIMITS

LABELS = {
    "given_name": _("First name"),
    "family_name": _("Last name"),
    "birth_date": _("Birth date"),
    "phone": _("Phone number"),
    "email": _("E-mail address"),
    "street": _("Street and number"),
    "postcode": _("Postcode"),
    "city": _("Town"),
}
HINTS = {
    "birth_date": _("For example 31.3.1980"),
    "phone": _("A foreign number begins with + and its country"),
}
KEPT_BY_BROWSER = {
    "given_name": "given-name", "family_name": "family-name", "birth_date": "bday", "phone": "tel", "email": "email",
    "street": "street-address", "postcode": "postal-code", "city": "address-level2",
}  # fmt: skip


class Correction(forms.Form):
    """The fields of one thing we hold, as they should be."""

    def __init__(self, data: Any, what: str) -> None:
        super().__init__(data)
        for name in FIELDS[what]:
            self.fields[name] = forms.CharField(
                label=LABELS[name],
                help_text=HINTS.get(name, ""),
                max_length=LIMITS.get(name, 254),
                required=name not in {"street", "postcode"},
                widget=forms.TextInput(attrs={"autocomplete": KEPT_BY_BROWSER[name]}),
                error_messages={"required": _("Write what it should be")},
            )
