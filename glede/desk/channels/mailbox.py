"""The page of the mailbox: write it down, switch it on and off, and an address of ours for providers."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from glede.channels import operations as channels
from glede.channels.mailbox.accounts import MailboxCard, hook_card, mailbox_card
from glede.channels.mailbox.fetching import try_mailbox
from glede.channels.mailbox.imap import Unreached
from glede.channels.operations import mailboxes
from glede.desk.access import MANAGERS, DeskRequest, page
from glede.desk.channels import forms
from glede.desk.diary.history import moment

FAILURES: dict[str, Any] = {
    "no_answer": _("nobody answers there"),
    "refused": _("user or password is refused"),
    "no_folder": _("there is no such folder"),
    "broken": _("what answers there does not speak IMAP as it should"),
    "sealed": _("the password was sealed with another master key: write it again"),
}


@page("mailbox", roles=MANAGERS, methods=["GET", "POST"])
def show(request: DeskRequest) -> HttpResponse:
    """Show the mailbox, and keep a changed one."""
    if request.method != "POST":
        return render(request, "desk/channels/mailbox.html", context_of(request))
    form = forms.Mailbox(request.POST)
    if not form.is_valid():
        return _again(request, form)
    new = mailboxes.NewMailbox(**{**form.cleaned_data, "port": form.cleaned_data["port"] or 0})
    try:
        mailboxes.set_mailbox(practice_id=request.practice.pk, mailbox=new, by=request.by, now=request.now)
    except channels.Unusable as error:
        form.add_error(error.field, forms.WRONG[error.field])
        return _again(request, form)
    messages.success(request, gettext("Kept. Switch it on when you want it to be read."))
    return redirect("desk:mailbox")


@page("mailbox_on", roles=MANAGERS, methods=["POST"])
def switch_on(request: DeskRequest) -> HttpResponse:
    """Open the mailbox once, and read from now on what comes into it."""
    try:
        found = try_mailbox(request.practice.pk)
        mailboxes.switch_on_mailbox(practice_id=request.practice.pk, found=found, by=request.by, now=request.now)
    except channels.NoAccount:
        messages.error(request, gettext("Write the mailbox first."))
    except Unreached as error:
        told = {"why": failure_words(error.code)}
        messages.error(request, gettext("It is still off: %(why)s.") % told)
    else:
        messages.success(
            request, gettext("It is on. What comes from now on is read; what lies there already is left alone.")
        )
    return redirect("desk:mailbox")


@page("mailbox_off", roles=MANAGERS, methods=["POST"])
def switch_off(request: DeskRequest) -> HttpResponse:
    """Look into the mailbox no more."""
    mailboxes.switch_off_mailbox(practice_id=request.practice.pk, by=request.by, now=request.now)
    messages.success(request, gettext("It is off. What comes meanwhile is read when you switch it on again."))
    return redirect("desk:mailbox")


@page("mail_address", roles=MANAGERS, methods=["POST"])
def open_address(request: DeskRequest) -> HttpResponse:
    """Take mail at an address of ours, and show the new secret, this once."""
    secret = mailboxes.open_mail_address(practice_id=request.practice.pk, by=request.by, now=request.now)
    return render(request, "desk/channels/mailbox.html", {**context_of(request), "secret": secret})


@page("mail_address_close", roles=MANAGERS, methods=["POST"])
def close_address(request: DeskRequest) -> HttpResponse:
    """Take no more mail at our own address."""
    mailboxes.close_mail_address(practice_id=request.practice.pk, by=request.by, now=request.now)
    messages.success(request, gettext("The address is closed. What is brought there is refused."))
    return redirect("desk:mailbox")


def context_of(request: DeskRequest, form: Any = None) -> dict[str, Any]:
    """Return what the page shows."""
    box, zone = mailbox_card(request.practice.pk), request.practice.zone
    hook = hook_card(request.practice)
    return {
        "page": "settings",
        "box": box,
        "hook": hook,
        "sentence": sentence(box, request.practice),
        "looked_at": moment(box.looked_at, zone) if box and box.is_on else "",
        "forged_at": moment(hook.forged_at, zone) if hook else "",
        "form": form or forms.Mailbox(initial=_initial(box)),
    }


def sentence(box: MailboxCard | None, practice: Any) -> str:
    """Return in one sentence what becomes of mail that comes in."""
    if box is None:
        return gettext("No mailbox is read: who answers by e-mail is found in your mail program alone.")
    told = {"user": box.user}
    if not box.is_on:
        return gettext("The mailbox %(user)s is written down, and switched off.") % told
    if box.failing_since is not None:
        words = {**told, "since": moment(box.failing_since, practice.zone), "why": failure_words(box.failure)}
        return gettext("The mailbox %(user)s cannot be read since %(since)s: %(why)s.") % words
    return gettext("The mailbox %(user)s is read once a minute.") % told


def failure_words(code: str) -> str:
    """Return in plain words why a mailbox cannot be read."""
    return str(FAILURES.get(code, FAILURES["broken"]))


def _initial(box: MailboxCard | None) -> dict[str, Any]:
    if box is None:
        return {}
    usual = {"tls": 993, "starttls": 143, "no": 143}[box.tls]
    port = "" if box.port == usual else box.port
    return {"host": box.host, "user": box.user, "tls": box.tls, "port": port, "folder": box.folder}


def _again(request: DeskRequest, form: Any) -> HttpResponse:
    return render(request, "desk/channels/mailbox.html", context_of(request, form), status=422)
