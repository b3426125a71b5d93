"""A try of a channel: to the colleague's own address, which a code has proved, and to no other."""

from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from glede.channels import operations as channels
from glede.channels.operations.own import asked_address, proved_address
from glede.desk.access import MANAGERS, DeskRequest, page
from glede.desk.channels.forms import WRONG
from glede.kernel.contact import phone_words
from glede.outbox.transports import Accepted, Refused

TRIES_AN_HOUR = 5
TEXTS, EMAIL = "sms", "email"
PAGES = {TEXTS: "desk:texts", EMAIL: "desk:email"}


def context_of(request: DeskRequest, channel: str) -> dict[str, Any]:
    """Return what the part of the page shows: the proved address, else the one whose code may still be typed."""
    mine = (request.practice.pk, request.membership.pk, channel)
    user: Any = request.user
    return {
        "own": _words(request, proved_address(*mine)),
        "asked": _words(request, asked_address(*mine, request.now)),
        "suggested": user.email if channel == EMAIL else "",
        "is_text": channel == TEXTS,
        "action": "desk:try_text" if channel == TEXTS else "desk:try_email",
    }


def _words(request: DeskRequest, address: str) -> str:
    return phone_words(address, request.practice.country) if address.startswith("+") else address


def _act(request: DeskRequest, channel: str) -> HttpResponse:
    mine: dict[str, Any] = {
        "practice_id": request.practice.pk, "membership_id": request.membership.pk, "channel": channel,
        "by": request.by, "now": request.now,
    }  # fmt: skip
    try:
        if "typed" in request.POST:
            _prove(request, mine)
        elif not _may_try(request):
            messages.error(request, gettext("Enough tries for this hour."))
        elif "address" in request.POST:
            _ask(request, mine)
        else:
            _tell(request, channels.try_channel(**mine), gettext("Sent. It should be there in a moment."))
    except channels.Unusable as error:
        messages.error(request, str(WRONG[error.field]))
    except channels.NoAccount:
        messages.error(request, gettext("Write the account first."))
    except channels.NotProved:
        messages.error(request, gettext("First prove that an address is yours."))
    except channels.OnlyPretended:
        messages.error(request, gettext("This practice has a clock that is moved by hand: nothing leaves it."))
    response = redirect(PAGES[channel])
    response["Location"] += "#try"
    return response


def _ask(request: DeskRequest, mine: dict[str, Any]) -> None:
    asked = channels.ask_own_address(address=request.POST["address"], **mine)
    _tell(request, asked, gettext("A code is on its way to you. Type it here."))


def _prove(request: DeskRequest, mine: dict[str, Any]) -> None:
    if channels.prove_own_address(typed=request.POST["typed"], **mine):
        messages.success(request, gettext("It is yours. Tries go there, and nowhere else."))
    else:
        messages.error(
            request, gettext("That is not the code, or it holds no longer. Read it again, or ask for another.")
        )


def _may_try(request: DeskRequest) -> bool:
    key = f"desk.try_channel.{request.practice.pk}"
    cache.add(key, 0, timeout=3600)
    return int(cache.incr(key)) <= TRIES_AN_HOUR


def _tell(request: DeskRequest, outcome: Any, success: str) -> None:
    if isinstance(outcome, Accepted):
        messages.success(request, success)
        return
    told = {"words": outcome.words or getattr(outcome, "reason", "")}
    if isinstance(outcome, Refused):
        messages.error(
            request, gettext("The provider did not take it (%(words)s). Look at address, account and secrets.") % told
        )
    else:
        messages.error(request, gettext("Nobody can say whether it left (%(words)s). Look whether it came.") % told)


@page("try_text", roles=MANAGERS, methods=["POST"])
def text(request: DeskRequest) -> HttpResponse:
    """Send a code, take a code, or send one text to the colleague's own proved number."""
    return _act(request, TEXTS)


@page("try_email", roles=MANAGERS, methods=["POST"])
def email(request: DeskRequest) -> HttpResponse:
    """Send a code, take a code, or send one mail to the colleague's own proved address."""
    return _act(request, EMAIL)
