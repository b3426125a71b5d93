"""Each person's own key, wrapped by the master key that lives outside the database."""

import hashlib
import hmac
import secrets
from uuid import UUID

from django.conf import settings

from glede.practices.sealing import seal, unseal

KEY_BYTES = 32


def new_key() -> tuple[bytes, bytes]:
    """Return a new random key and the same key wrapped, as it is stored."""
    key = secrets.token_bytes(KEY_BYTES)
    return key, seal(key)


def unwrap(wrapped: bytes | memoryview) -> bytes:
    """Return the key that ``wrapped`` holds. Raises ``InvalidToken`` under another master key."""
    return unseal(wrapped)


def pepper(practice_id: UUID) -> bytes:
    """Return the practice's salt for hashes that outlive an erasure."""
    return hmac.new(settings.GLEDE_MASTER_KEY.encode(), b"suppression" + practice_id.bytes, hashlib.sha256).digest()
