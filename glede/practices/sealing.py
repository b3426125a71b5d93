"""Secrets at rest: sealed with the master key, which lives outside the database."""

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

__all__ = ["InvalidToken", "seal", "unseal"]


@lru_cache(maxsize=4)
def _wrapper(master: str) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in master.split(",")])


def seal(secret: bytes) -> bytes:
    """Return ``secret`` as it is stored."""
    return _wrapper(settings.GLEDE_MASTER_KEY).encrypt(secret)


def unseal(sealed: bytes | memoryview) -> bytes:
    """Return the secret that ``sealed`` holds. Raises ``InvalidToken`` under another master key."""
    return _wrapper(settings.GLEDE_MASTER_KEY).decrypt(bytes(sealed))
