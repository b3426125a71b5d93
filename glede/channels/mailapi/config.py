"""An account with a provider of e-mail, ready to use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

POSTMARK: Final = "postmark"
MAILGUN: Final = "mailgun"
DEADLINE_SECONDS: Final = 10.0
OUR_ID: Final = "glede"
"""The name under which our id of a message travels with it, and comes back."""

NEEDS: Final[Mapping[str, tuple[str, ...]]] = {POSTMARK: ("token", "hook"), MAILGUN: ("key", "hook")}
"""The secrets each provider needs. ``hook`` proves its calls: a password that we make, or Mailgun's signing key."""

ADDRESSES: Final[Mapping[tuple[str, str], str]] = {
    (POSTMARK, ""): "https://api.postmarkapp.com/",
    (MAILGUN, "eu"): "https://api.eu.mailgun.net/v3/",
    (MAILGUN, "us"): "https://api.mailgun.net/v3/",
}

LIST_LAG: Final[Mapping[str, timedelta]] = {POSTMARK: timedelta(minutes=15), MAILGUN: timedelta(minutes=30)}
"""How late each list may show what was taken. Mailgun says itself that younger events may still be missing."""


@dataclass(frozen=True, slots=True)
class MailConfig:
    """An account. ``called_at`` is our address for the provider's calls, "" where it cannot reach us."""

    provider: str
    secrets: Mapping[str, str] = field(repr=False)
    sender: str
    domain: str
    api: str
    called_at: str = ""
    deadline_seconds: float = DEADLINE_SECONDS
