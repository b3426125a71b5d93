"""An envelope as bytes: RFC 5322 with a plain and an HTML part, safe against injected headers.

Written by hand because the standard message classes cost more than everything else a message needs.
"""

from __future__ import annotations

import re
from base64 import b64encode
from binascii import b2a_qp
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache

from glede.channels.letters import html_of, letter_headers
from glede.outbox.transports import Envelope

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")
_SPECIAL = re.compile(r'[][\\()<>@,:;".]')
_ENCODED_BYTES = 42  # 42 bytes are 56 letters of base64, within the 75 of an encoded word


@lru_cache(maxsize=4096)
def header_words(text: str) -> str:
    """Return `text` as a header may carry it: no control characters, encoded words where not ASCII."""
    clean = _CONTROL.sub(" ", text).strip()
    if clean.isascii():
        return clean
    return "\r\n ".join(f"=?utf-8?b?{b64encode(part).decode()}?=" for part in _pieces(clean))


def _pieces(text: str) -> list[bytes]:
    """Cut on letters, never inside one."""
    pieces, piece = [], b""
    for letter in text:
        encoded = letter.encode()
        if len(piece) + len(encoded) > _ENCODED_BYTES:
            pieces.append(piece)
            piece = b""
        piece += encoded
    return [*pieces, piece]


@lru_cache(maxsize=4096)
def mailbox(name: str, address: str) -> str:
    """Return `Name <address>`, the name quoted or encoded as it needs."""
    words = header_words(name)
    if not words:
        return f"<{address}>"
    if words.startswith("=?") or not _SPECIAL.search(words):
        return f"{words} <{address}>"
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}" <{address}>'


def headers(envelope: Envelope, boundary: str) -> list[str]:
    """Return the header lines, in order. Every value from outside passes `header_words`."""
    lines = [
        f"From: {mailbox(envelope.from_name, envelope.from_address)}",
        f"To: {mailbox(envelope.to_name, envelope.to_address)}",
        f"Subject: {header_words(envelope.subject)}",
        f"Date: {date_words(envelope.date)}",
        f"Message-ID: {header_words(envelope.message_ref)}",
    ]
    if envelope.reply_to:
        lines.append(f"Reply-To: <{envelope.reply_to}>")
    domain = envelope.from_address.rpartition("@")[2]
    lines += [f"{name}: {header_words(value)}" for name, value in letter_headers(envelope, domain).items()]
    return [
        *lines,
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{boundary}"',
    ]


def to_bytes(envelope: Envelope) -> bytes:
    """Return the whole message with CRLF line ends, not yet dot-stuffed.

    The boundary comes from the message's key and has `=_` in it, which quoted-printable never writes.
    """
    boundary = f"=_{envelope.key[:32]}"
    html = envelope.html or html_of(envelope.text, envelope.language)
    parts = "".join(
        f"--{boundary}\r\nContent-Type: text/{kind}; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: quoted-printable\r\n\r\n{_quoted(words)}\r\n"
        for kind, words in (("plain", envelope.text), ("html", html))
    )
    return ("\r\n".join(headers(envelope, boundary)) + f"\r\n\r\n{parts}--{boundary}--\r\n").encode("ascii")


def _quoted(words: str) -> str:
    text = words.replace("\r\n", "\n").replace("\r", "\n").encode()
    return b2a_qp(text, istext=True).decode("ascii").replace("\n", "\r\n")


@lru_cache(maxsize=64)
def _date(second: datetime) -> str:
    return format_datetime(second)


def date_words(moment: datetime) -> str:
    """Return the moment as a Date header writes it, to the second."""
    return _date(moment.replace(microsecond=0))
