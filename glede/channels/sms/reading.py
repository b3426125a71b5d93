"""The provider's answers, reports and replies, read into our own words. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from typing import Any

from glede.channels.sms.codes import OURS, STATES, TOO_FAST, meaning_of
from glede.inbox.operations import Arrival
from glede.outbox.operations import Report
from glede.outbox.rules import State
from glede.outbox.transports import Accepted, Outcome, Refused, Unknown

WORDS = 300
_UNDER_WAY = frozenset({408, 409, 425})
"""Answers below 500 after which the request may still have been taken."""


def read_answer(status: int, body: bytes) -> Outcome:
    """Return what came of asking for a message to be sent.

    Certain are a message with its number, an error in the provider's own words, and any plain refusal of the
    request. Everything else may come from something between us: nobody can say.
    """
    told = _json(body)
    if status in {200, 201}:
        return _taken(told) or Unknown(f"{status} without a message")
    code = _whole(told.get("code"))
    if status == 429 or code in TOO_FAST:
        return Refused(is_permanent=False, words=_words(status, told), is_ours=True)
    if 400 <= status < 500 and status not in _UNDER_WAY:
        return _refused(status, code, told)
    if status == 503 and code is not None:
        return Refused(is_permanent=False, words=_words(status, told), is_ours=True)
    return Unknown(_words(status, told))


def _taken(told: Mapping[str, Any]) -> Outcome | None:
    sid, status = told.get("sid"), told.get("status")
    if not isinstance(sid, str) or not sid or not isinstance(status, str):
        return None
    if STATES.get(status) is State.FAILED:
        return Refused(is_permanent=True, reason=meaning_of(_whole(told.get("error_code"))), words=f"{sid} {status}")
    return Accepted(provider_id=sid)


def _refused(status: int, code: int | None, told: Mapping[str, Any]) -> Refused:
    words = _words(status, told)
    if code is None or code in OURS or status == 401:
        return Refused(is_permanent=False, words=words, is_ours=True)
    return Refused(is_permanent=True, reason=meaning_of(code), words=words)


def read_report(told: Mapping[str, Any]) -> Report | None:
    """Return what a call-back says of a message, or None where it says nothing we know."""
    sid = str(told.get("MessageSid") or told.get("SmsSid") or "")
    state = STATES.get(str(told.get("MessageStatus") or told.get("SmsStatus") or ""))
    return _report(sid, state, _whole(told.get("ErrorCode")))


def _report(sid: str, state: State | None, code: int | None, **more: Any) -> Report | None:
    if not sid or state is None:
        return None
    reason = meaning_of(code) if state is State.FAILED else ""
    return Report(state=state, provider_id=sid[:200], reason=reason, words=str(code or ""), **more)


def read_arrival(told: Mapping[str, Any]) -> Arrival | None:
    """Return the words somebody sent us, or None where it is no message."""
    sid, sender = str(told.get("MessageSid") or told.get("SmsSid") or ""), str(told.get("From") or "")
    if not sid or not sender:
        return None
    return Arrival(
        channel="sms", address=sender, words=str(told.get("Body") or ""), provider_id=sid,
        has_media=bool(_whole(told.get("NumMedia"))),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """One message of the provider's list. ``report`` is None for one that came in, ``arrival`` for one that left."""

    sid: str
    to: str
    sender: str
    service_sid: str
    words: str
    made_at: datetime | None
    report: Report | None = None
    arrival: Arrival | None = None


def read_list(status: int, body: bytes) -> Mapping[str, Any] | None:
    """Return a page of the list of messages, or None where it is none."""
    told = _json(body)
    return told if status == 200 and isinstance(told.get("messages"), list) else None


def read_listed(told: Mapping[str, Any]) -> Listed:
    """Return one entry of the list of messages."""
    sid, words, sender = str(told.get("sid") or ""), str(told.get("body") or ""), str(told.get("from") or "")
    report = arrival = None
    if str(told.get("direction")) == "inbound":
        media = bool(_whole(told.get("num_media")))
        arrival = Arrival(channel="sms", address=sender, words=words, provider_id=sid, has_media=media)
    else:
        price, currency = _price(told)
        state = STATES.get(str(told.get("status")))
        report = _report(sid, state, _whole(told.get("error_code")), price=price, currency=currency)
    return Listed(
        sid, str(told.get("to") or ""), sender, str(told.get("messaging_service_sid") or ""), words,
        _moment(told.get("date_created")), report, arrival,
    )  # fmt: skip


def _price(told: Mapping[str, Any]) -> tuple[Decimal | None, str]:
    """What it cost, as a positive amount: the provider writes what it takes with a minus."""
    try:
        amount = abs(Decimal(str(told.get("price"))))
    except InvalidOperation:
        return None, ""
    return (amount, str(told.get("price_unit") or "").upper()[:3]) if amount.is_finite() else (None, "")


def _moment(text: object) -> datetime | None:
    try:
        return parsedate_to_datetime(str(text)).astimezone(UTC)
    except ValueError:
        return None


def _json(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _whole(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _words(status: int, told: Mapping[str, Any]) -> str:
    """The provider's own words without the number that they may quote."""
    return f"{status} {told.get('code', '')}".strip()[:WORDS]
