"""The account for texts, as one sentence, and a try; the mailbox that is read."""

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


class Mailbox(forms.Form):
    """Mail is fetched from … as … with …"""

    host = forms.CharField(
        label=_("Mail is fetched from"), max_length=200,
        help_text=_("The IMAP server of your provider, like imap.example.org."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url"}),
    )  # fmt: skip
    user = forms.CharField(label=_("As"), max_length=254, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    password = forms.CharField(
        label=_("With the password"), max_length=200, required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "Many providers want one made for programs. "
            "Kept sealed and never shown again. Empty keeps the one there is."
        ),
    )  # fmt: skip
    tls = forms.ChoiceField(
        label=_("Secured"), initial="tls",
        choices=[
            ("tls", _("from the first byte (port 993)")),
            ("starttls", _("by STARTTLS (port 143)")),
            ("no", _("not at all, on this machine only")),
        ],
    )  # fmt: skip
    port = forms.IntegerField(
        label=_("Another port"), required=False, min_value=1, max_value=65_535,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    folder = forms.CharField(label=_("Folder"), max_length=100, initial="INBOX")


WRONG: dict[str, Any] = {
    "sender": _("Write a number, a messaging service that begins with MG, or up to 11 letters and digits"),
    "account_sid": _("It begins with AC and has 34 signs; it stands on the first page of your Twilio account"),
    "token": _("Write the token; it stands below the account"),
    "host": _("Write the name of the server, like imap.example.org"),
    "user": _("Write the user as your provider gave it, in plain letters"),
    "password": _("Write the password of this mailbox"),
    "tls": _("A password never travels in the clear: choose one of the two others"),
    "port": _("Write a number up to 65535, or nothing"),
    "folder": _("Write the folder’s name, like INBOX"),
    "number": _("Write a phone number, like 912 34 567 (spaces are fine)"),
}
