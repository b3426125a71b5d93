"""By whom texts leave: Twilio, a provider that comes described, or one that the practice describes itself."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from glede.channels import operations as channels
from glede.channels.http.accounts import DescribedCard, shipped, written
from glede.channels.http.description import Proof
from glede.channels.sms.accounts import AccountCard
from glede.desk.access import DeskRequest
from glede.desk.channels import forms

TWILIO, OTHER = "twilio", "other"


def standing(card: AccountCard | None, said: DescribedCard | None) -> str:
    """Return the word of the provider in force; Twilio where there is none."""
    if card is None or card.provider == TWILIO or said is None:
        return TWILIO
    return said.shipped_as or OTHER


def chosen(request: DeskRequest, now: str) -> str:
    """Return which provider the reader looks at: the one asked for, else the one in force."""
    asked = request.POST.get("by") or request.GET.get("by") or now
    return asked if asked in {TWILIO, OTHER, *shipped()} else now


def tabs(by: str) -> list[tuple[str, str, bool]]:
    """Return the words, the address and whether it is looked at, of each provider."""
    names = {TWILIO: "Twilio", **{word: written(text)[1].name for word, text in shipped().items()}}
    names[OTHER] = gettext("Another")
    return [(words, f"{reverse('desk:texts')}?by={word}", word == by) for word, words in names.items()]


def form_for(request: DeskRequest, by: str, data: QueryDict | None, initial: dict[str, Any]) -> Any:
    """Return the form of a provider, filled with what was typed or with what stands."""
    given = {"currency": request.practice.currency, "initial": initial}
    if by == TWILIO:
        return forms.TextAccount(data, **given)
    if by == OTHER:
        return forms.OwnDescription(data, needs=(), **given)
    _raw, said = written(shipped()[by])
    ours = said.secured.secret if said.secured is not None and said.secured.by is Proof.QUERY else ""
    return forms.DescribedAccount(data, needs=[name for name in said.needs if name != ours], **given)


def keep(request: DeskRequest, by: str, form: Any) -> bool:
    """Keep an account as typed; False where something is to be put right, which then stands in the form."""
    given: dict[str, Any] = {"practice_id": request.practice.pk, "by": request.by, "now": request.now}
    said = form.cleaned_data
    try:
        if by == TWILIO:
            channels.set_text_account(account=channels.NewTextAccount(**said), **given)
        else:
            text = said["description"] if by == OTHER else shipped()[by]
            account = channels.NewDescribedAccount(
                description=text, secrets=form.secrets, sender=said["sender"], price=said["price"]
            )
            channels.set_described_account(account=account, **given)
    except channels.BadDescription as error:
        form.add_error("description", gettext("It cannot be used: %(trouble)s") % {"trouble": error.trouble})
        return False
    except channels.Unusable as error:
        _add_error(form, error.field)
        return False
    return True


def _add_error(form: Any, field: str) -> None:
    kind, _, name = field.partition("_") if field.startswith("secret_") else (field, "", "")
    if kind == "secret" and field not in form.fields:
        form.add_error("typed", str(forms.WRONG["secrets"]) % {"name": name})
        return
    place = "price" if field == "currency" else field
    form.add_error(place, forms.WRONG["secret" if kind == "secret" else place])


def initial_of(by: str, now: str, card: AccountCard | None, said: DescribedCard | None, sender: str) -> dict[str, Any]:
    """Return what stands, for the form of the provider in force; another one begins with the sender and the price."""
    if card is None:
        return {}
    price = f"{card.part_price.normalize():f} {card.part_currency}" if card.part_price is not None else ""
    found: dict[str, Any] = {"sender": sender, "price": price if by == now else ""}
    if by == TWILIO:
        found["account_sid"] = card.account_sid
    if by == OTHER and said is not None:
        found["description"] = said.text
    return found
