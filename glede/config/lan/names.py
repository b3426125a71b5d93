"""What the machine is called on the practice's network, and under which addresses it stands there."""

import contextlib
import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass

_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
# An address of documentation (RFC 5737): asked for a way there, the system names the one we leave by. Nothing is sent.
_FAR = "192.0.2.1"
# Private networks (RFC 1918, RFC 4193), those without a plan (RFC 3927), and the machine itself.
PRIVATE = (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10",
    "::1/128",
)  # fmt: skip


class NoName(ValueError):
    """What was typed is neither the name of a machine nor an address."""


@dataclass(frozen=True)
class Names:
    """Names and addresses, the one to show first; ``typed`` are those that somebody chose."""

    hosts: tuple[str, ...]
    addresses: tuple[str, ...]
    typed: frozenset[str] = frozenset()

    @property
    def shown(self) -> str:
        """The one to tell people: the first chosen, else a name that other machines find, else an address."""
        dotted = (name for name in self.hosts if "." in name or name in self.typed)
        return next(dotted, next(iter(self.addresses), "localhost"))

    @property
    def every(self) -> tuple[str, ...]:
        """Everything a browser may call this machine by, the one to show first, addresses as in a URL."""
        urls = [f"[{one}]" if ":" in one else one for one in self.addresses]
        known = [*self.hosts, *urls, "localhost", "127.0.0.1", "[::1]"]
        return tuple(dict.fromkeys([f"[{self.shown}]" if ":" in self.shown else self.shown, *known]))


def names(typed: Iterable[str] = (), *, machine: str = "", found: Iterable[str] | None = None) -> Names:
    """Return the names of this machine: those typed, then its own, its name on the local network, its addresses.

    Raises ``NoName`` for a typed one that is neither a name nor an address.
    """
    hosts: list[str] = []
    addresses: list[str] = []
    chosen = [_fit(one) for one in typed]
    for one in chosen:
        (addresses if is_address(one) else hosts).append(one)
    if not chosen:
        hosts += _own(machine or socket.gethostname())
    addresses += own_addresses() if found is None else list(found)
    return Names(tuple(dict.fromkeys(hosts)), tuple(dict.fromkeys(addresses)), frozenset(chosen))


def own_addresses() -> list[str]:
    """Return the private addresses (IPv4) under which others on the network may find this machine."""
    seen: list[str] = []
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.connect((_FAR, 9))
        seen.append(str(asking.getsockname()[0]))
    with contextlib.suppress(OSError):
        seen += [str(facts[4][0]) for facts in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    return [one for one in dict.fromkeys(seen) if is_in(one, PRIVATE) and not ipaddress.ip_address(one).is_loopback]


def is_neighbour(address: str) -> bool:
    """Return True for an address of a private network, or of this machine itself."""
    try:
        there = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    known = getattr(there, "ipv4_mapped", None) or there
    return bool(known.is_private or known.is_loopback or known.is_link_local)


def _own(machine: str) -> list[str]:
    name = machine.lower().rstrip(".")
    short = name.partition(".")[0]
    if not _LABEL.fullmatch(short) or short == "localhost":
        return []
    return [f"{short}.local", short, *([name] if "." in name and all(map(_LABEL.fullmatch, name.split("."))) else [])]


def _fit(typed: str) -> str:
    name = typed.strip().lower().rstrip(".")
    if is_address(name) or (name and all(map(_LABEL.fullmatch, name.split(".")))):
        return name
    raise NoName(typed)


def is_address(text: str) -> bool:
    """Return True for an address of a machine, IPv4 or IPv6."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_in(address: str, networks: Iterable[str]) -> bool:
    """Return True where ``address`` lies in one of ``networks``, written as 10.0.0.0/8."""
    there = ipaddress.ip_address(address)
    return any(there in ipaddress.ip_network(one) for one in networks)
