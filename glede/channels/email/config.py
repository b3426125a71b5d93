"""Which mail server, from one address: ``smtp://user:password@host:587/?tls=starttls&from=post@example.org``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

from glede.kernel.contact import email_key

DEADLINE_SECONDS = 10.0
TLS = ("starttls", "tls", "no")
_PORTS = {"starttls": 587, "tls": 465, "no": 25}
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class BadAddress(ValueError):
    """The address of the mail server cannot be used; the message says what to write."""


@dataclass(frozen=True, slots=True)
class SmtpConfig:
    """A mail server. `sender` is the address that mail comes from where it is not the practice's own."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    tls: str = "starttls"
    sender: str = ""
    deadline_seconds: float = DEADLINE_SECONDS

    def __repr__(self) -> str:
        return f"SmtpConfig({self.host}:{self.port}, tls={self.tls})"


@lru_cache(maxsize=64)
def read_config(url: str) -> SmtpConfig | None:
    """Return the mail server that `url` names, or None where it is blank. Raises `BadAddress`.

    TLS is the default; "no" is for loopback or where no password travels.
    """
    if not url.strip():
        return None
    parts = urlsplit(url.strip())
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise BadAddress("Write smtp://user:password@host:587/?tls=starttls")
    query = dict(parse_qsl(parts.query))
    default = "tls" if parts.scheme == "smtps" else "no" if parts.hostname in _LOOPBACK else "starttls"
    tls = query.get("tls", default)
    if tls not in TLS:
        raise BadAddress("tls is starttls, tls or no")
    if tls == "no" and parts.password and parts.hostname not in _LOOPBACK:
        raise BadAddress("A password never travels in the clear: use tls=starttls or tls=tls")
    sender = query.get("from", "")
    if sender and email_key(sender) is None:
        raise BadAddress("from is one e-mail address")
    return SmtpConfig(
        host=parts.hostname,
        port=parts.port or _PORTS[tls],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=tls,
        sender=sender,
        deadline_seconds=min(float(query.get("timeout", DEADLINE_SECONDS)), 25.0),
    )
