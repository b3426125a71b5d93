"""Whether a call is from the provider: over what came as it came. Pure."""

from __future__ import annotations

import binascii
import hmac
import json
from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from glede.channels.mailapi.config import POSTMARK

OLDEST: Final = timedelta(days=2)
"""Mailgun tries for eight hours; a signature that is older is somebody's copy."""


def is_proved(provider: str, secrets: Mapping[str, str], *, authorization: str, body: bytes, now: datetime) -> bool:
    """Return True where the call carries what only the provider knows. ``now`` is real time."""
    secret = secrets.get("hook", "")
    if not secret:
        return False
    if provider == POSTMARK:
        return hmac.compare_digest(_password(authorization).encode(), secret.encode())
    return _is_signed(secret, body, now)


def _password(authorization: str) -> str:
    kind, _, told = authorization.partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        return b64decode(told, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


def _is_signed(secret: str, body: bytes, now: datetime) -> bool:
    try:
        signed = json.loads(body)["signature"]
        timestamp, token, signature = (str(signed[name]) for name in ("timestamp", "token", "signature"))
        age = now.timestamp() - float(timestamp)
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    made = hmac.new(secret.encode(), f"{timestamp}{token}".encode(), sha256).hexdigest()
    return hmac.compare_digest(signature.encode(), made.encode()) and abs(age) <= OLDEST.total_seconds()


def called_as(provider: str, body: bytes) -> str:
    """Return by what this call is the same call again: Mailgun's token, else all of it."""
    if provider != POSTMARK:
        token = json.loads(body)["signature"]["token"]
        return sha256(f"token:{token}".encode()).hexdigest()
    return sha256(body).hexdigest()
