"""Where a described provider of texts calls in: what became of a text, and what people answer.

The key in the address says which practice, what its description says it proves that it is the provider.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from glede.channels.http.accounts import accounts_behind
from glede.channels.http.filling import HttpConfig
from glede.channels.http.proving import is_proved
from glede.channels.http.reading import read_arrival, read_json, read_report
from glede.channels.operations import note_forged
from glede.hooks.answering import FORGED, TAKEN, TOO_BIG, UNKNOWN, answered
from glede.inbox.operations import take_arrival
from glede.kernel import clock
from glede.kernel.actor import PROVIDER
from glede.outbox.operations import NoSuchMessage, take_report
from glede.practices.queries import practice_now

if TYPE_CHECKING:
    from glede.practices.models import Practice

BODY_MOST = 64 * 1024

Told = dict[str, Any]
Hook = Callable[..., None]


def called_by_provider(hook: Hook) -> Callable[..., HttpResponse]:
    """Let only the provider call ``hook``, with the practice, its account and what it says; a fault asks for more."""

    @answered
    @wraps(hook)
    def called(request: HttpRequest, key: str, **ids: UUID) -> int:
        behind = accounts_behind(key, clock.now())
        if behind is None:
            return UNKNOWN
        body = request.body
        if len(body) > BODY_MOST:
            return TOO_BIG
        config = next((one for one in behind.configs if _is_genuine(request, body, one)), None)
        if config is None:
            note_forged(behind.practice.pk, clock.now())
            return FORGED
        hook(behind.practice, config, _told(request, body), **ids)
        return TAKEN

    return called


def _is_genuine(request: HttpRequest, body: bytes, config: HttpConfig) -> bool:
    secured = config.description.secured
    if secured is None:
        return False
    query = {name: str(value) for name, value in request.GET.items()}
    return is_proved(secured, config.secrets.get(secured.secret, ""), query=query, headers=request.headers, body=body)


def _told(request: HttpRequest, body: bytes) -> Told:
    if "json" in (request.content_type or ""):
        told = read_json(body)
        return told if isinstance(told, dict) else {}
    return {name: str(value) for name, value in request.POST.items()}


@called_by_provider
def status(practice: Practice, config: HttpConfig, told: Told, *, message_id: UUID | None = None) -> None:
    """Take what became of one message; which one stands in the address or in the report."""
    if config.description.reports is None:
        return
    named, report = read_report(config.description.reports, told)
    about = message_id or named
    if report is None or about is None:
        return
    try:
        take_report(practice_id=practice.pk, message_id=about, report=report, by=PROVIDER, now=practice_now(practice))
    except NoSuchMessage:
        return


@called_by_provider
def incoming(practice: Practice, config: HttpConfig, told: Told) -> None:
    """Take what somebody answered."""
    if config.description.arrivals is None:
        return
    arrival = read_arrival(config.description.arrivals, told)
    if arrival is not None:
        take_arrival(practice_id=practice.pk, arrival=arrival, by=PROVIDER, now=practice_now(practice))
