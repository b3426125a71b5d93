"""What somebody unknown is asked: their name and their mobile. Nothing else."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from glede.kernel.contact import phone_e164
from glede.people.values import PersonForm


class WhoForm(forms.Form):
    """A name and a number that can be rung."""

    name = forms.CharField(
        label=_("Your name"), max_length=200, error_messages={"required": _("Enter your name")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    mobile = forms.CharField(
        label=_("Your mobile number"), max_length=40,
        error_messages={"required": _("Enter a mobile number, so we can reach you if something changes")},
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip

    def __init__(self, *args: Any, country: str, language: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.country, self.language = country, language

    def clean_mobile(self) -> str:
        """Return the number where it can be rung."""
        mobile: str = self.cleaned_data["mobile"].strip()
        if phone_e164(mobile, self.country) is None:
            raise forms.ValidationError(_("Enter a phone number with 8 digits, like 912 34 567 (spaces are fine)"))
        return mobile

    def person(self, came: str = "") -> PersonForm:
        """Return who was written down: the last word is the family name. ``came``: by which campaign."""
        given, _sep, family = self.cleaned_data["name"].strip().rpartition(" ")
        return PersonForm(
            given_name=given or family, family_name=family if given else "", phones=(self.cleaned_data["mobile"],),
            language=self.language, campaign=came,
        )  # fmt: skip
