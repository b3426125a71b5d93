"""From an envelope to the request of a description: places filled, what has no value left out. Pure."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from glede.channels.http.description import PLACE, Description, Proof, places_of
from glede.kernel.gsm import sms_segments
from glede.outbox.transports import Envelope

VALID_LEAST, VALID_MOST, VALID_SPARE = 60, 86_400, 600
_NUMBERS: Final = frozenset({"valid_seconds", "valid_minutes", "valid_milliseconds"})


@dataclass(frozen=True, slots=True)
class HttpConfig:
    """An account by a description, ready to use. ``called_at`` is our address for the provider, or ""."""

    description: Description
    secrets: Mapping[str, str] = field(repr=False)
    sender: str
    called_at: str = ""
    deadline_seconds: float = 10.0

    @property
    def proof(self) -> str:
        """What stands behind our address where the provider proves itself by it: ``?name=secret``."""
        secured = self.description.secured
        if secured is None or secured.by is not Proof.QUERY:
            return ""
        return f"?{secured.name}={self.secrets.get(secured.secret, '')}"

    def report_url(self, message_id: UUID) -> str:
        """Where the provider reports on one message; "" where it cannot reach us or never reports."""
        if not self.called_at or self.description.reports is None:
            return ""
        return f"{self.called_at}status/{message_id}/{self.proof}"

    @property
    def answer_url(self) -> str:
        """Where the provider brings what people answer; "" where it cannot reach us or brings nothing."""
        return f"{self.called_at}{self.proof}" if self.called_at and self.description.arrivals else ""

    @property
    def reports_url(self) -> str:
        """Where it reports where it knows one address for all messages."""
        is_told = self.called_at and self.description.reports and self.description.reports.ref
        return f"{self.called_at}status/{self.proof}" if is_told else ""


def fields_of(config: HttpConfig, envelope: Envelope) -> dict[str, Any]:
    """Return the body of the request for one message; a field whose places are all empty is left out."""
    values = _values(config, envelope)
    filled = _fill(config.description.request.fields, values, is_json=config.description.request.body == "json")
    return filled if isinstance(filled, dict) else {}


def headers_of(config: HttpConfig, envelope: Envelope) -> dict[str, str]:
    """Return the headers of the request, with who asks."""
    request, values = config.description.request, _values(config, envelope)
    headers = {name: str(_fill(value, values, is_json=False) or "") for name, value in request.headers.items()}
    if request.user or request.password:
        told = ":".join(str(_fill(one, values, is_json=False) or "") for one in (request.user, request.password))
        headers["Authorization"] = f"Basic {b64encode(told.encode()).decode()}"
    return headers


def valid_seconds(expires_at: datetime, now: datetime) -> int:
    """Return how long the provider may hold a message: less than is left, with ten minutes to spare where it can."""
    left = int((expires_at - now).total_seconds())
    return max(VALID_LEAST, min(VALID_MOST, left - min(VALID_SPARE, left // 2)))


def _values(config: HttpConfig, envelope: Envelope) -> dict[str, str]:
    encoding = sms_segments(envelope.text).encoding
    valid = valid_seconds(envelope.expires_at, envelope.date) if envelope.expires_at else 0
    return {
        **config.secrets,
        "to": envelope.to_address,
        "to_digits": envelope.to_address.lstrip("+"),
        "sender": config.sender,
        "sender_digits": config.sender.lstrip("+"),
        "text": envelope.text,
        "encoding": config.description.request.encodings.get(encoding, ""),
        "message_id": str(envelope.message_id),
        "key": envelope.key,
        "report_url": config.report_url(envelope.message_id),
        "answer_url": config.answer_url,
        "valid_seconds": str(valid or ""),
        "valid_minutes": str(max(1, valid // 60) if valid else ""),
        "valid_milliseconds": str(valid * 1000 if valid else ""),
    }


def _fill(tree: Any, values: Mapping[str, str], *, is_json: bool) -> Any:
    """Return a tree with its places filled, once; what a value holds is never read as a place."""
    if isinstance(tree, Mapping):
        filled = {name: _fill(value, values, is_json=is_json) for name, value in tree.items()}
        return {name: value for name, value in filled.items() if value is not None}
    if isinstance(tree, list):
        return [value for one in tree if (value := _fill(one, values, is_json=is_json)) is not None]
    if not isinstance(tree, str):
        return tree
    named = list(places_of(tree))
    if named and not any(values.get(name) for name in named):
        return None
    if is_json and len(named) == 1 and named[0] in _NUMBERS and tree == f"{{{named[0]}}}":
        return int(values[named[0]])
    return PLACE.sub(lambda found: values.get(found[1], ""), tree)
