"""The token of an address from which a patient's calendar follows one visit: it shows, and can do nothing.

Whoever reads a shared calendar's settings must not hold the visit's link. So the token is another secret, bound to the
link: revoked, or given anew, when the link is.
"""

import hashlib
import hmac
from base64 import b32decode, b32encode
from binascii import Error
from typing import Final
from uuid import UUID

from django.conf import settings

_MAC_BYTES: Final = 16
_BODY_BYTES: Final = 32


def follow_token(practice_id: UUID, appointment_id: UUID, link_code: str) -> str:
    """Return the token, in small letters and digits; 128 bits of it are a mark nobody else can make."""
    body = practice_id.bytes + appointment_id.bytes
    return b32encode(body + _mac(body, link_code)).decode().rstrip("=").lower()


def read_follow_token(token: str) -> tuple[UUID, UUID] | None:
    """Return which visit of which practice a token names, not yet proved; None where it is no token."""
    text = token.strip().upper()
    try:
        raw = b32decode(text + "=" * (-len(text) % 8))
    except (Error, ValueError):
        return None
    if len(raw) != _BODY_BYTES + _MAC_BYTES:
        return None
    return UUID(bytes=raw[:16]), UUID(bytes=raw[16:_BODY_BYTES])


def is_followed(token: str, practice_id: UUID, appointment_id: UUID, link_code: str) -> bool:
    """Say whether a token was made for this visit and for the link it has now."""
    return hmac.compare_digest(token.strip().lower(), follow_token(practice_id, appointment_id, link_code))


def _mac(body: bytes, link_code: str) -> bytes:
    return hmac.new(settings.GLEDE_LINK_KEY, b"follow" + body + link_code.encode(), hashlib.sha256).digest()[
        :_MAC_BYTES
    ]
