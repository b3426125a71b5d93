"""Which addresses that somebody typed are asked: https, and never a machine of the house's own network. Pure; the
name's look-up is made by who asks.
"""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
LENGTH_MOST = 2000


class BadAddress(ValueError):
    """The address is none that is asked. The argument is a code: ``address``, ``not_https``, ``inside``."""


@dataclass(frozen=True, slots=True)
class Place:
    """An address taken apart."""

    url: str
    scheme: str
    host: str
    port: int

    @property
    def is_here(self) -> bool:
        """Whether it names this machine itself."""
        return self.host in LOOPBACK


def checked(address: str) -> Place:
    """Return the address taken apart; ``webcal`` is read as https. Raises ``BadAddress``."""
    url = address.strip()
    for word in ("webcals://", "webcal://"):
        if url.lower().startswith(word):
            url = "https://" + url[len(word) :]
    if len(url) > LENGTH_MOST or any(letter.isspace() or not letter.isprintable() for letter in url):
        raise BadAddress("address")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise BadAddress("address") from error
    if not host or parts.scheme not in {"http", "https"} or parts.username or parts.password:
        raise BadAddress("address")
    place = Place(url, parts.scheme, host, port or (443 if parts.scheme == "https" else 80))
    if place.scheme == "http" and not place.is_here:
        raise BadAddress("not_https")
    return place


def may_be_asked(number: str, *, is_here: bool) -> bool:
    """Say whether a machine of this number may be asked: one of the open net, or this one where it was named."""
    found = ip_address(number.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    found = mapped or found
    if is_here:
        return found.is_loopback
    return found.is_global and not (found.is_multicast or found.is_reserved)
