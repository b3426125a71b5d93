"""A described provider's answers, reports and replies, read into our own words. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from glede.channels.http.description import REASONS, Answers, Arrivals, Means, Reports
from glede.inbox.operations import Arrival
from glede.outbox.operations import Report
from glede.outbox.rules import Reason, State
from glede.outbox.transports import Accepted, Outcome, Refused, Unknown

_UNDER_WAY = frozenset({408, 409, 425})
"""Answers below 500 after which the request may still have been taken."""
_TOO_FAST, _NOT_KNOWN = 429, frozenset({401, 403, 404})
STOP = "STOP"


def read_answer(answers: Answers, status: int, body: bytes) -> Outcome:
    """Return what came of asking for a message to be sent.

    A text of several parts may be answered part by part: taken is one whose every part was, refused one of which none
    was; of which some were, nobody can say what arrives.
    """
    told = read_json(body)
    parts = _parts(answers, told)
    outcomes = [_of_part(answers, status, part) for part in parts] or [_of_status(answers, status, told)]
    if len({type(one) for one in outcomes}) == 1:
        return outcomes[0]
    taken = sum(isinstance(one, Accepted) for one in outcomes)
    others = ", ".join(sorted({one.words for one in outcomes if not isinstance(one, Accepted)}))
    return Unknown(f"{taken} of {len(outcomes)} parts taken ({others})")


def _parts(answers: Answers, told: Any) -> list[Any]:
    """Return the parts of an answer that say something of a message."""
    if not answers.status:
        return []
    found = _at(told, answers.parts) if answers.parts else told
    listed = found if isinstance(found, list) else [found]
    return [part for part in listed if _word(part, answers.status)]


def _of_part(answers: Answers, status: int, part: Any) -> Outcome:
    value = _word(part, answers.status)
    meaning, words = answers.values.get(value), f"{status} {value}"[:60]
    if meaning is None:
        return Unknown(words)
    return _outcome(meaning, words, _word(part, answers.id))


def _of_status(answers: Answers, status: int, told: Any) -> Outcome:
    """Return what the HTTP status means by itself: for providers that say no more, and where the answer is none."""
    words = str(status)
    meaning = answers.http.get(words)
    if meaning is not None and (meaning != Means.ACCEPTED or not answers.status):
        part = _at(told, answers.parts) if answers.parts else told
        part = part[0] if isinstance(part, list) and part else part
        return _outcome(meaning, words, _word(part, answers.id))
    if status == _TOO_FAST or status in _NOT_KNOWN:
        return Refused(is_permanent=False, words=words, is_ours=True)
    if 400 <= status < 500 and status not in _UNDER_WAY:
        # With a body of the provider's own it is this message that was refused; without, something between us.
        if isinstance(told, dict) and told:
            return Refused(is_permanent=True, reason=Reason.REFUSED, words=words)
        return Refused(is_permanent=False, words=words, is_ours=True)
    return Unknown(words)


def _outcome(meaning: str, words: str, provider_id: str) -> Outcome:
    if meaning == Means.ACCEPTED:
        return Accepted(provider_id[:200]) if provider_id else Unknown(f"{words} without an id")
    if meaning in REASONS:
        return Refused(is_permanent=True, reason=Reason(meaning), words=words)
    return Refused(is_permanent=False, words=words, is_ours=meaning != Means.LATER)


def read_report(reports: Reports, told: Mapping[str, Any]) -> tuple[UUID | None, Report | None]:
    """Return which message a call-back is about, where it says so, and what it says; None where it is no report."""
    state, provider_id = reports.states.get(_word(told, reports.status)), _word(told, reports.id)
    if state is None or not provider_id:
        return None, None
    code = _word(told, reports.error)
    reason = reports.errors.get(code, Reason.REFUSED) if state is State.FAILED else ""
    price, currency = _price(told, reports)
    report = Report(
        state=state, provider_id=provider_id[:200], reason=reason, words=code[:60], price=price, currency=currency
    )
    return _uuid(_word(told, reports.ref)), report


def read_arrival(arrivals: Arrivals, told: Mapping[str, Any]) -> Arrival | None:
    """Return the words somebody sent us, or None where it is no message. A refusal without words is a STOP."""
    provider_id, sender = _word(told, arrivals.id), _word(told, arrivals.sender)
    if not provider_id or not sender:
        return None
    words = _word(told, arrivals.text)
    is_stop = bool(arrivals.stop) and _word(told, arrivals.stop).lower() not in {"", "0", "false", "no"}
    number = sender if sender.startswith("+") or not sender.isdigit() else f"+{sender}"
    return Arrival(channel="sms", address=number, words=words or (STOP if is_stop else ""), provider_id=provider_id)


def read_json(body: bytes) -> Any:
    """Return what a body holds, or None where it is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _at(told: Any, path: str) -> Any:
    """Return what stands at a path like ``error.code`` or ``0.id``, or None."""
    for step in path.split("."):
        if isinstance(told, Mapping):
            told = told.get(step)
        elif isinstance(told, list) and step.isdecimal() and int(step) < len(told):
            told = told[int(step)]
        else:
            return None
    return told


def _word(told: Any, path: str) -> str:
    """Return the text or number at a path as a text; "" where nothing of the kind stands there."""
    found = _at(told, path) if path else None
    if isinstance(found, bool):
        return str(found).lower()
    return str(found).strip() if isinstance(found, (str, int)) else ""


def _price(told: Mapping[str, Any], reports: Reports) -> tuple[Decimal | None, str]:
    currency = reports.currency if len(reports.currency) == 3 and reports.currency.isupper() else ""
    currency = currency or _word(told, reports.currency).upper()
    try:
        amount = abs(Decimal(_word(told, reports.price)))
    except InvalidOperation:
        return None, ""
    is_told = amount.is_finite() and amount < 1000 and len(currency) == 3
    return (round(amount, 5), currency) if is_told else (None, "")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
