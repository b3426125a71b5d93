"""Whether a call to our address comes from the provider: X-Twilio-Signature. Pure.

base64(HMAC-SHA1(token, address + each name and value, sorted)), as Twilio documents it. The port of the address is
signed by some of the provider's senders and left out by others, so both ways count; nothing else is forgiven.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit, urlunsplit

from glede.kernel.failpoints import guard

_PORTS = {"https": 443, "http": 80}

Pairs = Iterable[tuple[str, str]]


def is_genuine(token: str, url: str, params: Pairs, signature: str, *, body: bytes | None = None) -> bool:
    """Return True where ``signature`` was made with ``token`` for this address and these fields.

    ``body`` is a JSON body, whose digest then stands in the address and which has no fields.
    """
    if not guard("signature"):
        return True
    if body is not None and not _is_digest(body, url):
        return False
    pairs = [] if body is not None else list(params)
    made = [sign(token, address, pairs) for address in _spellings(url)]
    alike = [hmac.compare_digest(one.encode(), signature.encode()) for one in made]
    return any(alike)


def sign(token: str, url: str, params: Pairs) -> str:
    """Return the signature of an address with its fields; a field that stands there twice counts once a value."""
    text = url + "".join(f"{name}{value}" for name, value in sorted(set(params)))
    return b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def _is_digest(body: bytes, url: str) -> bool:
    told = parse_qs(urlsplit(url).query).get("bodySHA256", [""])[0]
    return hmac.compare_digest(hashlib.sha256(body).hexdigest().encode(), told.encode())


def _spellings(url: str) -> list[str]:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    bare = (
        host if host.endswith("]") else host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
    )
    with_port = host if host != bare else f"{bare}:{_PORTS.get(parts.scheme, 443)}"
    return [url, *(urlunsplit(parts._replace(netloc=netloc)) for netloc in (bare, with_port))]
