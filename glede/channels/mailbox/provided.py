"""A mail that a provider brings as JSON instead of as it came (Postmark's inbound webhook), as a mail again. Pure.

https://postmarkapp.com/developer/webhooks/inbound-webhook
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from typing import Any, Final

from glede.channels.mailbox.letter import AnyMessage, parse

_NAMES: Final = frozenset(
    {
        "message-id", "in-reply-to", "references", "auto-submitted", "precedence", "return-path", "sender", "list-id",
        "list-unsubscribe", "list-post", "feedback-id", "x-autoreply", "x-autorespond", "x-autoresponse",
        "x-auto-response-suppress", "x-failed-recipients", "received", "content-language",
    }
)  # fmt: skip


class NotAMail(Exception):
    """What the provider sent is something else: a report, a click, or nothing we know."""


def from_postmark(told: Any) -> AnyMessage:
    """Return the mail that Postmark tells of: as it came where it is told to send that along, else put together again.

    Raises ``NotAMail``.
    """
    if not isinstance(told, dict) or told.get("RecordType") not in {None, "Inbound"} or "FromFull" not in told:
        raise NotAMail
    whole = told.get("RawEmail")
    if isinstance(whole, str) and whole.strip():
        return parse(whole.encode("utf-8", "surrogateescape"))
    mail = EmailMessage()
    for name, value in _headers(told):
        mail[name] = value
    mail.set_content(_text(told, "TextBody"))
    html = _text(told, "HtmlBody")
    if html:
        mail.add_alternative(html, subtype="html")
    for name, kind, content in _files(told):
        main, _, sub = kind.partition("/")
        mail.add_attachment(content, maintype=main, subtype=sub or "octet-stream", filename=name)
    return mail


def _headers(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "From", _from(told.get("FromFull"), _text(told, "From"))
    for name, key in (("Subject", "Subject"), ("Date", "Date"), ("To", "To")):
        if _text(told, key):
            yield name, _line(told, key)
    given = told.get("Headers")
    seen = set()
    for one in given if isinstance(given, list) else ():
        name = str(one.get("Name", "")) if isinstance(one, dict) else ""
        if name.lower() in _NAMES and name.lower() not in seen:
            seen.add(name.lower())
            yield name, _line(one, "Value")


def _from(full: Any, text: str) -> str:
    address = _line(full, "Email") if isinstance(full, dict) else ""
    return f"<{address}>" if address else " ".join(text.split())


def _files(told: Mapping[str, Any]) -> Iterator[tuple[str, str, bytes]]:
    given = told.get("Attachments")
    for one in given if isinstance(given, list) else ():
        if not isinstance(one, dict):
            continue
        try:
            content = b64decode(_text(one, "Content") or _text(one, "Data"))
        except (binascii.Error, ValueError):
            content = b""
        yield _line(one, "Name") or "?", _line(one, "ContentType") or "application/octet-stream", content


def _text(told: Mapping[str, Any], key: str) -> str:
    value = told.get(key)
    return value if isinstance(value, str) else ""


def _line(told: Mapping[str, Any], key: str) -> str:
    return " ".join(_text(told, key).split())
