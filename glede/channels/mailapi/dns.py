"""Ask the house's own name server what a domain says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings

from glede.channels.mailapi.domain import Resolver, Unasked

LIFETIME_SECONDS: Final = 4.0
"""So long may one question take, retries and all; a page waits for it."""


def resolver() -> Resolver:
    """Return what asks: the system's name server, or ``GLEDE_DNS`` (``address`` or ``address:port``)."""
    from dns.exception import DNSException
    from dns.resolver import NXDOMAIN, NoAnswer, NoResolverConfiguration
    from dns.resolver import Resolver as Asking

    try:
        asking = Asking(configure=not settings.GLEDE_DNS)
    except NoResolverConfiguration as error:
        raise Unasked("no name server") from error
    if settings.GLEDE_DNS:
        host, _colon, port = str(settings.GLEDE_DNS).partition(":")
        asking.nameservers, asking.port = [host], int(port or 53)

    def resolve(kind: str, name: str) -> Sequence[str]:
        try:
            found = asking.resolve(name, kind, lifetime=LIFETIME_SECONDS, search=False)
        except (NXDOMAIN, NoAnswer):
            return []
        except (DNSException, OSError, ValueError) as error:
            raise Unasked(type(error).__name__) from error
        return [_words(one) for one in found]

    return resolve


def _words(one: Any) -> str:
    """Return one answer in words; a text that is split for its length is one."""
    strings = getattr(one, "strings", None)
    return b"".join(strings).decode("ascii", "replace") if strings is not None else str(getattr(one, "target", one))
