"""The page of the account for texts: set it, open it again, end it."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from glede.channels import operations as channels
from glede.channels.http.accounts import described_card
from glede.channels.sms.accounts import AccountCard, account_card
from glede.desk.access import MANAGERS, DeskRequest, page
from glede.desk.channels import providers, trying
from glede.desk.diary.history import moment
from glede.kernel.contact import phone_words
from glede.outbox.queries import text_costs

COSTS_OF = timedelta(days=30)


@page("texts", roles=MANAGERS, methods=["GET", "POST"])
def texts(request: DeskRequest) -> HttpResponse:
    """Show the account for texts, and keep a changed one."""
    if request.method != "POST":
        return render(request, "desk/channels/texts.html", context_of(request))
    by = providers.chosen(request, providers.TWILIO)
    form = providers.form_for(request, by, request.POST, {})
    if not form.is_valid() or not providers.keep(request, by, form):
        return _again(request, account_form=form)
    messages.success(request, gettext("Kept. Send yourself a try now."))
    return redirect("desk:texts")


@page("open_texts", roles=MANAGERS, methods=["POST"])
def open_texts(request: DeskRequest) -> HttpResponse:
    """Let texts go again after the phone companies blocked them."""
    channels.open_texts(practice_id=request.practice.pk, by=request.by, now=request.now)
    messages.success(request, gettext("Texts go again."))
    return redirect("desk:texts")


@page("end_texts", roles=MANAGERS, methods=["POST"])
def end_texts(request: DeskRequest) -> HttpResponse:
    """Send no more texts."""
    channels.end_text_account(practice_id=request.practice.pk, by=request.by, now=request.now)
    messages.success(request, gettext("No more texts. What waits goes by each person's next way."))
    return redirect("desk:texts")


def context_of(request: DeskRequest, **given: Any) -> dict[str, Any]:
    """Return what the page shows; ``given`` are forms with something to put right."""
    practice = request.practice
    account, described = account_card(practice.pk), described_card(practice.pk)
    now = providers.standing(account, described)
    by = providers.chosen(request, now)
    costs = text_costs(practice.pk, since=request.now - COSTS_OF)
    return {
        "page": "settings",
        "account": account,
        "sentence": sentence(account, practice),
        "described": described,
        "by": by,
        "is_standing": account is not None and by == now,
        "tabs": providers.tabs(by),
        "account_form": given.get("account_form")
        or providers.form_for(
            request, by, None, providers.initial_of(by, now, account, described, _sender(account, practice))
        ),
        "mine": trying.context_of(request, trying.TEXTS),
        "costs": costs,
        "prices": ", ".join(f"{amount:.2f} {currency}" for currency, amount in costs.prices),
        "forged_at": moment(account.forged_at, practice.zone) if account and account.forged_at else "",
    }


def sentence(account: AccountCard | None, practice: Any) -> str:
    """Return in one sentence by what texts leave."""
    if account is None:
        return gettext("Texts are not set up: everybody is written to by e-mail, or rung.")
    told = {"sender": _sender(account, practice)}
    if account.closed_at is not None:
        return gettext("Texts from %(sender)s are blocked by the phone companies and wait for you.") % told
    return gettext("Texts go from %(sender)s.") % told


def _sender(account: AccountCard | None, practice: Any) -> str:
    sender = (account.sender or account.service_sid) if account else ""
    return phone_words(sender, practice.country) if sender.startswith("+") else sender


def _again(request: DeskRequest, **form: Any) -> HttpResponse:
    return render(request, "desk/channels/texts.html", context_of(request, **form), status=422)
