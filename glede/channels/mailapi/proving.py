"""Whether a call is from the provider: over what came as it came. Pure."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from glede.channels.mailapi.config import POSTMARK
from glede.kernel.basic import basic_password

OLDEST: Final = timedelta(days=2)
"""Mailgun tries for eight hours; a signature that is older is somebody's copy."""


def is_proved(provider: str, secrets: Mapping[str, str], *, authorization: str, body: bytes, now: datetime) -> bool:
    """Return True where the call carries what only the provider knows. ``now`` is real time."""
    secret = secrets.get("hook", "")
    if not secret:
        return False
    if provider == POSTMARK:
        return hmac.compare_digest(basic_password(authorization).encode(), secret.encode())
    return _is_signed(secret, body, now)


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
