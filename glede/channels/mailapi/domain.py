"""What the DNS of a practice's sending domain must say, and whether what it says is that. Pure.

Sources: RFC 7208 (SPF: one record, or none holds), 6376 (DKIM: a key under its selector; an empty one is revoked), 7489
(DMARC: at the domain, else above it), and what Postmark and Mailgun publish of their own records.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from glede.channels.mailapi.config import MAILGUN, POSTMARK

Resolver = Callable[[str, str], Sequence[str]]
"""Returns what DNS says: of a kind (TXT, CNAME) and a name. Nothing where there is none; raises ``Unasked``."""

SPF_OF: Final[Mapping[str, str]] = {POSTMARK: "spf.mtasv.net", MAILGUN: "mailgun.org"}
RETURN_PATH: Final[Mapping[str, tuple[str, str]]] = {POSTMARK: ("pm-bounces", "pm.mtasv.net")}
"""Where mails that come back are led by a name of the practice's own. Mailgun uses the domain itself."""
SELECTOR = re.compile(r"[a-z0-9](?:[a-z0-9_.-]{0,61}[a-z0-9])?", re.IGNORECASE)


class Unasked(Exception):
    """DNS could not be asked; nothing is known of the domain."""


class Standing(StrEnum):
    """What became of one record. REVOKED: a key without a key; TWICE: two where one may stand, so none holds."""

    RIGHT = "right"
    MISSING = "missing"
    OTHER = "other"
    REVOKED = "revoked"
    TWICE = "twice"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True)
class Record:
    """A record to set. ``value`` is "" where only the provider can say it; ``must`` False: mail arrives without."""

    what: str
    kind: str
    name: str
    value: str
    must: bool = True


def records_for(provider: str, domain: str, selector: str, key: str) -> tuple[Record, ...]:
    """Return the records a domain needs, so that its mail is taken for its own. ``key`` is the DKIM record's value."""
    dkim = f"{selector}._domainkey.{domain}" if selector else ""
    found = [
        Record("dkim", "TXT", dkim, key),
        Record("spf", "TXT", domain, f"v=spf1 include:{SPF_OF[provider]} ~all", must=provider not in RETURN_PATH),
        Record("dmarc", "TXT", f"_dmarc.{domain}", "v=DMARC1; p=none"),
    ]
    if provider in RETURN_PATH:
        own, theirs = RETURN_PATH[provider]
        found.append(Record("return_path", "CNAME", f"{own}.{domain}", theirs))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands at a record: how that is to be read, what DNS said, and what to write there instead."""

    standing: Standing
    said: str = ""
    advice: str = ""


def look(records: Iterable[Record], resolve: Resolver) -> dict[str, Seen]:
    """Ask DNS for each record. Raises ``Unasked`` where it cannot be asked at all."""
    return {record.what: _LOOKS[record.what](record, resolve) for record in records}


def _spf(record: Record, resolve: Resolver) -> Seen:
    said = [text for text in resolve("TXT", record.name) if text.lower().split(" ")[0] == "v=spf1"]
    if not said:
        return Seen(Standing.MISSING)
    if len(said) > 1:
        return Seen(Standing.TWICE, " | ".join(said))
    wanted = record.value.split()[1]
    parts = said[0].split()
    if any(part.lower().lstrip("+") == wanted for part in parts):
        return Seen(Standing.RIGHT, said[0])
    return Seen(Standing.OTHER, said[0], " ".join([parts[0], wanted, *parts[1:]]))


def _dkim(record: Record, resolve: Resolver) -> Seen:
    if not record.name:
        return Seen(Standing.UNTOLD)
    said = [text for text in resolve("TXT", record.name) if "p" in _tags(text)]
    if not said:
        return Seen(Standing.MISSING)
    if len(said) > 1:
        return Seen(Standing.TWICE, " | ".join(said))
    key = _tags(said[0])["p"]
    if not key:
        return Seen(Standing.REVOKED, said[0])
    wanted = _tags(record.value).get("p", "") if record.value else key
    return Seen(Standing.RIGHT if key == wanted else Standing.OTHER, said[0])


def _dmarc(record: Record, resolve: Resolver) -> Seen:
    """Look at the domain, then above it: what holds there holds here."""
    above = record.name.removeprefix("_dmarc.").split(".")
    for n in range(max(1, len(above) - 1)):
        texts = resolve("TXT", "_dmarc." + ".".join(above[n:]))
        said = [text for text in texts if text.replace(" ", "").lower().startswith("v=dmarc1")]
        if len(said) > 1:
            return Seen(Standing.TWICE, " | ".join(said))
        if said:
            holds = _tags(said[0]).get("p", "").lower() in {"none", "quarantine", "reject"}
            return Seen(Standing.RIGHT if holds else Standing.OTHER, said[0])
    return Seen(Standing.MISSING)


def _return_path(record: Record, resolve: Resolver) -> Seen:
    said = [name.lower().rstrip(".") for name in resolve("CNAME", record.name)]
    if not said:
        return Seen(Standing.MISSING)
    return Seen(Standing.RIGHT if said == [record.value] else Standing.OTHER, said[0])


_LOOKS: Final[Mapping[str, Callable[[Record, Resolver], Seen]]] = {
    "spf": _spf, "dkim": _dkim, "dmarc": _dmarc, "return_path": _return_path,
}  # fmt: skip


def _tags(text: str) -> dict[str, str]:
    """Return the tags of a record (``v=DKIM1; k=rsa; p=…``), blanks within a value left out."""
    parts = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): "".join(value.split()) for name, _equals, value in parts if name.strip()}
