"""The accounts for texts and for e-mail, as sentences; the mailbox that is read."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from glede.channels.operations import PartPrice


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

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["price"] = PartPriceField(currency)


class PartPriceField(forms.CharField):
    """An amount with or without its currency, as people write it: ``0,79``, ``0.79 NOK``, ``0,79 kr``."""

    def __init__(self, currency: str, **kwargs: Any) -> None:
        self.currency = currency
        super().__init__(
            label=_("One part costs"), max_length=20, required=False,
            help_text=_("As the provider bills it, like 0.79 NOK. Empty: not known."), **kwargs,
        )  # fmt: skip

    def clean(self, value: Any) -> PartPrice | None:
        """Return the price, or None where nothing is written."""
        text = " ".join(str(super().clean(value)).split())
        if not text:
            return None
        found = _PRICE.fullmatch(text)
        if found is None:
            raise forms.ValidationError(WRONG["price"])
        currency = (found[2] or self.currency).upper()
        return PartPrice(Decimal(found[1].replace(",", ".")), self.currency if currency == "KR" else currency)


_PRICE = re.compile(r"(\d{1,3}(?:[.,]\d{1,5})?) ?([A-Za-z]{2,3})?")


class DescribedAccount(forms.Form):
    """Texts go from … by a provider that comes described, with the secrets it needs."""

    sender = forms.CharField(
        label=_("Texts go from"),
        max_length=40,
        help_text=_("A number, or up to 11 letters. Nobody can answer letters."),
    )

    def __init__(self, *args: Any, needs: Sequence[str], currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in needs:
            self.fields[f"secret_{name}"] = forms.CharField(
                label=name.replace("_", " ").capitalize(), max_length=500, required=False,
                widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
                help_text=_("Kept sealed and never shown again. Empty keeps the one there is."),
            )  # fmt: skip
        self.fields["price"] = PartPriceField(currency)

    @property
    def secrets(self) -> dict[str, str]:
        """The secrets as typed, by name."""
        return {n.removeprefix("secret_"): v for n, v in self.cleaned_data.items() if n.startswith("secret_")}


class OwnDescription(DescribedAccount):
    """Texts go from … by a provider that the practice describes itself."""

    description = forms.CharField(
        label=_("The provider in words"), max_length=20_000,
        help_text=_("In YAML or JSON, as the page about channels in the documents says."),
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "autocomplete": "off"}),
    )  # fmt: skip
    typed = forms.CharField(
        label=_("Its secrets"), max_length=4_000, required=False,
        help_text=_("One a line, like token: abc. Kept sealed and never shown again. Empty keeps those there are."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
    )  # fmt: skip

    @property
    def secrets(self) -> dict[str, str]:
        """The secrets as typed, by name."""
        lines = (line.partition(":") for line in self.cleaned_data["typed"].splitlines())
        return {name.strip(): secret.strip() for name, _colon, secret in lines if secret.strip()}


class MailAccount(forms.Form):
    """Mail comes from … by the practice's own account, with the secrets its provider needs, signed by its own key.

    ``is_new``: no secret of this provider stands yet, so that none may be left empty.
    """

    sender = forms.CharField(
        label=_("Mail comes from"), max_length=254,
        help_text=_("An address at your own domain, one your provider knows. Answers still come to the practice’s."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    dkim_selector = forms.CharField(
        label=_("The name of your domain’s key (DKIM selector)"), max_length=253, required=False,
        help_text=_("What stands before ._domainkey in your provider’s DNS settings, like 20261123pm."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    dkim_record = forms.CharField(
        label=_("The key itself"), max_length=1500, required=False,
        help_text=_("The value beside it. It is no secret. Then we can say whether DNS has the whole of it."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, needs: Sequence[str], is_new: bool, regions: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if regions:
            self.fields["region"] = forms.ChoiceField(label=_("Where Mailgun keeps it"), choices=REGIONS)
        for name in needs:
            self.fields[f"secret_{name}"] = forms.CharField(
                label=SECRETS[name], max_length=500, required=is_new, error_messages={"required": WRONG["secret"]},
                widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
                help_text=_("Kept sealed and never shown again.")
                if is_new
                else _("Kept sealed and never shown again. Empty keeps the one there is."),
            )  # fmt: skip
        self.order_fields(["sender", "region", *(f"secret_{name}" for name in needs)])

    @property
    def secrets(self) -> dict[str, str]:
        """The secrets as typed, by name."""
        return {n.removeprefix("secret_"): v for n, v in self.cleaned_data.items() if n.startswith("secret_")}


REGIONS = [("eu", _("in the EU")), ("us", _("in the USA"))]
SECRETS: dict[str, Any] = {
    "token": _("The server’s token (Server API token)"),
    "key": _("The key for its interface (API key)"),
    "hook": _("The key its calls are signed with (HTTP webhook signing key)"),
}


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
    "price": _("Write what one part costs, like 0.79 NOK, or nothing"),
    "secret": _("Write it; it stands with your account at the provider"),
    "secrets": _("Write %(name)s, on a line of its own"),
    "mail_sender": _("Write one e-mail address, like post@example.no"),
    "dkim_selector": _("Write what stands before ._domainkey, like 20261123pm"),
    "dkim_record": _("Copy the whole value; it has p= in it"),
    "host": _("Write the name of the server, like imap.example.org"),
    "user": _("Write the user as your provider gave it, in plain letters"),
    "password": _("Write the password of this mailbox"),
    "tls": _("A password never travels in the clear: choose one of the two others"),
    "port": _("Write a number up to 65535, or nothing"),
    "folder": _("Write the folder’s name, like INBOX"),
    "number": _("Write a phone number, like 912 34 567 (spaces are fine)"),
    "address": _("Write one e-mail address, like kari@example.no"),
}
