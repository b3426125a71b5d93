"""A notice to programs that came as a mail: what Amazon SES says of a mail that came back, in JSON. Pure.

https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

MOST: Final = 200_000
RECIPIENTS_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of a mail that came back. ``fields`` are those of RFC 3464, one mapping for each recipient."""

    fields: tuple[dict[str, str], ...]
    addresses: tuple[str, ...]
    refs: tuple[str, ...]
    is_temporary: bool


def read_notice(text: str) -> Notice | None:
    """Return the notice that a mail's text is, or None where it is something else, or a receipt."""
    told = _object(text.strip())
    inner = told.get("Message")
    told = _object(inner) if isinstance(inner, str) else told
    bounce, mail = told.get("bounce"), told.get("mail")
    if told.get("notificationType") != "Bounce" or not isinstance(bounce, dict):
        return None
    given = bounce.get("bouncedRecipients")
    people = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    fields = tuple(_fields(one) for one in people[:RECIPIENTS_MOST])
    addresses = tuple(one["final-recipient"] for one in fields if one["final-recipient"])
    refs = tuple(_refs(mail)) if isinstance(mail, dict) else ()
    return Notice(fields, addresses, refs, bounce.get("bounceType") == "Transient")


def _object(text: str) -> Mapping[str, Any]:
    if not text.startswith("{") or len(text) > MOST:
        return {}
    try:
        told = json.loads(text, strict=False)  # mail systems break long lines, in the midst of words too
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _fields(one: Mapping[str, Any]) -> dict[str, str]:
    pairs = (
        ("final-recipient", "emailAddress"), ("action", "action"), ("status", "status"),
        ("diagnostic-code", "diagnosticCode"),
    )  # fmt: skip
    return {name: " ".join(str(one.get(key) or "").split())[:300] for name, key in pairs}


def _refs(mail: Mapping[str, Any]) -> Iterator[str]:
    headers = mail.get("headers")
    for one in headers if isinstance(headers, list) else ():
        if isinstance(one, dict) and str(one.get("name", "")).lower() == "message-id":
            yield str(one.get("value", "")).strip()[:250]
