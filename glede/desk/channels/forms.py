"""The account for texts, as one sentence, and a try."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class TextAccount(forms.Form):
    """Texts go from … with account … and its token …"""

    sender = forms.CharField(
        label=_("Texts go from"), max_length=40,
        help_text=_("A number, a messaging service (MG…), or up to 11 letters. Nobody can answer letters."),
    )  # fmt: skip
    account_sid = forms.CharField(label=_("With the Twilio account"), max_length=34)
    token = forms.CharField(
        label=_("And its token"), max_length=200, required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Kept sealed and never shown again. Empty keeps the one there is."),
    )  # fmt: skip


class Try(forms.Form):
    """One text to a number of one's own."""

    number = forms.CharField(
        label=_("My own number"), max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )


WRONG: dict[str, Any] = {
    "sender": _("Write a number, a messaging service that begins with MG, or up to 11 letters and digits"),
    "account_sid": _("It begins with AC and has 34 signs; it stands on the first page of your Twilio account"),
    "token": _("Write the token; it stands below the account"),
    "number": _("Write a phone number, like 912 34 567 (spaces are fine)"),
}
