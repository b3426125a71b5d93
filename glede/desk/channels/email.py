"""The page of e-mail: by whom it leaves, what its domain's DNS says, how the provider calls us, how it fares."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from glede.channels import operations as channels
from glede.channels.email.config import BadAddress, SmtpConfig, read_config
from glede.channels.mailapi import dns
from glede.channels.mailapi.accounts import MailCard, mail_card
from glede.channels.mailapi.config import MAILGUN, NEEDS, POSTMARK
from glede.channels.mailapi.domain import Record, Standing, Unasked, look
from glede.channels.operations.mailaccounts import NewMailAccount, end_mail_account, note_domain, set_mail_account
from glede.desk.access import MANAGERS, DeskRequest, page
from glede.desk.channels import forms, trying
from glede.desk.diary.history import moment
from glede.desk.outbox.faring import way
from glede.outbox.faring import faring

HOUSE = "house"
NAMES = {POSTMARK: "Postmark", MAILGUN: "Mailgun"}
FARED = timedelta(days=7)
STANDINGS: dict[str, tuple[Any, str, str]] = {
    Standing.RIGHT: (_("as it must be"), "", "check"),
    Standing.MISSING: (_("is not there"), "late", "circle-alert"),
    Standing.OTHER: (_("says something else"), "late", "circle-alert"),
    Standing.REVOKED: (_("the key was taken back"), "late", "circle-alert"),
    Standing.TWICE: (_("stands there twice, so none of them holds"), "late", "circle-alert"),
    Standing.UNTOLD: (_("write the key’s name first"), "soon", "circle-question-mark"),
    "": (_("not looked at yet"), "soon", "circle-question-mark"),
}
RECORDS = {
    "dkim": _("Signs each mail (DKIM)"),
    "spf": _("Says who may send for you (SPF)"),
    "dmarc": _("Says what becomes of forged mail (DMARC)"),
    "return_path": _("Where mail that comes back goes (return path)"),
}


@page("email", roles=MANAGERS, methods=["GET", "POST"])
def show(request: DeskRequest) -> HttpResponse:
    """Show by whom mail leaves, and keep a changed account."""
    if request.method != "POST":
        return render(request, "desk/channels/email.html", context_of(request))
    card = mail_card(request.practice.pk)
    by = _chosen(request, card)
    form = _form(by, card, request.POST) if by != HOUSE else None
    if form is None or not form.is_valid() or not _keep(request, by, form):
        return render(request, "desk/channels/email.html", context_of(request, form), status=422)
    messages.success(request, gettext("Kept. Set the records of your domain, and send yourself a try."))
    return redirect("desk:email")


@page("email_domain", roles=MANAGERS, methods=["POST"])
def look_now(request: DeskRequest) -> HttpResponse:
    """Ask DNS for each record of the sending domain, and keep what it said."""
    card = mail_card(request.practice.pk)
    if card is not None:
        try:
            seen = look(card.records, dns.resolver())
        except Unasked as error:
            told = {"why": str(error)}
            messages.error(request, gettext("DNS cannot be asked from this machine now (%(why)s).") % told)
        else:
            found = {what: asdict(one) for what, one in seen.items()}
            note_domain(practice_id=request.practice.pk, found=found, by=request.by, now=request.now)
    return redirect(f"{reverse('desk:email')}#domain")


@page("end_email", roles=MANAGERS, methods=["POST"])
def end(request: DeskRequest) -> HttpResponse:
    """Send by the mail server of the house again, where there is one."""
    end_mail_account(practice_id=request.practice.pk, by=request.by, now=request.now)
    messages.success(request, gettext("The account is taken away, and its secrets are used no more."))
    return redirect("desk:email")


def context_of(request: DeskRequest, form: Any = None) -> dict[str, Any]:
    """Return what the page shows; ``form`` has something to put right."""
    practice, card = request.practice, mail_card(request.practice.pk)
    by = _chosen(request, card)
    fared = [one for one in faring(practice.pk, since=request.now - FARED, now=request.now) if one.channel == "email"]
    server = house_server()
    return {
        "page": "settings",
        "card": card,
        "by": by,
        "name": NAMES.get(by, ""),
        "is_standing": by == (card.provider if card else HOUSE),
        "server": server,
        "sentence": sentence(card),
        "tabs": [(words, f"{reverse('desk:email')}?by={word}", word == by) for word, words in _tabs()],
        "form": form or (_form(by, card) if by != HOUSE else None),
        "lines": [_line(record, card) for record in card.records] if card else [],
        "looked_at": moment(card.looked_at, practice.zone) if card and card.looked_at else "",
        "swept_at": moment(card.swept_at, practice.zone) if card and card.swept_at else "",
        "forged_at": moment(card.forged_at, practice.zone) if card and card.forged_at else "",
        "fared": way(fared[0], practice.zone) if fared else None,
        "mine": trying.context_of(request, trying.EMAIL),
        "can_try": card is not None or server is not None,
    }


def sentence(card: MailCard | None) -> str:
    """Return in one sentence by what mail leaves."""
    if card is not None:
        return gettext("Mail goes by %(name)s, from %(sender)s.") % {
            "name": NAMES[card.provider],
            "sender": card.sender,
        }
    server = house_server()
    if server is None:
        return gettext("E-mail is not set up: everybody is written to by text, or rung.")
    return gettext("Mail goes by the mail server of the house, %(host)s.") % {"host": server.host}


def house_server() -> SmtpConfig | None:
    """Return the mail server that the settings of the machine name, or None."""
    try:
        return read_config(str(settings.GLEDE_SMTP_URL))
    except BadAddress:
        return None


def _tabs() -> list[tuple[str, str]]:
    return [(HOUSE, gettext("The house’s mail server")), *NAMES.items()]


def _chosen(request: DeskRequest, card: MailCard | None) -> str:
    asked = request.POST.get("by") or request.GET.get("by") or ""
    return asked if asked in {HOUSE, *NAMES} else card.provider if card else HOUSE


def _form(by: str, card: MailCard | None, data: QueryDict | None = None) -> forms.MailAccount:
    is_new = card is None or card.provider != by
    needs = [name for name in NEEDS[by] if (by, name) != (POSTMARK, "hook")]  # that one is ours to make
    return forms.MailAccount(data, needs=needs, is_new=is_new, regions=by == MAILGUN, initial=_initial(by, card))


def _initial(by: str, card: MailCard | None) -> dict[str, Any]:
    if card is None:
        return {}
    if card.provider != by:
        return {"sender": card.sender}
    return {
        "sender": card.sender, "region": card.region, "dkim_selector": card.dkim_selector,
        "dkim_record": card.dkim_record,
    }  # fmt: skip


def _keep(request: DeskRequest, by: str, form: forms.MailAccount) -> bool:
    """Keep an account as typed; False where something is to be put right, which then stands in the form."""
    said = form.cleaned_data
    account = NewMailAccount(
        provider=by, region=said.get("region", ""), sender=said["sender"], secrets=form.secrets,
        dkim_selector=said["dkim_selector"], dkim_record=said["dkim_record"],
    )  # fmt: skip
    try:
        set_mail_account(practice_id=request.practice.pk, account=account, by=request.by, now=request.now)
    except channels.Unusable as error:
        kind = "secret" if error.field.startswith("secret_") else error.field
        form.add_error("sender" if kind == "mail_sender" else error.field, forms.WRONG[kind])
        return False
    return True


def _line(record: Record, card: MailCard) -> dict[str, Any]:
    """Return one record of the domain: what to write, and what DNS said when it was asked."""
    seen = card.found.get(record.what, {})
    words, level, icon = STANDINGS[seen.get("standing", "")]
    if not record.must and level == "late":
        words, level, icon = _("not needed beside the return path"), "", "check"
    return {
        "label": RECORDS[record.what],
        "kind": record.kind,
        "name": record.name,
        "value": seen.get("advice") or record.value,
        "said": seen.get("said", "") if level else "",
        "words": words,
        "level": level,
        "icon": icon,
    }
