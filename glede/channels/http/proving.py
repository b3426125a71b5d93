"""Whether a call to our address comes from the provider, by what its description says it proves. Pure."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Mapping

from glede.channels.http.description import Proof, Secured
from glede.kernel.basic import basic_password
from glede.kernel.failpoints import guard


def is_proved(
    secured: Secured, secret: str, *, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
) -> bool:
    """Return True where a call knows ``secret``, as the description says. A blank secret proves nothing."""
    if not guard("signature"):
        return True
    if not secret:
        return False
    if secured.by is Proof.QUERY:
        return _is_same(query.get(secured.name, ""), secret)
    if secured.by is Proof.BASIC:
        return _is_same(basic_password(headers.get("Authorization", "")), secret)
    told = headers.get(secured.name, "")
    if secured.by is Proof.HEADER:
        return _is_same(told, secured.prefix + secret)
    return _is_same(told, secured.prefix + signed(secured, secret, body))


def signed(secured: Secured, secret: str, body: bytes) -> str:
    """Return the digest of a body, as its provider writes it."""
    made = hmac.new(secret.encode(), body, getattr(hashlib, secured.digest)).digest()
    return made.hex() if secured.written == "hex" else b64encode(made).decode()


def _is_same(told: str, known: str) -> bool:
    return hmac.compare_digest(told.encode(), known.encode())
