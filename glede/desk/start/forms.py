"""What the first page asks."""

from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from glede.staff import first_code


class Code(forms.Form):
    """The code from the terminal."""

    code = forms.CharField(
        label=_("Code from the terminal"),
        help_text=_("8 letters and digits, like K7QM-3XWD. The dash does not matter."),
        error_messages={"required": _("Write the code that the terminal shows")},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "autofocus": True}
        ),
    )

    def clean_code(self) -> str:
        """Return the code where it is the one last issued."""
        code: str = self.cleaned_data["code"]
        if not first_code.check(settings.GLEDE_HOME, code):
            raise forms.ValidationError(_("This is not the code that the terminal shows now. Copy it from there."))
        return code


def countries() -> list[tuple[str, str]]:
    """Return the countries with their names in the reader's language, Norway and the United Kingdom first."""
    names = Locale.parse((get_language() or "en").replace("-", "_")[:2]).territories
    every = sorted(((c, n) for c, n in names.items() if len(c) == 2 and c.isalpha() and c != "ZZ"), key=lambda e: e[1])
    first = [entry for code in ("NO", "GB") for entry in every if entry[0] == code]
    return [*first, *(entry for entry in every if entry not in first)]


def zones() -> list[tuple[str, str]]:
    """Return the time zones by name, the ones most likely first."""
    likely = ["Europe/Oslo", "Europe/London"]
    rest = sorted(z for z in available_timezones() if "/" in z and z not in likely and not z.startswith("Etc/"))
    return [(zone, zone.replace("_", " ")) for zone in [*likely, *rest]]


class StartPractice(forms.Form):
    """A practice and its owner."""

    name = forms.CharField(
        label=_("Name of the practice"), max_length=200, error_messages={"required": _("Write the practice's name")}
    )
    country = forms.ChoiceField(label=_("Country"), choices=countries, initial="NO")
    language = forms.ChoiceField(
        label=_("Language of the practice"), choices=[("nb", "Norsk bokmål"), ("en", "English")], initial="nb"
    )
    zone = forms.ChoiceField(label=_("Time zone"), choices=zones, initial="Europe/Oslo")
    phone = forms.CharField(
        label=_("Phone number that patients ring"),
        max_length=30,
        error_messages={"required": _("Write the number, so that every message can carry it")},
    )
    owner_name = forms.CharField(
        label=_("Your name"), max_length=100, error_messages={"required": _("Write your name")}
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        error_messages={
            "required": _("Write your e-mail address: you sign in with it"),
            "invalid": _("Write an e-mail address like sofie@solberg.no"),
        },
    )
    password = forms.CharField(
        label=_("A password of at least 12 characters"),
        help_text=_("Three or four words that only you put together are easy to keep and hard to guess."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
        error_messages={"required": _("Write a password")},
    )

    def clean_password(self) -> str:
        """Return the password where it is long and uncommon enough."""
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password

    def clean(self) -> dict[str, Any]:
        """Return what was written, the phone number in its normal form."""
        from glede.kernel.contact import phone_e164

        cleaned = super().clean() or {}
        if cleaned.get("phone") and cleaned.get("country"):
            number = phone_e164(cleaned["phone"], cleaned["country"])
            if number is None:
                self.add_error("phone", _("Write a phone number, like 22 12 34 56 (spaces are fine)"))
            else:
                cleaned["phone"] = number
        return cleaned
