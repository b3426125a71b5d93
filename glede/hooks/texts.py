"""Where the provider of text messages calls in: what became of a text, and what people answer.

The key in the address says which practice, the signature that it is the provider. Nothing else is believed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from glede.channels.addresses import public_address
from glede.channels.operations import note_forged
from glede.channels.sms.accounts import account_behind
from glede.channels.sms.reading import read_arrival, read_report
from glede.channels.sms.signature import is_genuine
from glede.inbox.operations import take_arrival
from glede.kernel import clock
from glede.kernel.actor import PROVIDER
from glede.outbox.operations import NoSuchMessage, take_report
from glede.practices.queries import practice_now

if TYPE_CHECKING:
    from glede.practices.models import Practice

TAKEN, FORGED, UNKNOWN, AGAIN = 200, 403, 404, 503
NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'

Told = dict[str, str]
Hook = Callable[..., None]


def called_by_provider(hook: Hook) -> Callable[..., HttpResponse]:
    """Let only the provider call ``hook``, with the practice and the fields; a fault here makes it call again."""

    @csrf_exempt
    @never_cache
    @require_POST
    @wraps(hook)
    def called(request: HttpRequest, key: str, **ids: UUID) -> HttpResponse:
        try:
            behind = account_behind(key, clock.now())
            if behind is None:
                return _say(UNKNOWN)
            if not _is_signed(request, behind.practice, behind.tokens):
                note_forged(behind.practice.pk, clock.now())
                return _say(FORGED)
            hook(behind.practice, {name: str(value) for name, value in request.POST.items()}, **ids)
        except DatabaseError:
            return _say(AGAIN)
        return _say(TAKEN)

    return called


def _say(status: int) -> HttpResponse:
    return HttpResponse(NOTHING_TO_SAY if status == TAKEN else "", status=status, content_type="text/xml")


def _is_signed(request: HttpRequest, practice: Practice, tokens: tuple[str, ...]) -> bool:
    signature = request.headers.get("X-Twilio-Signature", "")
    pairs = [(name, str(value)) for name, values in request.POST.lists() for value in values]
    path = request.get_full_path()
    # The address as we gave it away; behind a proxy the one we see may be another.
    urls = {f"{base}{path}" for base in (public_address(practice), f"{request.scheme}://{request.get_host()}") if base}
    return bool(signature) and any(is_genuine(token, url, pairs, signature) for token in tokens for url in urls)


@called_by_provider
def status(practice: Practice, told: Told, *, message_id: UUID) -> None:
    """Take what became of one message. One that is not ours, as a try is not, is no news."""
    report = read_report(told)
    if report is None:
        return
    try:
        take_report(
            practice_id=practice.pk, message_id=message_id, report=report, by=PROVIDER, now=practice_now(practice)
        )
    except NoSuchMessage:
        return


@called_by_provider
def incoming(practice: Practice, told: Told) -> None:
    """Take what somebody answered."""
    arrival = read_arrival(told)
    if arrival is not None:
        take_arrival(practice_id=practice.pk, arrival=arrival, by=PROVIDER, now=practice_now(practice))
