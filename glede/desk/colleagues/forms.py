"""What is asked of who joins, and of who invites them."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from glede.desk.settings.forms import ROLES


class Invitation(forms.Form):
    """Whom a place is kept for."""

    display_name = forms.CharField(
        label=_("Name"), max_length=100, error_messages={"required": _("Write the name colleagues call them by")}
    )
    role = forms.ChoiceField(label=_("Works as"), choices=ROLES)


class Code(forms.Form):
    """The code on the paper."""

    code = forms.CharField(
        label=_("Code on the paper"), max_length=40,
        error_messages={"required": _("Write the code that stands on the paper")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "autofocus": True}),
    )  # fmt: skip


class Newcomer(forms.Form):
    """How somebody signs in from now on."""

    display_name = forms.CharField(label=_("Name, as colleagues say it"), max_length=100)
    email = forms.EmailField(
        label=_("E-mail address, to sign in with"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 letters. If you sign in to Glede elsewhere already, the password you have there."),
    )  # fmt: skip

    def clean_password(self) -> str:
        """Return the password where it is strong enough."""
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class Thanks(forms.Form):
    """Whom to thank, in one sentence."""

    to = forms.ChoiceField(label=_("Whom"), error_messages={"required": _("Choose a colleague")})
    words = forms.CharField(
        label=_("What for, in one sentence"), max_length=280, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write a sentence")},
    )  # fmt: skip

    def __init__(self, *args: Any, others: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = others  # type: ignore[attr-defined]
