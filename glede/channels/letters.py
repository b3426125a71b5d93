"""What every mail of ours carries whichever way it leaves: headers beside the address lines, and its HTML. Pure."""

from __future__ import annotations

import re
from html import escape

from glede.outbox.transports import Envelope

STYLE = (
    "font:1.125rem/1.5 system-ui,sans-serif;max-width:36rem;margin:1.5rem auto;padding:0 1rem;overflow-wrap:anywhere"
)
"""How a mail looks; the one style that a page which shows a mail lets through."""

_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")


def letter_headers(envelope: Envelope, domain: str) -> dict[str, str]:
    """Return the headers beside those of the address lines. ``domain`` is where the mail comes from.

    One click opts out (RFC 8058) where that is due; such a mail is one to many, and says of which list (RFC 2919).
    """
    found: dict[str, str] = {}
    if envelope.in_reply_to:
        found |= {"In-Reply-To": envelope.in_reply_to, "References": envelope.in_reply_to}
    if envelope.auto:
        found["Auto-Submitted"] = envelope.auto
    if envelope.unsubscribe_url:
        found["List-Unsubscribe"] = f"<{envelope.unsubscribe_url}>"
        found["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        found["List-Id"] = f"<news.{domain}>"
    return {name: _CONTROL.sub(" ", value) for name, value in {**found, "Content-Language": envelope.language}.items()}


def mailbox_words(name: str, address: str) -> str:
    """Return ``"Name" <address>`` with nothing in the name that ends it early."""
    words = _CONTROL.sub(" ", name).strip().replace("\\", " ").replace('"', "'")
    return f'"{words}" <{address}>' if words else address


def plain_address(address: str) -> str | None:
    """Return the address in the form a mail server takes (domains in ASCII), or None where it has none."""
    local, at, domain = address.strip().rpartition("@")
    if not at:
        return None
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    found = f"{local}@{ascii_domain}"
    return found if _ADDRESS.fullmatch(found) and ".." not in found else None


def html_of(text: str, language: str) -> str:
    """Return the words as simple HTML: paragraphs, lines and links, nothing fetched from anywhere."""
    linked = _LINK.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', escape(text, quote=False))
    paragraphs = "".join(f"<p>{p.replace(chr(10), '<br>')}</p>" for p in linked.strip().split("\n\n"))
    return (
        f'<!doctype html><html lang="{escape(language[:10])}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"></head>'
        f'<body style="{STYLE}">'
        f"{paragraphs}</body></html>"
    )
