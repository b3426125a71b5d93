"""Addresses that the provider itself writes to no more: its own lists of them, as what each means here.

Postmark: ``message-streams/outbound/suppressions/dump``. Mailgun: ``bounces``, ``complaints``, ``unsubscribes`` of the
domain, page by page. Both as their references published them in 2026.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from glede.channels.mailapi.config import POSTMARK, MailConfig
from glede.channels.mailapi.sweeping import Told, Unlisted, ask
from glede.kernel.contact import email_key

if TYPE_CHECKING:
    from glede.channels.mailapi.line import Line

PAGES: Final = 200
PAGE: Final = 1000


class Why(StrEnum):
    """Why nothing more is sent to an address."""

    GONE = "gone"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"


@dataclass(frozen=True, slots=True)
class Suppressed:
    """One address on a list, in normal form. The three together make it the same entry, however often it is read."""

    address: str
    why: Why
    since: str


_POSTMARKS: Final[Mapping[str, Why]] = {
    "HardBounce": Why.GONE, "SpamComplaint": Why.COMPLAINED, "ManualSuppression": Why.UNSUBSCRIBED,
}  # fmt: skip
_MAILGUNS: Final[Mapping[str, Why]] = {
    "bounces": Why.GONE, "complaints": Why.COMPLAINED, "unsubscribes": Why.UNSUBSCRIBED,
}  # fmt: skip


def pages(line: Line, config: MailConfig) -> Iterator[list[Suppressed]]:
    """Yield the lists, page by page. Raises ``Unlisted`` where they are not shown whole."""
    if config.provider == POSTMARK:
        told = ask(line, config, "message-streams/outbound/suppressions/dump", {})
        yield [found for one in _some(told, "Suppressions") if (found := read_postmark(one))]
        return
    for word, why in _MAILGUNS.items():
        yield from _mailgun(line, config, word, why)


def _mailgun(line: Line, config: MailConfig, word: str, why: Why) -> Iterator[list[Suppressed]]:
    path, query = f"{quote(config.domain, safe='')}/{word}", {"limit": str(PAGE)}
    for _ in range(PAGES):
        told = ask(line, config, path, query)
        some = _some(told, "items")
        if not some:
            return
        yield [found for one in some if (found := read_mailgun(one, why))]
        paging = told.get("paging")
        following = str(paging.get("next", "")) if isinstance(paging, Mapping) else ""
        if not following.startswith(config.api):
            raise Unlisted("the list leads elsewhere")  # the key goes nowhere but to the provider
        path, query = following.removeprefix(config.api), {}
    raise Unlisted("the list does not end")


def _some(told: Told, key: str) -> list[Mapping[str, Any]]:
    some = told.get(key)
    if not isinstance(some, list):
        raise Unlisted(f"no {key} in its list")
    return [one for one in some if isinstance(one, Mapping)]


def read_postmark(one: Mapping[str, Any]) -> Suppressed | None:
    """Return what an entry of Postmark's dump means; None for one that nobody understands."""
    why = _POSTMARKS.get(str(one.get("SuppressionReason")))
    return _entry(one.get("EmailAddress"), why, one.get("CreatedAt")) if why else None


def read_mailgun(one: Mapping[str, Any], why: Why) -> Suppressed | None:
    """Return what an entry of one of Mailgun's lists means; None for one without an address."""
    return _entry(one.get("address"), why, one.get("created_at"))


def _entry(address: Any, why: Why, since: Any) -> Suppressed | None:
    key = email_key(str(address or ""))
    return Suppressed(key, why, str(since or "")) if key else None
