"""What Postmark and Mailgun tell of a mail, as one of few things that can follow from it. Pure.

Anymail knows their words; which of them concern us, and what they do to a message or a person, is decided here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from glede.channels.mailapi.config import OUR_ID, POSTMARK
from glede.outbox.operations import Report
from glede.outbox.rules import Reason, State

_GONE = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1")
PROVED = "-:-"
"""Anymail wants to hear of a password where it reads a call; ours are proved before (``proving``)."""
LISTED = "Listed"
"""Our own word for an entry of Postmark's list of messages, which tells no more than that it took one."""
_BLOCKED = frozenset({"Blocked", "DMARCPolicy", "SpamNotification", "ManuallyDeactivated"})


class Sort(StrEnum):
    """What a provider tells. REFUSED: it concerns nobody here, and the reason says why."""

    REPORT = "report"
    BLOCKED = "blocked"
    COMPLAINT = "complaint"
    OPT_OUT = "opt_out"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class News:
    """One thing a provider tells of one mail. ``message_id`` is ours, where it came along."""

    sort: Sort
    reason: str = ""
    message_id: UUID | None = None
    provider_id: str = ""
    report: Report | None = None


def read_call(provider: str, body: bytes) -> News:
    """Return what a call tells. Nothing it may hold raises."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return News(Sort.REFUSED, "not_json")
    if not isinstance(told, dict):
        return News(Sort.REFUSED, "not_one")
    return read_told(provider, told)


def read_told(provider: str, told: Mapping[str, Any]) -> News:
    """Return what one thing that was told means."""
    from anymail.exceptions import AnymailError

    if told.get("RecordType") == LISTED:
        return _listed(told)
    if provider == POSTMARK and "RecordType" not in told and "FromFull" in told:
        return News(Sort.REFUSED, "inbound")
    try:
        event = _event(provider, told)
    except (AnymailError, KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return News(Sort.REFUSED, "unreadable")
    return _news(provider, told, event)


def _listed(told: Mapping[str, Any]) -> News:
    number = str(told.get("MessageID") or "")[:200]
    state = State.SENT if told.get("Status") == "sent" else State.ACCEPTED
    metadata = told.get("Metadata")
    ours = _uuid(metadata.get(OUR_ID)) if isinstance(metadata, Mapping) else None
    return News(Sort.REPORT, "", ours, number, Report(state=state, provider_id=number))


def _event(provider: str, told: Mapping[str, Any]) -> Any:
    from anymail.webhooks import mailgun, postmark

    if provider == POSTMARK:
        return postmark.PostmarkTrackingWebhookView(webhook_secret=PROVED).esp_to_anymail_event(dict(told))
    return mailgun.MailgunTrackingWebhookView(webhook_signing_key="-", webhook_secret=PROVED).esp_to_anymail_event(
        dict(told)
    )


def _news(provider: str, told: Mapping[str, Any], event: Any) -> News:
    number = str(event.message_id or "").strip("<>")[:200]
    ours = _uuid((event.metadata or {}).get(OUR_ID)) if isinstance(event.metadata, Mapping) else None

    def news(sort: Sort, reason: str = "", state: State | None = None, why: str = "") -> News:
        words = str(event.mta_response or event.description or "")[:300]
        report = Report(state=state, provider_id=number, reason=why, words=words) if state else None
        return News(sort, reason, ours, number, report)

    kind = str(event.event_type)
    if kind in {"queued", "sent", "delivered"}:
        states = {"queued": State.ACCEPTED, "sent": State.SENT, "delivered": State.DELIVERED}
        return news(Sort.REPORT, state=states[kind])
    if _is_blocked(provider, told, event):
        return news(Sort.BLOCKED, state=State.FAILED, why=Reason.REFUSED.value)
    if kind == "bounced":
        gone = _is_gone(provider, told, event)
        return news(Sort.REPORT, state=State.FAILED, why=(Reason.BAD_ADDRESS if gone else Reason.REFUSED).value)
    if kind == "rejected":
        bad = str(event.reject_reason) == "invalid"
        return news(Sort.REPORT, state=State.FAILED, why=(Reason.BAD_ADDRESS if bad else Reason.REFUSED).value)
    if kind == "failed":
        return news(Sort.REPORT, state=State.FAILED, why=Reason.CONTENT_REFUSED.value)
    if kind in {"complained", "unsubscribed"}:
        return news(Sort.COMPLAINT if kind == "complained" else Sort.OPT_OUT)
    return news(Sort.REFUSED, _NOTHING.get(kind, "unknown_word"))


_NOTHING = {
    "opened": "not_counted", "clicked": "not_counted", "subscribed": "opts_in", "autoresponded": "automatic",
    "deferred": "later", "inbound": "inbound", "inbound_failed": "inbound",
}  # fmt: skip
"""Why nothing follows from these. Nobody here counts who opened what, and consent is never given to a provider."""


def _is_blocked(provider: str, told: Mapping[str, Any], event: Any) -> bool:
    if provider == POSTMARK:
        return told.get("RecordType") == "Bounce" and told.get("Type") in _BLOCKED
    return str(event.event_type) == "bounced" and _status(told).startswith("5.7.")


def _is_gone(provider: str, told: Mapping[str, Any], event: Any) -> bool:
    """No such address, as far as the provider is sure: anything else may work another day."""
    if provider == POSTMARK:
        return "HardBounce" in {told.get("Type"), told.get("SuppressionReason")}
    return _status(told) in _GONE or told.get("event-data", {}).get("reason") == "suppress-bounce"


def _status(told: Mapping[str, Any]) -> str:
    status = told.get("event-data", {}).get("delivery-status")
    if not isinstance(status, dict):
        return ""
    words = f"{status.get('enhanced-code') or ''} {status.get('message') or ''} {status.get('description') or ''}"
    return next((word for word in words.split() if word[:2] in {"5.", "4."} and word.count(".") == 2), "")


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None
