"""The fingerprint of a certificate, as a person compares it: on two screens, or by phone."""

import base64
import hashlib
import re

_PEM = re.compile(r"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", re.DOTALL)


def fingerprint(pem: str) -> str:
    """Return SHA-256 over the first certificate in ``pem`` in eight groups of eight signs. Raises ``ValueError``."""
    found = _PEM.search(pem)
    if found is None:
        raise ValueError("no certificate")
    digest = hashlib.sha256(base64.b64decode(found[1])).hexdigest().upper()
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))
