"""The password of a call that proves itself by RFC 7617."""

import binascii
from base64 import b64decode


def basic_password(authorization: str) -> str:
    """Return the password in an ``Authorization`` header of HTTP, "" where it holds none that can be read."""
    kind, _, told = authorization.partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        return b64decode(told, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""
