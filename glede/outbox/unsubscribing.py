"""The token behind List-Unsubscribe: opaque, without a person in it, checked without the database."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b32decode, b32encode
from binascii import Error
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from glede.practices.models import Practice
from glede.practices.queries import public_base

_MAC_BYTES = 10
_LENGTH = 32 + _MAC_BYTES


@dataclass(frozen=True, slots=True)
class Unsubscription:
    """Which message of which practice a token was printed in."""

    practice_id: UUID
    message_id: UUID


def unsubscribe_token(practice_id: UUID, message_id: UUID) -> str:
    """Return the token of a message, in small letters and digits."""
    body = practice_id.bytes + message_id.bytes
    return b32encode(body + _mac(body)).decode().rstrip("=").lower()


def read_unsubscribe_token(token: str) -> Unsubscription | None:
    """Return what a token names, or None where it was not made here."""
    text = token.strip().upper()
    try:
        raw = b32decode(text + "=" * (-len(text) % 8))
    except (Error, ValueError):
        return None
    body, mac = raw[:32], raw[32:]
    if len(raw) != _LENGTH or not hmac.compare_digest(mac, _mac(body)):
        return None
    return Unsubscription(UUID(bytes=body[:16]), UUID(bytes=body[16:]))


def unsubscribe_url(practice: Practice, message_id: UUID) -> str:
    """Return the address of the page and the one-click post, "" where the practice has no public address."""
    base = public_base(practice)
    return f"{base}/u/{unsubscribe_token(practice.pk, message_id)}/" if base else ""


def _mac(body: bytes) -> bytes:
    return hmac.new(settings.GLEDE_LINK_KEY, b"unsubscribe" + body, hashlib.sha256).digest()[:_MAC_BYTES]
